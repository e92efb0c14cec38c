import uuid
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, status

from app.api.deps import CurrentUser, SessionDep
from app.models.project import Project, ProjectCreate, ProjectPublic
from app.services import projects

router = APIRouter()


@router.get("/", response_model=list[ProjectPublic])
def read_projects(
    session: SessionDep, current_user: CurrentUser, limit: Annotated[int, Query(ge=1, le=100)] = 50
) -> list[Project]:
    return projects.find_all(session, current_user.id, limit)


@router.post("/", response_model=ProjectPublic, status_code=status.HTTP_201_CREATED)
def create_project(session: SessionDep, current_user: CurrentUser, given: ProjectCreate) -> Project:
    return projects.create(session, current_user.id, given)


@router.get("/search", response_model=list[ProjectPublic])
def search_projects(
    session: SessionDep, current_user: CurrentUser, text: Annotated[str, Query(max_length=100)]
) -> list[Project]:
    return projects.search(session, current_user.id, text, limit=50)


@router.get("/{project_id}", response_model=ProjectPublic)
def read_project(session: SessionDep, current_user: CurrentUser, project_id: uuid.UUID) -> Project:
    project = projects.find(session, current_user.id, project_id)
    if project is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, detail="Project not found")
    return project
