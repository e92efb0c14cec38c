from sqlalchemy import text
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("sqlite://")
ORDERS = {"newest": "created DESC", "title": "title"}


class Person(SQLModel, table=True):
    __tablename__ = "documents_person"

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True)
    salt: bytes
    digest: bytes


class Revoked(SQLModel, table=True):
    __tablename__ = "documents_revoked"

    jti: str = Field(primary_key=True)


class Store:
    def __init__(self, session: Session) -> None:
        self.session = session

    def person(self, email: str) -> Person | None:
        return self.session.exec(select(Person).where(Person.email == email)).first()

    def is_revoked(self, jti: str) -> bool:
        return self.session.get(Revoked, jti) is not None

    def revoke(self, jti: str) -> None:
        self.session.add(Revoked(jti=jti))
        self.session.commit()

    def titles(self, word: str, order: str) -> list[str]:
        statement = text(f"SELECT title FROM document WHERE title LIKE :word ORDER BY {ORDERS[order]}")
        return [row[0] for row in self.session.execute(statement.bindparams(word=word))]

    def tagged(self, tag: str) -> list[str]:
        statement = text("SELECT title FROM tag WHERE name = :tag")
        return [row[0] for row in self.session.execute(statement, {"tag": tag})]


def store():
    with Session(engine) as session:
        yield Store(session)
