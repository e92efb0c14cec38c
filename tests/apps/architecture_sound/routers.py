from typing import Annotated

import services
from database import get_reading_session, get_session
from fastapi import APIRouter, Depends
from models import Author, AuthorCreate, Book, BookCreate
from sqlmodel import Session

authors = APIRouter(prefix="/authors")
books = APIRouter(prefix="/books")
SessionDep = Annotated[Session, Depends(get_session)]
ReadingDep = Annotated[Session, Depends(get_reading_session)]


@authors.post("/", status_code=201)
def create_author(body: AuthorCreate, session: SessionDep) -> Author:
    return services.create_author(session, body)


@authors.delete("/{key}", status_code=204)
def delete_author(key: int, session: SessionDep) -> None:
    session.delete(session.get_one(Author, key))
    session.commit()


@books.get("/")
def read_books(session: ReadingDep) -> list[str]:
    return services.titles(session)


@books.get("/{key}")
def read_book(key: int, session: ReadingDep) -> Book:
    return session.get_one(Book, key)


@books.post("/", status_code=201)
def create_book(body: BookCreate, session: SessionDep) -> Book:
    return services.create_book(session, body)


@books.post("/{key}/take")
def take_book(key: int, count: int, session: SessionDep) -> int:
    return services.take(session, key, count)


@books.post("/catalog")
async def print_catalog() -> str:
    return await services.print_catalog()
