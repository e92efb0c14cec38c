"""Which path templates cover which others, by Starlette's convertors.

`{id}` takes any text without a slash, `{id:int}` digits, `{rest:path}` everything that is left
(starlette/convertors.py). A Python annotation of the handler has no say in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
_PARAMETER = re.compile(r"{([a-zA-Z_][a-zA-Z0-9_]*)(:[a-zA-Z_][a-zA-Z0-9_]*)?}")
_REGEX = {
    "str": "[^/]+",
    "path": ".*",
    "int": "[0-9]+",
    "float": r"[0-9]+(\.[0-9]+)?",
    "uuid": "[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}",
}
_NARROWER = {"{int}": ("{float}", "{str}"), "{float}": ("{str}",), "{uuid}": ("{str}",)}
_ANY, _REST = "{str}", "{path}"
_MAX_ROUTES = 50


def segments(path: str) -> tuple[str, ...]:
    """The template's segments with parameters reduced to their convertors: `users`, `{int}`, `{str}.json`."""
    reduced = _PARAMETER.sub(lambda m: "{" + (m.group(2) or ":str")[1:] + "}", path)
    return tuple(reduced.removeprefix("/").split("/"))


def _covers(earlier: str, later: str) -> bool:
    """Whether a dynamic segment matches everything that another segment can be."""
    if earlier == later:
        return True
    if "{" not in later:
        return _expression(earlier).fullmatch(later) is not None
    if earlier == _ANY:
        return _REST not in later
    return earlier in _NARROWER.get(later, ())


def _expression(segment: str) -> re.Pattern[str]:
    parts = re.split(r"({[a-zA-Z_]+})", segment)
    return re.compile(
        "".join(_REGEX.get(p[1:-1], "[^/]+") if p.startswith("{") else re.escape(p) for p in parts)
    )


@dataclass(slots=True)
class _Node(Generic[T]):
    fixed: dict[str, _Node[T]] = field(default_factory=dict)
    dynamic: dict[str, _Node[T]] = field(default_factory=dict)
    held: list[T] = field(default_factory=list)
    rest: list[T] = field(default_factory=list)


class PathTree(Generic[T]):
    """Templates with what is registered under them, found again by any template that they cover."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, path: str, item: T) -> None:
        """Register an item under a template."""
        node = self._root
        parts = segments(path)
        for position, segment in enumerate(parts):
            if segment == _REST and position == len(parts) - 1:
                node.rest.append(item)
                return
            table = node.dynamic if "{" in segment else node.fixed
            node = table.setdefault(segment, _Node())
        node.held.append(item)

    def covering(self, path: str) -> Iterator[T]:
        """The items whose template matches every path that the given template matches."""
        pending: list[tuple[_Node[T], tuple[str, ...]]] = [(self._root, segments(path))]
        while pending:
            node, left = pending.pop()
            if not left:
                yield from node.held[:_MAX_ROUTES]
                continue
            yield from node.rest[:_MAX_ROUTES]
            if left[0] == _REST and len(left) == 1:
                continue
            if left[0] in node.fixed:
                pending.append((node.fixed[left[0]], left[1:]))
            pending.extend(
                (child, left[1:]) for text, child in node.dynamic.items() if _covers(text, left[0])
            )
