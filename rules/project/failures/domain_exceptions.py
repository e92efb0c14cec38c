"""Exceptions of the project that leave a route although nobody answers them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import ClassValue, Const, Member
from rules.project.failures.exception_handlers import exception_handlers
from rules.project.failures.raised import Raised, leaving
from rules.project.isolation.comparisons import comparison
from rules.project.routing.framework import split

if TYPE_CHECKING:
    from rules.project.project import Project

_PROGRAMMING = frozenset(
    {"AssertionError", "NotImplementedError", "TypeError", "AttributeError", "NameError", "ImportError"}
)
_INNER = re.compile(
    r"config|settings|missing_?client|internal|unreachable|programming|startup|setup|invariant", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, eq=False)
class Unhandled:
    """A raise of `cls` that ends as a 500; `certain` where all around it was found out."""

    raised: Raised
    cls: ClassValue
    certain: bool


def unhandled_exceptions(project: Project) -> Iterator[Unhandled]:
    """Each raise that leaves an API route, in the order of the routes."""
    handlers = exception_handlers(project.machine)
    catching = project.catching
    for inspection in project.isolation.inspections():
        route = inspection.route
        if route.kind != "api":
            continue
        for raised in leaving(inspection, catching):
            cls = raised.cls
            if not isinstance(cls, ClassValue) or not _is_domain_exception(cls) or handlers.handles(cls):
                continue
            if not catching.is_wrapped(route) and not _excluded_by_method(raised):
                yield Unhandled(raised, cls, route.resolved)


def _excluded_by_method(raised: Raised) -> bool:
    """Whether it is raised only for another method than the route's, as a decorator for many routes may."""
    methods = raised.inspection.route.methods
    for condition in raised.effect.conditions:
        found = comparison(condition.test, truth=not condition.negated)
        for left, right in found.sides() if found is not None else ():
            if isinstance(left, Member) and left.name == "method" and isinstance(right, Const):
                assert found is not None
                if found.equal and right.value not in methods:
                    return True
                if not found.equal and methods == (right.value,):
                    return True
    return False


def _is_domain_exception(cls: ClassValue) -> bool:
    """Whether a class says what went wrong in the domain: not FastAPI's, not a programming error."""
    if cls.has_unknown_base() or _INNER.search(cls.qualname):
        return False
    names = [split(name) for name in cls.externals()]
    return (
        bool(names)
        and all(top == "builtins" for top, _ in names)
        and not any(last in _PROGRAMMING for _, last in names)
        and any(last.endswith(("Exception", "Error")) for _, last in names)
    )
