"""The application that answers while there is no App: the set-up page, and no deliveries yet."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

from fastapi import APIRouter, FastAPI, HTTPException, status
from pydantic import BaseModel
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp

from bot.registration import WEBHOOK_PATH
from bot.settings import Settings
from bot.setup import pages
from bot.setup.door import Door
from bot.setup.limit import RequestLimit
from bot.setup.office import Office, PageRefused, show_refusal
from bot.web.headers import SecureHeaders

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"]


@router.get("/")
async def lead_to_setup() -> RedirectResponse:
    """There is nothing else here."""
    return RedirectResponse("/setup", status_code=303)


@router.get("/healthz")
async def read_health() -> Health:
    """Say that the process answers."""
    return Health(status="ok")


@router.get("/readyz", responses={503: {"description": "There is no App yet."}})
async def read_readiness() -> Health:
    """Say that deliveries cannot be taken yet."""
    raise HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE, "The App is not set up yet.")


@router.post(WEBHOOK_PATH, status_code=202, responses={503: {"description": "There is no App yet."}})
async def take_delivery() -> Health:
    """Refuse a delivery so that GitHub marks it as failed and it can be asked for again."""
    raise HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE, "The App is not set up yet.")


def application(settings: Settings, announce: Callable[[str], None], finished: asyncio.Event) -> ASGIApp:
    """The application; `announce` is called with each new set-up token, `finished` is set at the end."""
    inside = FastAPI(
        title="Backend Architect, set-up",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        exception_handlers={PageRefused: show_refusal},
    )
    inside.state.office = Office(
        settings=settings, door=Door(announce), limit=RequestLimit(), finished=finished
    )
    inside.include_router(router)
    inside.include_router(pages.router)
    return SecureHeaders(inside)
