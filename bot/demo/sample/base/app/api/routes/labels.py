from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, status

from app.api.deps import SessionDep
from app.models.label import Label, LabelCreate, LabelPublic
from app.services import labels

router = APIRouter()


@router.get("/", response_model=list[LabelPublic])
def read_labels(
    session: SessionDep, limit: Annotated[int, Query(ge=1, le=200)] = 100
) -> list[Label]:
    return labels.find_all(session, limit)


@router.post("/", response_model=LabelPublic, status_code=status.HTTP_201_CREATED)
def create_label(session: SessionDep, given: LabelCreate) -> Label:
    if labels.find_by_name(session, given.name) is not None:
        raise HTTPException(status.HTTP_409_CONFLICT, detail="This label is already there")
    return labels.create(session, given)
