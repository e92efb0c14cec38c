"""How paths are spelled: words of segments, number of collections, trailing slashes, place of parameters."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.project.consistency.majority import Majority, majority
from rules.project.routing.readings import text
from rules.project.routing.routes import Route

_SINGULAR_IN_S = ("ss", "us", "is", "news", "series", "status", "analytics", "settings", "metrics")
_IRREGULAR = {"people": "person", "children": "child", "men": "man", "women": "woman"}


@dataclass(frozen=True, slots=True, eq=False)
class OddPath:
    """A path that is spelled otherwise than most: `what` says how, `usual` what most do."""

    route: Route
    part: str
    what: str
    usual: str
    common: Majority[str]


def odd_paths(routes: Iterable[Route]) -> Iterator[OddPath]:
    """The paths of an application's API that deviate, each part once."""
    known = [r for r in routes if r.kind == "api" and r.include_in_schema and r.path_known]
    by_path = {route.path: route for route in reversed(known)}
    paths = dict(reversed(by_path.items()))
    yield from _odd(_spellings(paths), "`{part}` is written in {value}", "{value}")
    yield from _odd(_numbers(paths), "`{part}` names its collection in the {value}", "the {value}")
    for slashes in _slashes(paths):
        yield from _odd(slashes, "it ends {value}", "an end {value}")
    yield from _odd(_roots(paths), "it begins with {value}", "{value} first")


_Parts = dict[str, tuple[Route, str]]


def _odd(parts: _Parts, what: str, usual: str) -> Iterator[OddPath]:
    common = majority(value for _, value in parts.values())
    for part, (route, value) in parts.items() if common is not None else ():
        assert common is not None
        if value != common.value:
            yield OddPath(
                route,
                part,
                what.format(part=part, value=value),
                usual.format(value=common.value),
                common,
            )


def fixed_segments(path: str) -> list[str]:
    """The segments without parameters."""
    return [s for s in path.strip("/").split("/") if s and "{" not in s]


def _spellings(paths: dict[str, Route]) -> _Parts:
    """The style of each segment of several words."""
    found: _Parts = {}
    for path, route in paths.items():
        for segment in fixed_segments(path):
            style = _style(segment)
            if style is not None:
                found.setdefault(segment, (route, style))
    return found


def _style(segment: str) -> str | None:
    """The style of several words; None for one word, and for what is no name, such as `openapi.json`."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", segment):
        return None
    if "-" in segment and "_" not in segment:
        return "kebab-case" if segment == segment.lower() else None
    if "_" in segment and "-" not in segment:
        return "snake_case" if segment == segment.lower() else None
    return "camelCase" if re.search(r"[a-z][A-Z]", segment) else None


def _numbers(paths: dict[str, Route]) -> _Parts:
    """Whether collections are plural: segments before a parameter that is named for them."""
    found: _Parts = {}
    names = {segment for path in paths for segment in fixed_segments(path)}
    for path, route in paths.items():
        parts = path.strip("/").split("/")
        for segment, following in itertools.pairwise(parts):
            if "{" in segment or not following.startswith("{"):
                continue
            if is_plural(segment):
                found.setdefault(segment, (route, "plural"))
            elif _is_collection(segment, following, names):
                found.setdefault(segment, (route, "singular"))
    return found


def is_plural(word: str) -> bool:
    """Whether an English noun is in the plural, by its ending."""
    last = re.split(r"[-_]", word.lower())[-1]
    return last in _IRREGULAR or (last.endswith("s") and not last.endswith(_SINGULAR_IN_S))


def _is_collection(segment: str, parameter: str, names: set[str]) -> bool:
    """Whether a word in the singular stands for rows: its plural is used too, or the key is named for it."""
    plurals = {f"{segment}s", f"{segment}es", f"{segment[:-1]}ies"}
    key = parameter[1:].partition("}")[0].partition(":")[0].lower()
    noun = segment.lower().replace("-", "_")
    return bool(plurals & names) or key in {f"{noun}{end}" for end in ("_id", "id", "_uuid", "_pk")}


def _slashes(paths: dict[str, Route]) -> Iterator[_Parts]:
    """The ends of paths; those that are the root of their router by themselves, for it has its own custom."""
    roots: _Parts = {}
    others: _Parts = {}
    for path, route in paths.items():
        if path in {"", "/"}:
            continue
        group = roots if text(route.placed.endpoint.path).text in {"", "/"} else others
        group[path] = (route, "with a slash" if path.endswith("/") else "without a slash")
    yield roots
    yield others


def _roots(paths: dict[str, Route]) -> _Parts:
    """What comes first in paths; a parameter for everything that is left is a page, no resource."""
    return {
        path: (route, "a parameter" if first.startswith("{") else "a name")
        for path, route in paths.items()
        if (first := path.strip("/").split("/")[0]) and ":path}" not in first
    }
