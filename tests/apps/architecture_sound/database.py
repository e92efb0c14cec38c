from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel, create_engine

engine = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)
SessionLocal = sessionmaker(bind=engine, class_=Session)


def get_session():
    with Session(engine) as session:
        yield session


def get_reading_session():
    session = SessionLocal()
    try:
        yield session
    finally:
        session.close()


def create_tables() -> None:
    SQLModel.metadata.create_all(engine)
