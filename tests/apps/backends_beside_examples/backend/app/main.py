from app.models import Note
from fastapi import FastAPI

app = FastAPI()


@app.get("/notes")
def notes() -> list[Note]:
    return []
