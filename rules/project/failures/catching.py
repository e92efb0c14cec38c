"""Whether an exception that is raised somewhere is caught before it leaves the request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from rules.evaluation.machine import Machine
from rules.evaluation.modules import ModuleInfo
from rules.evaluation.values import (
    ClassValue,
    Effect,
    External,
    FunctionValue,
    Origin,
    Sequence,
    Value,
    alternatives,
)
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.call_frames import Frame, Frames, covers
from rules.project.openapi.route_options import route_options
from rules.project.routing.framework import split
from rules.project.routing.middleware import Middleware
from rules.project.routing.routes import Route

_EXITS = frozenset({"__exit__", "__aexit__"})
_BROAD = frozenset({"Exception", "BaseException"})


@dataclass(slots=True)
class Catching:
    """Looks at what stands around a raise: `try`, `with`, generator dependencies, middleware."""

    machine: Machine
    frames: Frames
    _tries: dict[int, tuple[ir.Node, ...]] = field(default_factory=dict)
    _guarded: dict[int, tuple[object, bool]] = field(default_factory=dict)
    _answers: dict[tuple[int, int, object], tuple[Effect, Value, bool]] = field(default_factory=dict)
    _caught: dict[tuple[int, object], tuple[Frame, Value, bool]] = field(default_factory=dict)

    def is_caught(self, effect: Effect, raised: Value) -> bool:
        """Whether something on the way out catches it, or may."""
        of = raised.name if isinstance(raised, External) else id(raised)
        key = id(effect.stack), id(effect.origin.node), of
        found = self._answers.get(key)
        if found is None:
            frames = reversed(self.frames.of(effect))
            found = (effect, raised, any(self._caught_in(frame, raised) for frame in frames))
            self._answers[key] = found
        return found[2]

    def _caught_in(self, frame: Frame, raised: Value) -> bool:
        key = id(frame.site.node), raised.name if isinstance(raised, External) else id(raised)
        found = self._caught.get(key)
        if found is None:
            found = self._caught[key] = (frame, raised, self._catches_in(frame, raised))
        return found[2]

    def _catches_in(self, frame: Frame, raised: Value) -> bool:
        for node in self._around(frame.function, frame.module):
            if isinstance(node, ir.Try):
                if _holds(node.body, frame.site) and self._handled(node, frame.module, raised):
                    return True
            elif (
                isinstance(node, ir.With)
                and _holds(node.body, frame.site)
                and any(self._suppresses(item.context, frame.module) for item in node.items)
            ):
                return True
        return False

    def _around(self, function: ir.Function, module: ModuleInfo) -> tuple[ir.Node, ...]:
        found = self._tries.get(id(function))
        if found is None:
            nodes = module.source.module.nodes(function)
            found = tuple(node for node in nodes if isinstance(node, ir.Try | ir.With))
            found = self._tries[id(function)] = tuple(sorted(found, key=lambda n: (n.line, n.column)))[::-1]
        return found

    def _handled(self, node: ir.Try, module: ModuleInfo, raised: Value) -> bool:
        """Whether a handler takes it and does not simply raise it again."""
        for handler in node.handlers:
            if handler.types is not None:
                types = self.machine.evaluate(handler.types, self.machine.scope(module))
                if not any(_takes(choice.value, raised) for choice in alternatives(types)):
                    continue
            first = handler.body[0] if handler.body else None
            return not (isinstance(first, ir.Raise) and first.exception is None)
        return False

    def _suppresses(self, context: ir.Expr, module: ModuleInfo) -> bool:
        """Whether a context manager may swallow or change what is raised inside."""
        called = context.function if isinstance(context, ir.Call) else context
        value = self.machine.evaluate(called, self.machine.scope(module))
        if isinstance(value, External):
            return split(value.name)[1] == "suppress"
        if isinstance(value, ClassValue):
            return any(
                name in base.attributes
                for base in value.linearized()
                if isinstance(base, ClassValue)
                for name in _EXITS
            )
        return isinstance(value, FunctionValue) and self._tries_to(value)

    def _tries_to(self, function: FunctionValue) -> bool:
        return any(isinstance(node, ir.Try) and node.handlers for node in walk(self.machine.body(function)))

    def is_wrapped(self, route: Route) -> bool:
        """Whether dependencies, middleware or a class of routes around the handler catch exceptions."""
        return (
            any(self._yields_and_catches(below.call) for below in route.dependant.flat())
            or any(self._catches(middleware) for middleware in route.middleware)
            or self._has_own_route_class(route)
        )

    def _yields_and_catches(self, call: Value) -> bool:
        def judge() -> bool:
            assert isinstance(call, FunctionValue)
            return any(
                isinstance(node, ir.Try)
                and node.handlers
                and any(isinstance(inner, ir.Yield) for inner in walk(node.body))
                and any(_ends_otherwise(handler) for handler in node.handlers)
                for node in walk(self.machine.body(call))
            )

        return isinstance(call, FunctionValue) and self._once(call, judge)

    def _catches(self, middleware: Middleware) -> bool:
        return any(
            self._once(value, partial(self._any_tries, value))
            for value in (middleware.cls, middleware.dispatch)
            if isinstance(value, ClassValue | FunctionValue)
        )

    def _any_tries(self, value: Value) -> bool:
        return any(self._tries_to(function) for function in _functions(value))

    def _once(self, about: Value, judge: Callable[[], bool]) -> bool:
        found = self._guarded.get(id(about))
        if found is None:
            found = self._guarded[id(about)] = (about, judge())
        return found[1]

    def _has_own_route_class(self, route: Route) -> bool:
        given = route_options(route).nearest("route_class")
        return given is not None and not isinstance(given, External)


def _functions(value: Value) -> Iterator[FunctionValue]:
    if isinstance(value, FunctionValue):
        yield value
    elif isinstance(value, ClassValue):
        for base in value.linearized():
            if isinstance(base, ClassValue):
                yield from (f for f in base.attributes.values() if isinstance(f, FunctionValue))


def _holds(suite: tuple[ir.Stmt, ...], site: Origin) -> bool:
    return any(covers(statement, site.node) for statement in suite)


def _ends_otherwise(handler: ir.Handler) -> bool:
    """Whether a handler does anything but roll back, log and raise the same again."""
    last = handler.body[-1] if handler.body else None
    return not (isinstance(last, ir.Raise) and last.exception is None)


def _takes(types: Value, raised: Value) -> bool:
    """Whether an `except` of these types takes what is raised; unknown types may."""
    if isinstance(types, Sequence):
        return any(_takes(item, raised) for item in types.items)
    bases = raised.linearized() if isinstance(raised, ClassValue) else [raised]
    if isinstance(types, ClassValue):
        return any(base is types for base in bases)
    if not isinstance(types, External):
        return True
    last = split(types.name)[1]
    if last in _BROAD:
        return True
    names = raised.externals() if isinstance(raised, ClassValue) else iter([getattr(raised, "name", "")])
    return any(split(name)[1] == last for name in names)
