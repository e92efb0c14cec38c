from app.main import app
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class Probe(SQLModel, table=True):
    id: int = Field(primary_key=True)


def build_app() -> FastAPI:
    built = FastAPI()
    built.mount("/real", app)
    return built


@app.get("/only-in-tests")
def only_in_tests(): ...
