"""An application's user middleware in the order in which a request meets it."""

from __future__ import annotations

from dataclasses import dataclass

from rules.evaluation.values import Condition, Origin, Value
from rules.project.routing.callables import qualified_name
from rules.project.routing.conditions import Guards
from rules.project.routing.readings import is_none
from rules.project.routing.registrations import MiddlewareEntry, Register


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Middleware:
    """One middleware.

    `name` is its class name, `BaseHTTPMiddleware` for a function (`dispatch`); `entry` is the registration
    with its options.
    """

    name: str
    qualified: str
    cls: Value | None
    dispatch: Value | None
    conditions: tuple[Condition, ...]
    origin: Origin
    entry: MiddlewareEntry

    @property
    def label(self) -> str:
        """The name a person knows it by: the function's for `@app.middleware`, else the class's."""
        function = qualified_name(self.dispatch).rpartition(".")[2] if self.dispatch is not None else ""
        return function or self.name


def middleware_of(register: Register, guards: Guards) -> tuple[Middleware, ...]:
    """Outermost first: each added one goes in front, around the constructor's list, which is in order."""
    added = [m for m in register.middleware if not m.in_constructor][::-1]
    listed = [m for m in register.middleware if m.in_constructor]
    return tuple(_middleware(entry, guards) for entry in added + listed)


def _middleware(entry: MiddlewareEntry, guards: Guards) -> Middleware:
    function = is_none(entry.cls)
    qualified = "starlette.middleware.base.BaseHTTPMiddleware" if function else qualified_name(entry.cls)
    return Middleware(
        name=qualified.rpartition(".")[2] or "unknown",
        qualified=qualified,
        cls=None if function else entry.cls,
        dispatch=entry.dispatch,
        conditions=guards.kept(entry.conditions),
        origin=entry.origin,
        entry=entry,
    )
