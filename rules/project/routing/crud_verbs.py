"""Path segments that say with a verb what the method already says."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rules.project.routing.routes import Route

_MEANT: Mapping[str, str] = {
    "get": "GET", "list": "GET", "read": "GET", "fetch": "GET", "retrieve": "GET", "view": "GET",
    "show": "GET",
    "find": "GET", "create": "POST", "add": "POST", "insert": "POST", "new": "POST", "update": "PUT",
    "edit": "PUT", "modify": "PUT", "save": "PUT", "replace": "PUT", "patch": "PATCH", "delete": "DELETE",
    "remove": "DELETE", "destroy": "DELETE",
}  # fmt: skip
"""CRUD verbs and the method that each of them stands for."""

_NOUNS = frozenset({"view", "show", "new", "patch", "find", "list", "add"})
"""Words that are as often nouns or actions of their own: judged only with another word after them."""
_CONTENT = frozenset({"body", "form", "file", "query"})
_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


def verb_segment(route: Route) -> tuple[str, str] | None:
    """The segment of the route's own path that begins with a CRUD verb, and the method that it means."""
    for segment in route.path.strip("/").split("/"):
        if not segment or "{" in segment:
            continue
        words = [word.lower() for word in _WORDS.findall(segment)]
        meant = _MEANT.get(words[0]) if words else None
        if meant is not None and (len(words) > 1 or words[0] not in _NOUNS):
            return segment, meant
    return None


def stands_for_another(route: Route, meant: str) -> bool:
    """Whether a POST is used for what the verb's own method is there for."""
    return "POST" in route.methods and meant in {"PUT", "PATCH", "DELETE"}


def is_action(route: Route, segment: str, meant: str) -> bool:
    """Whether a POST that is called just "update" takes nothing to store: it starts a computation."""
    if not stands_for_another(route, meant) or meant == "DELETE" or len(_WORDS.findall(segment)) > 1:
        return False
    return not any(p.location in _CONTENT for p in route.dependant.all_parameters())
