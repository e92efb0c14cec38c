"""GitHub's GraphQL: where it is asked, and what its errors mean, which come with status 200."""

from __future__ import annotations

import re
from typing import Any

from bot.github.refusal import WAIT_WITHOUT_A_HINT, GitHubRefused, GitHubUnavailable, Pause, RateLimited

_ENTERPRISE = re.compile(r"/api/v3/?\Z")
# https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
_LIMITED = frozenset({"RATE_LIMIT", "RATE_LIMITED"})
_STATUSES = {"FORBIDDEN": 403, "INSUFFICIENT_SCOPES": 403, "NOT_FOUND": 404, "UNPROCESSABLE": 422}


def graph_address(api_url: str) -> str:
    """The address beside that of the REST API."""
    if _ENTERPRISE.search(api_url):
        return _ENTERPRISE.sub("/api/graphql", api_url)
    return f"{api_url}/graphql"


def raise_for_errors(answer: Any) -> None:  # noqa: ANN401 - JSON
    """Raise what the errors of an answer mean; one without any data is no answer."""
    errors = answer.get("errors") if isinstance(answer, dict) else None
    if not errors and isinstance(answer, dict) and answer.get("data") is not None:
        return
    first = errors[0] if errors else {}
    kind, text = str(first.get("type", "")), str(first.get("message", "no data"))[:500]
    if kind in _LIMITED:
        raise RateLimited(Pause(WAIT_WITHOUT_A_HINT, said=False), f"GraphQL: {text}")
    if kind in _STATUSES:
        raise GitHubRefused(_STATUSES[kind], "GraphQL", text)
    raise GitHubUnavailable(f"GraphQL: {text}")
