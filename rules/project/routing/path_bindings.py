"""Names of a path template and the parameters that take them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rules.project.routing.dependants import path_names
from rules.project.routing.parameters import Parameter
from rules.project.routing.readings import text
from rules.project.routing.routes import Route
from rules.source import SourceFile

_TEMPLATE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ID = re.compile(r"(?:^|_)(?:id|uuid|key|slug|pk|name)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unbound:
    """What does not fit between a route's path and its parameters.

    `names` stand in the template and nobody takes them; `lost` are parameters that say `Path(…)` and have no
    place in the template; `meant` is the one query parameter that was surely meant for the one name.
    `own`: one of the names is in the path that the route itself is registered under.
    """

    route: Route
    names: tuple[str, ...]
    lost: tuple[Parameter, ...]
    meant: Parameter | None
    own: bool


def unbound(routes: Iterable[Route], files: Mapping[str, SourceFile]) -> Iterator[Unbound]:
    """Each FastAPI route whose template and parameters do not fit."""
    by_hand = _read_by_hand(files)
    for route in routes:
        if route.kind not in {"api", "websocket"} or not route.path_known or "…" in route.path:
            continue
        names = [n for n in sorted(path_names(route.path)) if _TEMPLATE_NAME.fullmatch(n)]
        taken = {p.alias for p in route.dependant.all_parameters() if p.location == "path"}
        missing = tuple(n for n in names if n not in taken and n not in by_hand)
        lost = tuple(
            p
            for p in route.dependant.all_parameters()
            if p.location == "path" and p.alias not in names and p.marker is not None
        )
        if missing or lost:
            own = path_names(text(route.placed.endpoint.path).text)
            yield Unbound(
                route=route,
                names=missing,
                lost=lost,
                meant=_meant(route, missing, lost),
                own=bool(own & set(missing)),
            )


def _meant(route: Route, missing: tuple[str, ...], lost: tuple[Parameter, ...]) -> Parameter | None:
    """The parameter that the template's one free name was meant for: the only required key in the query."""
    if len(missing) != 1:
        return None
    keys = [
        p
        for p in route.dependant.parameters
        if p.location == "query" and p.required and p.marker is None and _ID.search(p.name)
    ]
    found = [*lost, *keys]
    return found[0] if len(found) == 1 else None


def _read_by_hand(files: Mapping[str, SourceFile]) -> frozenset[str]:
    """Names that some function takes out of `request.path_params` itself."""
    names: set[str] = set()
    for file in files.values():
        if file.is_python and b"path_params" in file.data:
            names |= {m.decode() for m in re.findall(rb"""["']([A-Za-z_][A-Za-z0-9_]*)["']""", file.data)}
    return frozenset(names)
