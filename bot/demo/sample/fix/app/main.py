from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.api.router import api_router
from app.core.config import settings
from app.core.middleware import MaintenanceMiddleware, RequestSizeMiddleware

app = FastAPI(title="Notebook")
app.include_router(api_router)

app.add_middleware(MaintenanceMiddleware, enabled=settings.maintenance)
app.add_middleware(RequestSizeMiddleware, largest=settings.largest_request)
app.add_middleware(
    CORSMiddleware,
    allow_origins=settings.allowed_origins,
    allow_credentials=True,
    allow_methods=["GET", "POST", "PATCH", "DELETE"],
    allow_headers=["Authorization", "Content-Type"],
)
