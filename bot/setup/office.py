"""What the set-up page works with, and how each request finds its session."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request
from starlette.responses import HTMLResponse

from bot.html.page import page
from bot.settings import Settings
from bot.setup.door import Door, Session
from bot.setup.limit import RequestLimit

COOKIE = "setup"
LARGEST_FORM = 16 * 1024
BODY_SECONDS = 10.0


@dataclasses.dataclass(slots=True, kw_only=True)
class Office:
    """`finished` is set once the credentials are handed over and shown: then the set-up page ends.

    `registered`: there are credentials, so no second App is made.
    """

    settings: Settings
    door: Door
    limit: RequestLimit
    finished: asyncio.Event
    registered: bool = False
    one_at_a_time: asyncio.Lock = dataclasses.field(default_factory=asyncio.Lock)

    @property
    def github_name(self) -> str:
        """How the pages call this GitHub."""
        return urlsplit(self.settings.github_web_url).netloc


class PageRefused(Exception):
    """A request that ends with a page that says why; `seconds` is when the client may come again."""

    def __init__(self, status: int, what: str, remedy: str, *, seconds: int = 0) -> None:
        super().__init__(what)
        self.status = status
        self.what = what
        self.remedy = remedy
        self.seconds = seconds


def office_of(request: Request) -> Office:
    """The set-up's parts. Raises `PageRefused` for a client that asks too often."""
    office: Office = request.app.state.office
    seconds = office.limit.wait(request.client.host if request.client else "")
    if seconds:
        raise PageRefused(429, "Too many requests", f"Try again in {seconds} seconds.", seconds=seconds)
    return office


InOffice = Annotated[Office, Depends(office_of)]


def session_of(request: Request, office: InOffice) -> Session:
    """The browser's session. Raises `PageRefused` without one."""
    session = office.door.session(request.cookies.get(COOKIE, ""))
    if session is None:
        raise closed()
    return session


def closed() -> PageRefused:
    """The refusal of whoever did not come by the printed link."""
    remedy = (
        "Open the link that `backend-architect serve` printed on its terminal. A link works once: when it "
        "was used, opening it again makes the terminal show a new one."
    )
    return PageRefused(403, "This page opens with a link", remedy)


async def fields_of(request: Request) -> dict[str, str]:
    """The fields of a sent form. Raises `PageRefused` for what no form of ours sends."""
    if request.headers.get("content-type", "").split(";")[0] != "application/x-www-form-urlencoded":
        raise PageRefused(415, "That was no form", "Use the form on the set-up page.")
    body = b""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > LARGEST_FORM:
                    raise PageRefused(413, "That form is too large", "Use the form on the set-up page.")
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20))
    except TimeoutError:
        raise PageRefused(408, "The form took too long", "Send it again.") from None
    except ValueError:
        raise PageRefused(400, "That was no form", "Use the form on the set-up page.") from None


async def show_refusal(_request: Request, refusal: Exception) -> HTMLResponse:
    """The page of a `PageRefused`."""
    assert isinstance(refusal, PageRefused)
    shown = page(
        "refused.html", status=refusal.status, what=refusal.what, remedy=refusal.remedy, link="", link_text=""
    )
    if refusal.seconds:
        shown.headers["retry-after"] = str(refusal.seconds)
    return shown
