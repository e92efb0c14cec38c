"""Session dependencies that leave their session open, and sessions that the whole process shares."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import Application, FunctionValue, Instance, Origin, alternatives
from rules.finding import Place
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.call_frames import covers, decorator_names
from rules.project.isolation.placement import place_of
from rules.project.isolation.requests import Step
from rules.project.routing.callables import unwrapped
from rules.project.routing.routes import Route
from rules.project.sessions.session_values import Mode, SessionValue, session_of

if TYPE_CHECKING:
    from rules.evaluation.modules import ModuleInfo
    from rules.project.project import Project

_CLOSING = frozenset({"close", "aclose", "remove", "close_all"})
_MANAGERS = frozenset({"contextmanager", "asynccontextmanager"})


class Leak(enum.Enum):
    """How a session is left open."""

    RETURNED = "returned"
    YIELDED = "yielded"
    GLOBAL = "global"


@dataclass(frozen=True, slots=True, eq=False)
class Unclosed:
    """A session that nothing closes: `site` is the `yield`, `return` or assignment at fault."""

    leak: Leak
    name: str
    site: Origin
    mode: Mode
    function: ir.Function | None = None
    route: Route | None = None

    @property
    def place(self) -> Place:
        """Where the finding stands."""
        return place_of(self.site)


def unclosed_sessions(project: Project) -> Iterator[Unclosed]:
    """Each once, with the first route that uses it."""
    seen: set[int] = set()
    used: dict[int, Route] = {}
    for request in project.request_sessions:
        route = request.inspection.route
        for step in request.inspection.run.steps:
            if id(step) in seen:
                continue
            seen.add(id(step))
            found = _of_step(step, route) if step is not request.inspection.run.handler else None
            if found is not None and id(found.site.node) not in seen:
                seen.add(id(found.site.node))
                yield found
        for use in request.uses:
            used.setdefault(id(use.call.session.value), route)
    yield from _shared(project, used)


def _of_step(step: Step, route: Route) -> Unclosed | None:
    function = unwrapped(step.dependant.call)
    session = session_of(step.value) if step.value is not None else None
    if session is None or session.registry or not isinstance(function, FunctionValue):
        return None
    node = function.node
    if not isinstance(node, ir.Function) or not _is_own(step, session):
        return None
    body = function.module.source.module.body(node)
    nodes = list(walk(body))
    name = node.name
    yields = [n for n in nodes if isinstance(n, ir.Yield) and not n.delegates]
    if not yields:
        given = [n for n in nodes if isinstance(n, ir.Return) and n.value is not None]
        if not given or any(isinstance(n, ir.Yield) for n in nodes):
            return None
        managed = not _MANAGERS.isdisjoint(decorator_names(node))
        site = Origin(function.module, given[-1])
        return None if managed else Unclosed(Leak.RETURNED, name, site, session.mode, node, route)
    if any(_is_closed(nodes, found) for found in yields):
        return None
    return Unclosed(Leak.YIELDED, name, Origin(function.module, yields[0]), session.mode, node, route)


def _is_own(step: Step, session: SessionValue) -> bool:
    """Whether the dependency itself makes the session, not one that it asks for."""
    return any(effect.kind == "call" and effect.value is session.value for effect in step.effects)


def _is_closed(nodes: list[ir.Node], given: ir.Yield) -> bool:
    """Whether the yield stands in a `with` or loop of the session, or a `finally` closes it."""
    names = {n.id for n in walk(given) if isinstance(n, ir.Name)}
    for node in nodes:
        if isinstance(node, ir.Try) and _holds(node.body, given) and _closes(node.final, names):
            return True
        if isinstance(node, ir.With) and _holds(node.body, given) and _manages(node, names):
            return True
        if isinstance(node, ir.For) and _holds(node.body, given) and names & _names(node.target):
            return True
    return False


def _manages(node: ir.With, names: set[str]) -> bool:
    """Whether a context manager is the session, gives it, or is told to close it."""
    return any(
        names & ((_names(item.target) if item.target is not None else set()) | _names(item.context))
        for item in node.items
    )


def _names(node: ir.Expr) -> set[str]:
    return {n.id for n in walk(node) if isinstance(n, ir.Name)}


def _holds(suite: tuple[ir.Stmt, ...], node: ir.Node) -> bool:
    return any(covers(statement, node) for statement in suite)


def _closes(final: tuple[ir.Stmt, ...], names: set[str]) -> bool:
    """Whether the `finally` calls `session.close()`, or hands the session to something else."""
    for node in walk(final):
        if not isinstance(node, ir.Call):
            continue
        if isinstance(node.function, ir.Attribute) and node.function.name in _CLOSING:
            return True
        if any(names & _names(argument) for argument in node.arguments):
            return True
    return False


def _shared(project: Project, used: dict[int, Route]) -> Iterator[Unclosed]:
    """Sessions of module level or of a class body that requests use."""
    for scope in project.machine.executed():
        for name, value in list(scope.bindings.items()):
            found = _of_process(value, scope.module, used)
            if found is not None:
                session, route = found
                yield Unclosed(Leak.GLOBAL, name, _origin(session), session.mode, route=route)


def _of_process(
    value: object, module: ModuleInfo, used: dict[int, Route]
) -> tuple[SessionValue, Route] | None:
    if not isinstance(value, Application | Instance):
        return None
    for alternative in alternatives(value):
        session = session_of(alternative.value)
        if session is None or session.registry or id(session.value) not in used:
            continue
        if isinstance(session.value, Application | Instance) and session.value.origin.module is module:
            return session, used[id(session.value)]
    return None


def _origin(session: SessionValue) -> Origin:
    assert isinstance(session.value, Application | Instance)
    return session.value.origin
