import uuid

from sqlmodel import Session, select

from app.models.project import Project, ProjectCreate


def find_all(session: Session, owner_id: uuid.UUID, limit: int) -> list[Project]:
    statement = select(Project).where(Project.owner_id == owner_id).order_by(Project.name).limit(limit)
    return list(session.exec(statement).all())


def find(session: Session, owner_id: uuid.UUID, project_id: uuid.UUID) -> Project | None:
    statement = select(Project).where(Project.id == project_id, Project.owner_id == owner_id)
    return session.exec(statement).first()


def create(session: Session, owner_id: uuid.UUID, given: ProjectCreate) -> Project:
    project = Project.model_validate(given, update={"owner_id": owner_id})
    session.add(project)
    session.commit()
    session.refresh(project)
    return project
