"""REST and GraphQL as Starlette routes: authentication, permission, JSON, ETags around each endpoint."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.demo.github import tokens
from bot.demo.github.call import Answer, Call, Credential, Endpoint
from bot.demo.github.endpoints import (
    apps,
    checks,
    code_scanning,
    git_database,
    issues,
    manifests,
    pulls,
    repositories,
)
from bot.demo.github.graph import endpoint as graph
from bot.demo.github.hooks.hub import Hub
from bot.demo.github.refusal import Moved, Refusal, not_found
from bot.demo.github.state import State
from bot.demo.github.surface import PREFIX, Surface, refused

ENDPOINTS = (
    *apps.ENDPOINTS,
    *manifests.ENDPOINTS,
    *repositories.ENDPOINTS,
    *git_database.ENDPOINTS,
    *pulls.ENDPOINTS,
    *issues.ENDPOINTS,
    *checks.ENDPOINTS,
    *code_scanning.ENDPOINTS,
    *graph.ENDPOINTS,
)
HOURLY_LIMIT = 5_000
BY_NAME = "/repos/{owner}/{repo}"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """The API over a state; `routes` serve it at `/` and at `/api/v3`, as GitHub and GitHub Enterprise do."""

    state: State
    hub: Hub
    surface: Surface

    def routes(self) -> list[Route]:
        return [
            Route(f"{prefix}{endpoint.path}", self._handler(endpoint), methods=[endpoint.method])
            for endpoint in ENDPOINTS
            for prefix in _prefixes(endpoint)
        ] + [
            Route(f"{prefix}{_by_id(endpoint)}", self._handler(endpoint), methods=[endpoint.method])
            for endpoint in ENDPOINTS
            for prefix in ("", PREFIX)
            if endpoint.path.startswith(BY_NAME)
        ]

    def _handler(self, endpoint: Endpoint) -> Any:
        async def work(request: Request, body: bytes) -> Response:
            return await run_in_threadpool(self.respond, endpoint, request, body)

        async def handle(request: Request) -> Response:
            return await self.surface.serve(request, work)

        return handle

    def respond(self, endpoint: Endpoint, request: Request, body: bytes) -> Response:
        """The answer of an endpoint, or GitHub's refusal."""
        with self.state.lock:
            try:
                call = self._call(endpoint, request, body)
                answer = endpoint.answer(call)
            except Refusal as refusal:
                return refused(refusal)
        return _response(request, answer)

    def _call(self, endpoint: Endpoint, request: Request, body: bytes) -> Call:
        if not request.headers.get("user-agent"):
            raise Refusal(403, "Request forbidden by administrative rules. Please send a User-Agent header.")
        call = Call(
            state=self.state,
            hub=self.hub,
            url=str(request.url.replace(query="")),
            parameters=self._named(request.path_params),
            query=dict(request.query_params),
            body=_json_object(body),
        )
        self._authenticate(endpoint, request, call)
        if "owner" in call.parameters:
            _follow_name(call, request)
        if endpoint.permission:
            call.require(endpoint.permission)
        return call

    def _named(self, parameters: Mapping[str, str]) -> Mapping[str, str]:
        """The parameters with the repository's name where its id was given."""
        if "repository_id" not in parameters:
            return parameters
        identifier = parameters["repository_id"]
        if not identifier.isdigit() or int(identifier) not in self.state.repositories:
            raise not_found()
        record = self.state.repositories[int(identifier)]
        return {**parameters, "owner": record.owner.login, "repo": record.name}

    def _authenticate(self, endpoint: Endpoint, request: Request, call: Call) -> None:
        if endpoint.credential is Credential.NONE:
            return
        value = tokens.credential(request.headers.get("authorization", ""))
        if not value:
            raise Refusal(401, "Requires authentication")
        if endpoint.credential is Credential.APP:
            call.app = tokens.verify_app_token(self.state, value)
        else:
            call.token = tokens.installation_token(self.state, value)


def _prefixes(endpoint: Endpoint) -> Iterator[str]:
    yield PREFIX
    yield ""
    if endpoint.path == "/graphql":
        yield "/api"


def _by_id(endpoint: Endpoint) -> str:
    return endpoint.path.replace(BY_NAME, "/repositories/{repository_id}")


def _follow_name(call: Call, request: Request) -> None:
    try:
        call.repository()
    except Moved as moved:
        name = f"/repos/{call.parameters['owner']}/{call.parameters['repo']}"
        place = str(request.url).replace(name, f"/repositories/{moved.repository}", 1)
        raise Refusal(301, "Moved Permanently", headers={"location": place}) from None


def _json_object(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        value = json.loads(body)
    except ValueError:
        raise Refusal(400, "Problems parsing JSON") from None
    if not isinstance(value, dict):
        raise Refusal(400, "Body should be a JSON object")
    return value


def _response(request: Request, answer: Answer) -> Response:
    limits = {"x-ratelimit-limit": str(HOURLY_LIMIT), "x-ratelimit-remaining": str(HOURLY_LIMIT - 1)}
    if answer.body is None:
        return Response(status_code=answer.status, headers={**limits, **answer.headers})
    content = json.dumps(answer.body, separators=(",", ":")).encode()
    headers = {**limits, **answer.headers, "content-type": "application/json; charset=utf-8"}
    if request.method == "GET" and answer.status == 200:
        # An ETag is good for one token alone, as GitHub's are.
        whose = request.headers.get("authorization", "").encode()
        headers["etag"] = f'W/"{hashlib.sha256(whose + content).hexdigest()}"'
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
    return Response(content, status_code=answer.status, headers=headers)
