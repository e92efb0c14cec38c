from fastapi import APIRouter, Depends

from app.api.deps import get_current_user
from app.api.routes import health, labels, login, notes, projects, users

api_router = APIRouter(prefix="/api/v1")
api_router.include_router(health.router, tags=["health"])
api_router.include_router(login.router, prefix="/login", tags=["login"])
api_router.include_router(users.router, prefix="/users", tags=["users"])
api_router.include_router(projects.router, prefix="/projects", tags=["projects"])
api_router.include_router(notes.router, prefix="/notes", tags=["notes"])
api_router.include_router(
    labels.router, prefix="/labels", tags=["labels"], dependencies=[Depends(get_current_user)]
)
