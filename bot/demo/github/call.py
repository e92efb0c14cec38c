"""One call of the REST API: who asks for what, and the ways to answer."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from bot.demo.github.accounts import App, InstallationToken, User
from bot.demo.github.hooks.hub import Hub
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.refusal import Refusal, not_accessible, not_found
from bot.demo.github.repository import Repository
from bot.demo.github.state import State

Item = TypeVar("Item")
LONGEST_PAGE = 100


class Credential(enum.Enum):
    """What an endpoint asks for."""

    NONE = "nothing"
    APP = "an App's JWT"
    INSTALLATION = "an installation token"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A JSON answer; a body of None is sent as no body."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(slots=True, kw_only=True)
class Call:
    """A request after authentication. `url` is the address that was asked, without its query."""

    state: State
    hub: Hub
    url: str
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    body: dict[str, Any]
    app: App | None = None
    token: InstallationToken | None = None

    def own_app(self) -> App:
        """The App whose JWT or installation token this is."""
        found = self.token.installation.app if self.token else self.app
        if found is None:
            raise Refusal(401, "Requires authentication")
        return found

    def actor(self) -> User:
        return self.own_app().bot

    def repository(self) -> Repository:
        """The repository in the path; 404 for a token that does not cover it."""
        found = self.state.repository(self.parameters["owner"], self.parameters["repo"])
        if self.token is None or found.id not in self.token.repository_ids:
            raise not_found()
        return found

    def pull(self) -> PullRequest:
        return self.state.pull(self.repository(), self.number("number"))

    def number(self, name: str) -> int:
        """An id in the path; 404 when it is not a number."""
        try:
            return int(self.parameters[name])
        except ValueError:
            raise not_found() from None

    def require(self, permission: str) -> None:
        """403 unless the token grants `name:level`."""
        if self.token is None or not self.token.allows(permission):
            raise not_accessible()

    def text(self, name: str) -> str:
        """A text of the body; 422 when it is missing, blank or no text."""
        value = self.body.get(name)
        if not isinstance(value, str) or not value.strip():
            raise Refusal(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.')
        return value


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One operation: `permission` is `name:level` as GitHub documents it, empty where none is needed."""

    method: str
    path: str
    answer: Callable[[Call], Answer]
    credential: Credential = Credential.INSTALLATION
    permission: str = ""


def paged(
    call: Call,
    items: Sequence[Item],
    shape: Callable[[Item], dict[str, Any]],
    *,
    within: str | None = None,
    per_page: int = 30,
) -> Answer:
    """One page of `items` with its Link header; `within` names the list in an object with `total_count`."""
    size = min(max(_integer(call, "per_page", per_page), 1), LONGEST_PAGE)
    page = max(_integer(call, "page", 1), 1)
    last = max(-(-len(items) // size), 1)
    shown = [shape(item) for item in items[(page - 1) * size : page * size]]
    body = shown if within is None else {"total_count": len(items), within: shown}
    targets = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
    relevant = {
        name: target
        for name, target in targets.items()
        if (name in {"next", "last"} and page < last) or (name in {"prev", "first"} and 1 < page <= last + 1)
    }
    links = [
        f'<{call.url}?{urlencode({**call.query, "page": target})}>; rel="{name}"'
        for name, target in relevant.items()
    ]
    return Answer(body=body, headers={"link": ", ".join(links)} if links else {})


def _integer(call: Call, name: str, default: int) -> int:
    try:
        return int(call.query.get(name, default))
    except ValueError:
        return default
