import os

from sqlmodel import Session, create_engine

engine = create_engine(os.environ.get("DATABASE_URL", "sqlite:///./teams.db"))


def open_session():
    with Session(engine) as session:
        yield session
