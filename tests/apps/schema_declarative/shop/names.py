import re

from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

WORD = re.compile(r"[A-Z][a-z0-9]*")


def snake(name: str) -> str:
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name).lstrip("_")


class Named(DeclarativeBase):
    __abstract__ = True

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return "_".join(part.lower() for part in re.split("(?=[A-Z])", cls.__name__) if part)


class TwoWords(Named):
    id: Mapped[int] = mapped_column(primary_key=True)


class ThreeShortWords(Named):
    __tablename__ = snake("ThreeShortWords")
    id: Mapped[int] = mapped_column(primary_key=True)


class FoundWords(Named):
    __tablename__ = "-".join(WORD.findall("FoundWords"))
    id: Mapped[int] = mapped_column(primary_key=True)
    ratio: Mapped[float]
