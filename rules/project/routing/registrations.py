"""What is registered on which application or router, in order: read from the effects of the wiring run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from rules.evaluation.values import (
    Application,
    Arguments,
    ClassValue,
    Condition,
    Effect,
    FunctionValue,
    Member,
    Origin,
    Value,
)

VERBS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Registered:
    """Something registered: where, under which conditions, through which calls, and when (`order`)."""

    order: int
    origin: Origin
    conditions: tuple[Condition, ...]
    stack: tuple[Origin, ...]
    arguments: Arguments


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Endpoint(Registered):
    """A handler under a path. `kind` is `api`, `websocket`, or `raw` and `raw-websocket` for Starlette's."""

    kind: str
    path: Value | None
    methods: Value | tuple[str, ...] | None
    handler: Value

    @property
    def controller(self) -> ClassValue | None:
        """The decorated class whose unbound method the handler is.

        Class-based views such as `cbv` makes them pass an instance, built as a dependency, for `self`.
        """
        handler = self.handler
        if (
            not isinstance(handler, FunctionValue)
            or handler.bound is not None
            or handler.scope.kind != "class"
        ):
            return None
        parent, name = handler.scope.parent, handler.scope.qualname.rpartition(".")[2]
        owner = parent.lookup(name) if parent is not None else None
        if not isinstance(owner, ClassValue) or owner.scope is not handler.scope or not owner.node.decorators:
            return None
        is_method = handler.kind == "function" and [p.name for p in handler.node.parameters[:1]] == ["self"]
        return owner if is_method else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inclusion(Registered):
    """`include_router(router, prefix=…)`."""

    router: Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mounting(Registered):
    """`mount(path, app)`."""

    path: Value | None
    application: Value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MiddlewareEntry(Registered):
    """A middleware class with its options, or the function of `@app.middleware("http")` as `dispatch`."""

    cls: Value
    dispatch: Value | None = None
    in_constructor: bool = False


Entry: TypeAlias = Endpoint | Inclusion | Mounting


@dataclass(slots=True, eq=False)
class Register:
    """All that one application or router was given.

    `prefixes` are those that were assigned after it was made, with their order: a route keeps the prefix that
    its router had when the route was registered. `existence` is what the receiver itself depends on; what is
    registered on it does not depend on that once more.
    """

    receiver: Value
    entries: list[Entry] = field(default_factory=list)
    middleware: list[MiddlewareEntry] = field(default_factory=list)
    startup: list[tuple[Value, Origin]] = field(default_factory=list)
    dependencies: list[Value] = field(default_factory=list)
    prefixes: list[tuple[int, Value]] = field(default_factory=list)
    existence: tuple[Condition, ...] = ()


@dataclass(slots=True, eq=False)
class Registrations:
    """The registers by receiver, in the order in which the receivers appear."""

    registers: dict[int, Register] = field(default_factory=dict)

    def of(self, receiver: Value) -> Register:
        """The register of an application or router; an empty one where nothing was registered."""
        return self.registers.setdefault(id(receiver), Register(receiver))

    def __iter__(self) -> Iterator[Register]:
        return iter(list(self.registers.values()))


def decorator_of(effect: Effect) -> tuple[Application, Member] | None:
    """The inner call of `receiver.name(…)(target)` and its member, where the effect is such a call."""
    value = effect.value
    if not isinstance(value, Application) or not isinstance(value.function, Application):
        return None
    inner = value.function
    if isinstance(inner.function, Member) and value.arguments.positional:
        return inner, inner.function
    return None


def method_of(effect: Effect) -> tuple[Application, Member] | None:
    """The call `receiver.name(…)` and its member, where the effect is such a call."""
    value = effect.value
    if isinstance(value, Application) and isinstance(value.function, Member):
        return value, value.function
    return None
