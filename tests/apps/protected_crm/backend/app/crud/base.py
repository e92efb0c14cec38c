from typing import Any, Generic, TypeVar

from sqlmodel import Session, SQLModel, func, select

ModelType = TypeVar("ModelType", bound=SQLModel)


class CRUDBase(Generic[ModelType]):
    def __init__(self, model: type[ModelType]) -> None:
        self.model = model

    def get(self, session: Session, id: int) -> ModelType | None:
        return session.get(self.model, id)

    def get_multi(self, session: Session, *, skip: int = 0, limit: int = 100) -> list[ModelType]:
        return list(session.exec(select(self.model).offset(skip).limit(limit)).all())

    def get_multi_by_owner(
        self, session: Session, *, owner_id: int, skip: int = 0, limit: int = 100
    ) -> list[ModelType]:
        statement = select(self.model).where(self.model.owner_id == owner_id).offset(skip).limit(limit)
        return list(session.exec(statement).all())

    def count_by_owner(self, session: Session, *, owner_id: int) -> int:
        statement = select(func.count()).select_from(self.model).where(self.model.owner_id == owner_id)
        return session.exec(statement).one()

    def create_with_owner(self, session: Session, *, obj_in: SQLModel, owner_id: int, **extra: Any) -> ModelType:
        db_obj = self.model.model_validate(obj_in, update={"owner_id": owner_id, **extra})
        session.add(db_obj)
        session.commit()
        session.refresh(db_obj)
        return db_obj

    def update(self, session: Session, *, db_obj: ModelType, obj_in: SQLModel) -> ModelType:
        db_obj.sqlmodel_update(obj_in.model_dump(exclude_unset=True))
        session.add(db_obj)
        session.commit()
        session.refresh(db_obj)
        return db_obj

    def remove(self, session: Session, *, db_obj: ModelType) -> None:
        session.delete(db_obj)
        session.commit()
