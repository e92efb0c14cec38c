from fastapi import APIRouter

from app.api.routes import contacts, users

api_router = APIRouter()
api_router.include_router(users.router)
api_router.include_router(contacts.router)
