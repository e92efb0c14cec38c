import time

from fastapi import HTTPException
from fastapi.concurrency import run_in_threadpool
from models import Author, AuthorCreate, Book, BookCreate
from settings import settings
from sqlalchemy.orm import selectinload
from sqlmodel import Session, select


def create_author(session: Session, body: AuthorCreate) -> Author:
    if session.exec(select(Author).where(Author.name == body.name)).first() is not None:
        raise HTTPException(409, "This author exists.")
    author = Author.model_validate(body)
    session.add(author)
    session.commit()
    session.refresh(author)
    return author


def create_book(session: Session, body: BookCreate) -> Book:
    book = Book.model_validate(body)
    session.add(book)
    session.commit()
    session.refresh(book)
    return book


def take(session: Session, key: int, count: int) -> int:
    statement = select(Book).where(Book.id == key).with_for_update()
    book = session.exec(statement).first()
    if book is None or book.stock < count:
        raise HTTPException(409, "There are too few.")
    book.stock -= count
    session.commit()
    return book.stock


def titles(session: Session) -> list[str]:
    statement = select(Book).options(selectinload(Book.author)).limit(settings.page_size)
    return [f"{book.title} by {book.author.name}" for book in session.exec(statement).all()]


def press() -> str:
    time.sleep(0.01)
    return "pressed"


async def print_catalog() -> str:
    return await run_in_threadpool(press)


def shop() -> str:
    return settings.shop_name
