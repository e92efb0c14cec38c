"""Runs one application in a process of its own and sends the probes."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import sqlite3
import sys
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
import sqlalchemy as sa
import sqlmodel  # noqa: F401  imported once, for every process that is forked from this one
from sqlalchemy.orm import Session
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from tests.mutations.applications import Description
from tests.mutations.forgery import forgeries
from tests.mutations.probes import PEOPLE, Probe

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

MARK = "alice-private"
Request = tuple[dict[str, str], Any]
"""Query parameters and JSON body."""


class Observation(msgspec.Struct, frozen=True):
    """How one probe went: whether it was answered, and by which endpoint (path of the file, line)."""

    probe: Probe
    breached: bool
    status: int
    endpoint: tuple[str, int] | None = None


class Endpoints:
    """The application, remembering who answered last."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.last: Scope = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            self.last = scope
        await self.app(scope, receive, send)


class AsynchronousSession:
    """The methods of AsyncSession over a synchronous session, which needs no asynchronous driver."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: object) -> None:
        self._session.add(row)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        async def method(*arguments: Any, **options: Any) -> Any:
            return getattr(self._session, name)(*arguments, **options)

        return method


def attribute(reference: str) -> Any:
    """What `package.module:name` names."""
    module, name = reference.split(":")
    return getattr(importlib.import_module(module), name)


class Running:
    """An imported application on a database of its own, filled with the described rows."""

    def __init__(self, files: Mapping[str, str], description: Description, folder: Path) -> None:
        self.description = description
        self.folder = folder
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        self.database = folder / "probed.db"
        url = f"sqlite:///{self.database}"
        os.environ.update({**description.environment, "DATABASE_URL": url})
        sys.path.insert(0, str(folder / description.root))
        app = attribute(description.application)
        self.engine = sa.create_engine(url, poolclass=sa.NullPool)
        if description.session:
            app.dependency_overrides[attribute(description.session)] = self._session
        self.endpoints = Endpoints(app)
        self.client = TestClient(self.endpoints, raise_server_exceptions=False)
        self.pristine = self._filled()
        self.unchanged = self.dump()

    async def _session(self) -> AsyncIterator[Any]:
        with Session(self.engine, expire_on_commit=False) as session:
            yield AsynchronousSession(session)

    def _filled(self) -> sqlite3.Connection:
        metadata = attribute(self.description.metadata).metadata
        sa.orm.configure_mappers()
        metadata.create_all(self.engine)
        with self.engine.begin() as connection:
            for table, rows in self.description.rows.items():
                for row in rows:
                    connection.execute(metadata.tables[table].insert().values(**row))
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        with sqlite3.connect(self.database) as stored:
            stored.backup(copy)
        return copy

    def dump(self) -> bytes:
        """The whole database: a statement that touches no row leaves it as it is."""
        return self.database.read_bytes()

    def restore(self) -> None:
        with sqlite3.connect(self.database) as stored:
            self.pristine.backup(stored)
        self.unchanged = self.dump()

    def rows(self, detail: str) -> int:
        table, condition = detail.split(" ", 1)
        column, value = condition.split("=", 1)
        with sqlite3.connect(self.database) as stored:
            query = f'select count(*) from "{table}" where "{column}" = ?'  # noqa: S608  our own probes
            return int(stored.execute(query, (value,)).fetchone()[0])

    def credentials(self, person: str) -> dict[str, str]:
        if person == "nobody":
            return {}
        name, value = self.description.header.split(": ", 1)
        if person == "garbled":
            return {name: value.format(token="worthless")}
        users = next(iter(self.description.rows.values()))
        if self.description.rows.keys() & {"users"}:
            users = self.description.rows["users"]
        key = type(users[0]["id"])(PEOPLE[person])
        return {name: value.format(token=attribute(self.description.token)(key))}

    def endpoint(self) -> tuple[str, int] | None:
        """Where the function stands that answered last; none where a mount had no route for the request."""
        function = self.endpoints.last.get("endpoint")
        if not inspect.isfunction(function):
            return None
        code = inspect.unwrap(function).__code__
        return Path(code.co_filename).relative_to(self.folder).as_posix(), code.co_firstlineno


def observe(
    files: Mapping[str, str], description: Description, probes: tuple[Probe, ...], *, forged: bool
) -> list[Observation]:
    """How each probe goes. Raises whatever the application raises when it is imported."""
    with tempfile.TemporaryDirectory(prefix="probed") as folder:
        running = Running(files, description, Path(folder))
        return [_best(running, probe, forged=forged) for probe in probes]


def _best(running: Running, probe: Probe, *, forged: bool) -> Observation:
    observation = _sent(running, probe, ({}, probe.json))
    route = running.endpoints.last.get("route")
    if observation.breached or not forged or route is None:
        return observation
    for request in forgeries(route, running.description, probe):
        again = _sent(running, probe, request)
        if again.breached:
            return again
    return observation


def _sent(running: Running, probe: Probe, request: Request) -> Observation:
    counted = running.rows(probe.detail) if probe.sign == "row" else 0
    running.endpoints.last = {}
    status, text = (_listened if probe.method == "WS" else _requested)(running, probe, request)
    answered = status < 400 and _breached(running, probe, text, counted)
    if running.dump() != running.unchanged:
        running.restore()
    return Observation(probe, answered, status, running.endpoint())


def _breached(running: Running, probe: Probe, text: str, counted: int) -> bool:
    match probe.sign:
        case "status":
            return True
        case "text":
            return probe.detail in text
        case "not":
            return bool(json.loads(text) != json.loads(probe.detail))
        case "row":
            return running.rows(probe.detail) > counted
    return MARK in text or running.dump() != running.unchanged


def _requested(running: Running, probe: Probe, request: Request) -> tuple[int, str]:
    query, body = request
    headers = running.credentials(probe.person)
    if probe.rule == "BA307":
        identity = dict.fromkeys([*running.description.owner_columns, "user_id"], "1")
        query = {**identity, **query}
        headers |= {"X-User-Id": "1"}
        key = type(next(iter(running.description.rows.values()))[0]["id"])(1)
        body = {**dict.fromkeys(identity, key), **body} if isinstance(body, dict) else body
    url = urlsplit(probe.path)
    query = {**query, **dict(parse_qsl(url.query))}
    response = running.client.request(probe.method, url.path, params=query, json=body, headers=headers)
    return response.status_code, response.text


def _listened(running: Running, probe: Probe, request: Request) -> tuple[int, str]:
    query = dict(request[0])
    if credentials := running.credentials(probe.person):
        query["token"] = next(iter(credentials.values())).split(" ")[-1]
    if probe.rule == "BA307":
        query["user_id"] = "1"
    url = probe.path + "?" + "&".join(f"{name}={value}" for name, value in query.items())
    try:
        with running.client.websocket_connect(url) as socket:
            return 101, "\n".join(_heard(socket))
    except WebSocketDisconnect:
        return 403, ""
    except Exception:  # noqa: BLE001  a crash is no answer
        return 500, ""


def _heard(socket: Any) -> Iterator[str]:
    while True:
        try:
            yield socket.receive_text()
        except WebSocketDisconnect:
            return
