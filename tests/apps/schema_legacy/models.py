import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Numeric,
    SmallInteger,
    String,
    Text,
    Unicode,
    func,
)
from sqlalchemy.orm import as_declarative, backref, declarative_base, declared_attr, registry, relationship


class CustomBase:
    id = Column(Integer, primary_key=True, index=True)

    @declared_attr
    def __tablename__(cls):
        return cls.__name__.lower()


Base = declarative_base(cls=CustomBase)
Plain = declarative_base(metadata=MetaData(schema="old"))
mapper_registry = registry()


@as_declarative()
class Root:
    __abstract__ = False

    @declared_attr
    def __tablename__(cls):
        return f"root_{cls.__name__.lower()}"


class Timestamped:
    created = Column(DateTime(timezone=True), default=datetime.datetime.now, server_default=func.now(), nullable=False)
    updated = Column(DateTime)


class Author(Timestamped, Base):
    name = Column(String(60), unique=True, nullable=False)
    age = Column(SmallInteger, CheckConstraint("age > 0"))
    books = relationship("Book", back_populates="author")


class Book(Base):
    __tablename__ = "books"

    title = Column("book_title", Unicode(200), index=True)
    price = Column(Numeric(8, 2), default=0)
    weight = Column(Float, nullable=False)
    author_id = Column(ForeignKey("author.id", ondelete="SET NULL"), nullable=True, index=True)
    author = relationship("Author", back_populates="books")
    editions = relationship("Edition", backref=backref("book"))


class Edition(Base):
    book_id = Column(Integer, ForeignKey(Book.id), nullable=False)
    number = Column(BigInteger, unique=True, index=True)
    hidden = Column(Boolean, default=False)


class Archive(Plain):
    __tablename__ = "archive"
    a = Column(Integer, primary_key=True, autoincrement=False)
    b = Column(String, primary_key=True)
    text = Column(Text)


class Entry(Plain):
    __tablename__ = "entry"
    __table_args__ = (ForeignKeyConstraint(["a", "b"], ["old.archive.a", "old.archive.b"], ondelete="CASCADE"),)
    id = Column(Integer, primary_key=True)
    a = Column(Integer)
    b = Column(String)


class Leaf(Root):
    id = Column(Integer, primary_key=True)
    value = Column(String(3))


@mapper_registry.mapped
class Mapped:
    __tablename__ = "mapped"
    id = Column(Integer, primary_key=True)
    name = Column(String, nullable=False)
