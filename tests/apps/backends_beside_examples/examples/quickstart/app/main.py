from fastapi import FastAPI
from sqlmodel import Field, SQLModel

app = FastAPI()


class Hero(SQLModel, table=True):
    id: int = Field(primary_key=True)


@app.get("/heroes")
def heroes() -> list[Hero]:
    return []
