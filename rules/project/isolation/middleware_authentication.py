"""Authentication by middleware: it reads credentials and answers itself instead of calling what is inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec import structs

from rules.evaluation.attributes import find_in_class
from rules.evaluation.machine import Machine
from rules.evaluation.values import (
    Application,
    Arguments,
    ClassValue,
    Condition,
    Const,
    FunctionValue,
    Instance,
    Member,
    Operation,
    Origin,
    Sequence,
    Symbol,
    Value,
)
from rules.project.isolation.authentication import Authenticator, Level
from rules.project.isolation.paths import Log, Moment
from rules.project.isolation.roles import Connection, Injected
from rules.project.isolation.terms import called_name, receiver, walk
from rules.project.routing.middleware import Middleware
from rules.project.routing.routes import Route

_LIBRARY = {"AuthenticationMiddleware": Level.OPTIONAL, "JWTAuthenticationMiddleware": Level.REQUIRED}
_NEXT = "call_next"


@dataclass(frozen=True, slots=True)
class _Dispatch:
    """A middleware's run: the moments at which it lets the request pass."""

    log: Log
    passes: tuple[Moment, ...]


@dataclass(slots=True)
class MiddlewareAuthentication:
    """Judges the middleware of applications, each once."""

    machine: Machine
    authenticator: Authenticator
    _runs: dict[int, _Dispatch | None] = field(default_factory=dict)

    def level(self, route: Route) -> Level:
        """The strongest that the middleware around a route asks; a conditional one is only optional."""
        found = [self._of(m, route) for m in route.middleware]
        order = [Level.NONE, Level.UNKNOWN, Level.OPTIONAL, Level.REQUIRED]
        return max(found, key=order.index, default=Level.NONE)

    def guard(self, route: Route) -> Middleware | None:
        """The outermost middleware, of mounted applications too, that lets no anonymous request pass."""
        return next((m for m in route.middleware if self._of(m, route) is Level.REQUIRED), None)

    def _of(self, middleware: Middleware, route: Route) -> Level:
        known = _LIBRARY.get(middleware.name)
        if known is not None:
            return known
        dispatch = self._dispatch_of(middleware)
        if dispatch is None:
            return Level.NONE
        reached = [m for m in dispatch.passes if not _excluded(m, route.path)]
        checked = [self.authenticator.checked(dispatch.log, moment) for moment in reached]
        if reached and all(checked):
            return Level.OPTIONAL if middleware.conditions else Level.REQUIRED
        return Level.NONE

    def log(self, middleware: Middleware) -> Log | None:
        """What a middleware of the project does for a request; None for a library's."""
        found = self._dispatch_of(middleware)
        return None if found is None else found.log

    def _dispatch_of(self, middleware: Middleware) -> _Dispatch | None:
        if id(middleware) not in self._runs:
            self._runs[id(middleware)] = self._run(middleware)
        return self._runs[id(middleware)]

    def _run(self, middleware: Middleware) -> _Dispatch | None:
        function = _dispatch(middleware)
        if function is None:
            return None
        request = Symbol("request", Connection("request"))
        following = Symbol(_NEXT, Injected(_NEXT))
        values: list[Value] = [request, following]
        origin = Origin(function.module, function.node)
        if len(function.node.parameters) - (function.bound is not None) == 3:
            values = [Symbol("scope", Connection("scope")), *values[::-1]]
        trace = self.machine.trace(function, Arguments(values), origin)
        log = Log(trace.effects)
        passes = [
            log.moment(position)
            for position, effect in enumerate(trace.effects)
            if effect.kind == "call" and _lets_pass(effect.value, following)
        ]
        return _Dispatch(log, tuple(passes))


def _lets_pass(value: Value, following: Value) -> bool:
    if not isinstance(value, Application):
        return False
    if value.function is following:
        return True
    inside = receiver(value)
    if called_name(value) == "app" and isinstance(inside, Instance):
        return True
    return called_name(value) == "__call__" or called_name(value) == "dispatch"


def _dispatch(middleware: Middleware) -> FunctionValue | None:
    value = middleware.dispatch
    if isinstance(value, FunctionValue):
        return value
    cls = middleware.cls
    if not isinstance(cls, ClassValue):
        return None
    found = find_in_class(cls, "dispatch") or find_in_class(cls, "__call__")
    if found is None or not isinstance(found[0], FunctionValue):
        return None
    instance = Instance(cls, middleware.entry.arguments, middleware.origin)
    instance.attributes.update(middleware.entry.arguments.keywords)
    return structs.replace(found[0], bound=instance)


def _excluded(moment: Moment, path: str) -> bool:
    """Whether the moment cannot come for this path: a condition on the request's path rules it out."""
    return any(impossible(condition, path) for condition in moment.conditions) or any(
        all(impossible(Condition(c.test, not c.negated, c.origin), path) for c in refusal)
        for refusal in moment.refusals
    )


def impossible(condition: Condition, path: str) -> bool:
    """Whether a condition on the request's path cannot hold for a path."""
    answer = decide(condition.test, path)
    return answer is not None and answer is condition.negated


def decide(test: Value, path: str) -> bool | None:
    """The outcome of a test on `request.url.path` for a path; None where it depends on more."""
    if isinstance(test, Operation) and test.operator in {"and", "or", "not"}:
        found = [decide(part, path) for part in test.operands]
        if test.operator == "not":
            return None if found[0] is None else not found[0]
        decisive = test.operator == "or"
        if decisive in found:
            return decisive
        return None if None in found else not decisive
    if isinstance(test, Operation) and len(test.operands) == 2:
        return _compared(test, path)
    if isinstance(test, Application):
        return _called(test, path)
    return None


def _compared(test: Operation, path: str) -> bool | None:
    compare: dict[str, Callable[[str, tuple[str, ...]], bool]] = {
        "==": lambda p, texts: p in texts, "in": lambda p, texts: p in texts,
        "!=": lambda p, texts: p not in texts, "not in": lambda p, texts: p not in texts,
    }  # fmt: skip
    texts = _texts(test.operands[1])
    if test.operator not in compare or texts is None or not is_path(test.operands[0]):
        return None
    return compare[test.operator](path, texts)


def _called(test: Application, path: str) -> bool | None:
    name, of = called_name(test), receiver(test)
    if name in {"any", "all"} and test.arguments.positional:
        inner = test.arguments.positional[0]
        if isinstance(inner, Sequence):
            found = [decide(item, path) for item in inner.items]
            if None in found:
                return True if name == "any" and True in found else None
            return any(found) if name == "any" else all(found)
    if name in {"startswith", "endswith"} and of is not None and is_path(of) and test.arguments.positional:
        texts = _texts(test.arguments.positional[0])
        if texts is not None:
            return path.startswith(texts) if name == "startswith" else path.endswith(texts)
    return None


def is_path(value: Value) -> bool:
    """Whether a value is `request.url.path` or `scope["path"]`."""
    if isinstance(value, Application) and called_name(value) in {"rstrip", "lower", "str"}:
        value = receiver(value) or value.arguments.positional[0]
    named = isinstance(value, Member) and value.name == "path"
    return (named or type(value).__name__ == "Item") and any(
        isinstance(node, Symbol) and isinstance(node.role, Connection) for node in walk(value)
    )


def _texts(value: Value) -> tuple[str, ...] | None:
    items = value.items if isinstance(value, Sequence) else [value]
    texts = tuple(i.value for i in items if isinstance(i, Const) and isinstance(i.value, str))
    return texts if len(texts) == len(items) else None
