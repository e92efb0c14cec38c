from __future__ import annotations

import os

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, sessionmaker

engine = sa.create_engine(os.environ.get("DATABASE_URL", "sqlite:///./files.db"))
new_session = sessionmaker(engine)


class Base(DeclarativeBase):
    pass


class SoftDelete:
    is_deleted: Mapped[bool] = mapped_column(default=False)


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    session_secret: Mapped[str] = mapped_column(default="")
    is_superuser: Mapped[bool] = mapped_column(default=False)
    quota: Mapped[int] = mapped_column(default=100)


class Folder(SoftDelete, Base):
    __tablename__ = "folders"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)

    files: Mapped[list[File]] = relationship(back_populates="folder")


class File(SoftDelete, Base):
    __tablename__ = "files"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    size: Mapped[int] = mapped_column(default=0)
    folder_id: Mapped[int] = mapped_column(sa.ForeignKey("folders.id"), index=True)

    folder: Mapped[Folder] = relationship(back_populates="files")


class Bookmark(Base):
    __tablename__ = "bookmarks"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("files.id"), index=True)


def database_session():
    session: Session = new_session()
    try:
        yield session
        session.commit()
    finally:
        session.close()
