from sqlmodel import Session, select

from app.models.label import Label, LabelCreate


def find_all(session: Session, limit: int) -> list[Label]:
    return list(session.exec(select(Label).order_by(Label.name).limit(limit)).all())


def find_by_name(session: Session, name: str) -> Label | None:
    return session.exec(select(Label).where(Label.name == name)).first()


def create(session: Session, given: LabelCreate) -> Label:
    label = Label(name=given.name)
    session.add(label)
    session.commit()
    session.refresh(label)
    return label
