"""A plain HTTP caller of the local GitHub: one connection a request, nothing left open."""

from __future__ import annotations

import dataclasses
from typing import Any

import httpx


@dataclasses.dataclass(frozen=True, slots=True)
class Caller:
    """Calls `url` with a token."""

    url: str
    token: str

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self._call("GET", path, **options)

    def post(self, path: str, json: Any = None) -> httpx.Response:
        return self._call("POST", path, json=json)

    def patch(self, path: str, json: Any = None) -> httpx.Response:
        return self._call("PATCH", path, json=json)

    def delete(self, path: str) -> httpx.Response:
        return self._call("DELETE", path)

    def graphql(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole answer of a GraphQL operation."""
        answer = self.post("/graphql", {"query": query, "variables": variables})
        body: dict[str, Any] = answer.json()
        return body

    def _call(
        self, method: str, path: str, headers: dict[str, str] | None = None, **options: Any
    ) -> httpx.Response:
        address = path if path.startswith("http") else self.url + path
        sent = {"authorization": f"Bearer {self.token}", **(headers or {})}
        return httpx.request(method, address, headers=sent, trust_env=False, **options)
