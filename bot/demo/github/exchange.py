"""One request and its answer, whole, for whoever wants to check them against GitHub's published schemas."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """`path` has no `/api/v3` prefix; `fault` is set when the answer was a planned fault."""

    method: str
    path: str
    query: str
    request_headers: Mapping[str, str]
    request_body: bytes
    status: int
    response_headers: Mapping[str, str]
    response_body: bytes
    fault: str | None


Observer = Callable[[Exchange], None]


def ignore(_: Exchange) -> None:
    """An observer that looks at nothing."""
