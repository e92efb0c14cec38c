"""What holds for all isolation rules: hops exist, others keep silent, the framework is as they say."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import msgspec
import pytest
from fastapi import Depends, FastAPI, Header, HTTPException, WebSocket
from sqlmodel import Field, SQLModel
from starlette.middleware.base import RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message

from rules import NoCache, load_options, review_trusted
from tests.rules.isolation_projects import ask
from tests.rules.marked import MarkedProject, cases

FOLDER = Path(__file__).parents[1] / "cases"
RULES = {
    "BA302": "dependency-not-wrapped",
    "BA303": "auth-fails-open",
    "BA304": "auth-bypassed-by-mount",
    "BA307": "client-supplied-identity",
    "BA308": "owner-field-writable",
    "BA309": "missing-owner-link",
    "BA310": "soft-delete-not-filtered",
    "BA311": "secret-in-response",
    "BA328": "missing-privilege-check",
}
FOUND = [
    pytest.param(code, project, id=f"{name}: {project.title}")
    for code, name in RULES.items()
    for project in cases((FOLDER / f"{name}.md").read_text(encoding="utf-8"), code)
    if any(mark.code == code for mark in project.marks)
]


@pytest.mark.parametrize(("code", "project"), FOUND)
def test_every_hop_of_the_trail_exists(code: str, project: MarkedProject) -> None:
    options = msgspec.structs.replace(load_options(project.tree), select=(code,))
    review = review_trusted(project.tree, options, cache=NoCache())
    for finding in review.findings:
        assert finding.trail
        for step in finding.trail:
            line = project.tree[step.path].decode().split("\n")[step.line - 1]
            assert line.strip()
            assert step.note


@pytest.mark.parametrize("name", ["dependency-not-wrapped", "auth-bypassed-by-mount"])
def test_a_route_whose_reason_is_known_is_not_reported_as_unauthenticated_too(name: str) -> None:
    code = next(c for c, n in RULES.items() if n == name)
    explained = 0
    for project in cases((FOLDER / f"{name}.md").read_text(encoding="utf-8"), code):
        highs = [m for m in project.marks if m.code == code and m.confidence == "high"]
        options = msgspec.structs.replace(load_options(project.tree), select=(code, "BA301"))
        review = review_trusted(project.tree, options, cache=NoCache())
        if highs and project.title != "a session that nobody opens":
            explained += 1
            assert [f.rule for f in review.findings if f.rule == "BA301"] == []
    assert explained >= 5


def _require_key(x_key: Annotated[str | None, Header()] = None) -> None:
    if x_key != "right":
        raise HTTPException(401)


def test_a_mount_and_a_raw_route_do_not_inherit_dependencies() -> None:
    app, inner = FastAPI(dependencies=[Depends(_require_key)]), FastAPI()

    @app.get("/own")
    def own() -> str:
        return "own"

    @inner.get("/mounted")
    def mounted() -> str:
        return "mounted"

    def raw(request: Request) -> Response:
        return JSONResponse(request.url.path)

    app.mount("/inner", inner)
    app.add_route("/raw", raw)
    assert ask(app, "GET", "/own").status_code == 401
    assert ask(app, "GET", "/inner/mounted").json() == "mounted"
    assert ask(app, "GET", "/raw").json() == "/raw"


def test_an_http_middleware_never_sees_a_websocket() -> None:
    app = FastAPI()

    @app.middleware("http")
    async def refuse(request: Request, call_next: RequestResponseEndpoint) -> Response:
        refused = request.method == "GET"
        return JSONResponse({}, status_code=401) if refused else await call_next(request)

    @app.get("/page")
    def page() -> str:
        return "page"

    @app.websocket("/feed")
    async def feed(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_json("fed")

    assert ask(app, "GET", "/page").status_code == 401
    assert first_message(app, "/feed") == '"fed"'


def first_message(app: FastAPI, path: str) -> object:
    """The first text that a websocket of the application sends."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "websocket", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": [],
        "scheme": "ws", "server": ("test", 80), "client": ("test", 1), "subprotocols": [], "root_path": "",
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return next(m["text"] for m in sent if m["type"] == "websocket.send")


class _Row(SQLModel):
    text: str = ""
    owner_id: int = Field(default=0)


def test_an_update_wins_over_what_the_client_sent() -> None:
    body = _Row(text="x", owner_id=7)
    assert _Row.model_validate(body).owner_id == 7
    assert _Row.model_validate(body, update={"owner_id": 1}).owner_id == 1
    assert _Row(**body.model_dump(exclude={"owner_id"}), owner_id=1).owner_id == 1
