"""git's smart HTTP through `git http-backend`, for tokens that may read the repository."""

from __future__ import annotations

import dataclasses
import subprocess
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.demo.github import git, tokens
from bot.demo.github.refusal import Refusal, not_accessible, not_found
from bot.demo.github.repository import Repository
from bot.demo.github.state import State
from bot.demo.github.surface import Surface

CHALLENGE = {"www-authenticate": 'Basic realm="GitHub"'}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SmartHttp:
    """Clone and fetch, with filters and by any sha; nobody pushes this way."""

    state: State
    surface: Surface

    def routes(self) -> list[Route]:
        addresses = ("/{owner}/{repo}.git", "/{owner}/{repo}")
        return [
            Route(f"{address}/{service}", self._handle, methods=[method])
            for address in addresses
            for method, service in (
                ("GET", "info/refs"),
                ("POST", "git-upload-pack"),
                ("POST", "git-receive-pack"),
            )
        ]

    async def _handle(self, request: Request) -> Response:
        return await self.surface.serve(request, self._respond)

    async def _respond(self, request: Request, body: bytes) -> Response:
        try:
            with self.state.lock:
                repository = self._authorised(request)
        except Refusal as refusal:
            headers = CHALLENGE if refusal.status == 401 else {}
            return Response(refusal.message, status_code=refusal.status, headers=headers)
        service = request.url.path.rpartition("/")[2]
        rest = "info/refs" if service == "refs" else service
        return await run_in_threadpool(_backend, request, body, repository.folder, rest)

    def _authorised(self, request: Request) -> Repository:
        token = tokens.installation_token(
            self.state, tokens.credential(request.headers.get("authorization", ""))
        )
        repository = self.state.repository(request.path_params["owner"], request.path_params["repo"])
        if repository.id not in token.repository_ids:
            raise not_found()
        is_push = "receive-pack" in str(request.url)
        if is_push or not token.allows("contents:read"):
            raise not_accessible()
        return repository


def _backend(request: Request, body: bytes, folder: Path, rest: str) -> Response:
    # Not with asyncio: under uvloop, writing to a backend that has answered and ended already raises.
    finished = subprocess.run(
        ["git", "http-backend"],
        env={**git.environment(), **_gateway_variables(request, len(body), folder, rest)},
        input=body,
        capture_output=True,
        check=False,
    )
    output = finished.stdout
    head, _, content = output.partition(b"\r\n\r\n")
    fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
    status = int(fields.pop("Status", "200").split()[0]) if output else 500
    return Response(content, status_code=status, headers=fields)


def _gateway_variables(request: Request, length: int, folder: Path, rest: str) -> dict[str, Any]:
    headers = request.headers
    return {
        "GIT_PROJECT_ROOT": str(folder.parent),
        "GIT_HTTP_EXPORT_ALL": "1",
        "REQUEST_METHOD": request.method,
        "PATH_INFO": f"/{folder.name}/{rest}",
        "QUERY_STRING": request.url.query,
        "CONTENT_TYPE": headers.get("content-type", ""),
        "CONTENT_LENGTH": str(length),
        "HTTP_CONTENT_ENCODING": headers.get("content-encoding", ""),
        "HTTP_GIT_PROTOCOL": headers.get("git-protocol", ""),
        "GIT_PROTOCOL": headers.get("git-protocol", ""),
        "REMOTE_ADDR": "127.0.0.1",
    }
