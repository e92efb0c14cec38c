"""What one route lacks that the routes registered beside it have."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from rules.evaluation.values import Const, alternatives
from rules.ir import nodes as ir
from rules.project.consistency.majority import FEWEST, SHARE
from rules.project.isolation.authentication import Level
from rules.project.isolation.exposure import is_public
from rules.project.isolation.inspection import Inspection
from rules.project.responses.answers import is_response_value
from rules.project.routing.framework import base_classes, split
from rules.project.routing.readings import status
from rules.project.routing.routes import Route

_PAGING = frozenset(
    {
        "limit", "offset", "skip", "page", "size", "page_size", "per_page", "cursor", "page_number",
        "items_per_page", "pagination", "params", "after", "before", "start",
    }
)  # fmt: skip


class Trait(enum.StrEnum):
    """What routes of a kind have."""

    AUTHENTICATION = "authentication"
    TAGS = "tags"
    PAGING = "paging parameters"
    RESPONSE_MODEL = "a response model"
    STATUS_STYLE = "a status written as a name"


@dataclass(frozen=True, slots=True, eq=False)
class Deviation:
    """A route without a trait that its siblings have; `holders` are those."""

    inspection: Inspection
    trait: Trait
    holders: tuple[Inspection, ...]

    @property
    def route(self) -> Route:
        """The route."""
        return self.inspection.route


_Judge = Callable[[Inspection], bool | None]


def deviations(inspections: Iterable[Inspection], reported: Mapping[Trait, set[int]]) -> Iterator[Deviation]:
    """The one route of each router that lacks what the others have.

    `reported` are the routes, by identity, of which another rule says it already.
    """
    for group in _routers(inspections).values():
        for trait, judge in _JUDGES.items():
            found = _odd_one(group, judge)
            if found is not None and id(found[0].route) not in reported.get(trait, set()):
                yield Deviation(found[0], trait, found[1])


def _odd_one(group: list[Inspection], judge: _Judge) -> tuple[Inspection, tuple[Inspection, ...]] | None:
    judged = [(inspection, judge(inspection)) for inspection in group]
    holders = tuple(inspection for inspection, holds in judged if holds is True)
    without = [inspection for inspection, holds in judged if holds is False]
    total = len(holders) + len(without)
    if len(without) != 1 or total < FEWEST or len(holders) < SHARE * total:
        return None
    return without[0], holders


def _routers(inspections: Iterable[Inspection]) -> dict[int, list[Inspection]]:
    """The routes by the router that they are registered on, each registration once."""
    groups: dict[int, list[Inspection]] = {}
    seen: set[int] = set()
    for inspection in inspections:
        route = inspection.route
        node = id(route.origin.node)
        if route.kind != "api" or not route.include_in_schema or not route.resolved or node in seen:
            continue
        seen.add(node)
        router = route.steps[-1] if route.steps else route.application
        groups.setdefault(id(router), []).append(inspection)
    return groups


def _authenticates(inspection: Inspection) -> bool | None:
    level = inspection.authentication.level
    if level is Level.NONE and not is_public(inspection):
        return False
    return True if level is Level.REQUIRED else None


def _has_tags(inspection: Inspection) -> bool | None:
    return bool(inspection.route.tags)


def _pages(inspection: Inspection) -> bool | None:
    """Whether a list of rows is given in pages; None for what is no list."""
    if "GET" not in inspection.route.methods:
        return None
    if not any(query.kind == "rows" for query in inspection.guards.queries):
        return None
    text = inspection.route.response_model or ""
    if not text.lower().startswith(("list[", "sequence[")) and "Page" not in text:
        return None
    names = {p.name.lower() for p in inspection.route.dependant.all_parameters() if p.location == "query"}
    return bool(names & _PAGING) or "Page" in text


def _has_response_model(inspection: Inspection) -> bool | None:
    """Whether an answer with data has a model; a JSON response made by hand has none."""
    if inspection.route.response_type is not None:
        return True
    value = inspection.run.handler.value
    given = [choice.value for choice in alternatives(value)] if value is not None else []
    made = [v for v in given if is_response_value(v)]
    return False if any(_is_plain_json(v) for v in made) and len(made) == len(given) else None


def _is_plain_json(value: object) -> bool:
    made = getattr(value, "function", None) or getattr(value, "cls", None)
    arguments = getattr(value, "arguments", None)
    if made is None or arguments is None:
        return False
    code = status(arguments.get(1, "status_code")) if arguments.get(1, "status_code") is not None else 200
    names = {split(name)[1] for name in base_classes(made)}
    return names == {"JSONResponse"} and code is not None and code < 400


def _names_status(inspection: Inspection) -> bool | None:
    """Whether the decorator's status is a name, such as `status.HTTP_201_CREATED`; None without one."""
    node = inspection.route.origin.node
    written = node.keyword("status_code") if isinstance(node, ir.Call) else None
    if isinstance(written, ir.Attribute):
        return True
    given = inspection.route.placed.endpoint.arguments.keywords.get("status_code")
    is_number = isinstance(written, ir.Constant) and isinstance(given, Const)
    return False if is_number else None


_JUDGES: Mapping[Trait, _Judge] = {
    Trait.AUTHENTICATION: _authenticates,
    Trait.TAGS: _has_tags,
    Trait.PAGING: _pages,
    Trait.RESPONSE_MODEL: _has_response_model,
    Trait.STATUS_STYLE: _names_status,
}
