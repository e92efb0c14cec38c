"""Cursor pages as GitHub's GraphQL gives them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from bot.demo.github.graph.failure import Failure

Item = TypeVar("Item")
LONGEST_PAGE = 100


def connection(
    name: str, items: Sequence[Item], shape: Callable[[Item], dict[str, Any]], arguments: dict[str, Any]
) -> dict[str, Any]:
    """One page of `items`; as on GitHub, `first` or `last` must be given and be at most 100."""
    size = arguments.get("first") or arguments.get("last")
    if size is None:
        message = f"You must provide a `first` or `last` value to properly paginate the `{name}` connection."
        raise Failure("MISSING_PAGINATION_BOUNDARIES", message)
    if size > LONGEST_PAGE:
        message = (
            f"Requesting {size} records on the `{name}` connection exceeds the `first` limit of 100 records."
        )
        raise Failure("EXCESSIVE_PAGINATION", message)
    start = _place(arguments["after"]) + 1 if arguments.get("after") else 0
    end = _place(arguments["before"]) if arguments.get("before") else len(items)
    if arguments.get("first"):
        end = min(end, start + size)
    else:
        start = max(start, end - size)
    shown = items[start:end]
    page = {
        "hasNextPage": end < len(items),
        "hasPreviousPage": start > 0,
        "startCursor": _cursor(start) if shown else None,
        "endCursor": _cursor(end - 1) if shown else None,
    }
    return {"nodes": [shape(item) for item in shown], "pageInfo": page, "totalCount": len(items)}


def _cursor(place: int) -> str:
    return base64.b64encode(f"cursor:{place}".encode()).decode()


def _place(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("cursor:"))
    except ValueError:
        raise Failure(
            "INVALID_CURSOR_ARGUMENTS", f"`{cursor}` does not appear to be a valid cursor."
        ) from None
