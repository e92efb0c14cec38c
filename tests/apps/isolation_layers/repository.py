from typing import Any, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

Model = TypeVar("Model")


class Repository(Generic[Model]):
    """What every table can do; nothing here knows an owner."""

    model: type[Model]

    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, key: int) -> Model | None:
        return self.session.execute(select(self.model).where(self.model.id == key)).scalar_one_or_none()

    def all(self, **criteria: Any) -> list[Model]:
        return list(self.session.query(self.model).filter_by(**criteria).all())

    def remove(self, row: Model) -> None:
        self.session.delete(row)
        self.session.commit()
