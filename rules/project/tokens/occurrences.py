"""Where the project makes and reads tokens: in every request, and in functions that no request reaches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.evaluation.modules import ModuleInfo
from rules.evaluation.values import Arguments, ClassValue, Effect, FunctionValue, Origin, Symbol, Value
from rules.finding import Place, TrailStep
from rules.ir import nodes as ir
from rules.ir.walk import walk as nodes_of
from rules.project.isolation.paths import Log
from rules.project.isolation.placement import place_of
from rules.project.taint.contexts import Context
from rules.project.tokens.token_calls import NAMES, TokenCall, token_call

_BUDGET = 2_000
_LIBRARIES = (b"jwt", b"jose", b"authlib", b"joserfc")


@dataclass(frozen=True, slots=True, eq=False)
class Occurrence:
    """One time that a call is made: in `context`, or in a function that is run by itself (None)."""

    call: TokenCall
    effect: Effect
    position: int
    log: Log
    context: Context | None = None

    @property
    def place(self) -> Place:
        """The span of the call."""
        return place_of(self.effect.origin)

    @property
    def complete(self) -> bool:
        """Whether all that happened around the call is known."""
        inspection = self.context.inspection if self.context is not None else None
        return inspection is not None and inspection.run.complete

    def later(self) -> Iterator[Effect]:
        """What was done afterwards."""
        return iter(self.log.effects[self.position + 1 :])

    def trail(self, note: str) -> tuple[TrailStep, ...]:
        """The steps that lead to the call."""
        if self.context is not None:
            return self.context.trail(self.effect, note)
        return (TrailStep(self.place.path, self.place.line, note),)


@dataclass(slots=True)
class Occurrences:
    """Collects them. What a shared dependency does is met in many requests and kept once for each."""

    found: list[Occurrence] = field(default_factory=list)
    _calls: dict[int, tuple[Value, TokenCall | None]] = field(default_factory=dict)
    _seen: set[int] = field(default_factory=set)

    def look(self, context: Context, log: Log) -> None:
        """Keep the calls of one run."""
        for position, effect in enumerate(log.effects):
            if effect.kind == "call" and (call := self._call(effect)) is not None:
                self._seen.add(id(effect.origin.node))
                self.found.append(Occurrence(call, effect, position, log, context))

    def _call(self, effect: Effect) -> TokenCall | None:
        known = self._calls.get(id(effect.value))
        if known is None:
            known = self._calls[id(effect.value)] = (effect.value, token_call(effect.value))
        return known[1]

    def unreached(self, module: ModuleInfo) -> Iterator[ir.Function]:
        """The functions of a module with calls that no run has met."""
        if not any(name in module.source.data for name in _LIBRARIES):
            return
        whole = module.source.module
        pending = [n for n in nodes_of(whole.statements) if isinstance(n, ir.Function)]
        while pending:
            function = pending.pop()
            body = whole.body(function)
            inside = list(nodes_of(body))
            pending += [node for node in inside if isinstance(node, ir.Function)]
            calls = (n for n in inside if isinstance(n, ir.Call) and _name(n) in NAMES)
            if any(id(call) not in self._seen for call in calls):
                yield function

    def look_alone(self, effects: tuple[Effect, ...]) -> None:
        """Keep the calls of a function that was run by itself, but for those that requests make too."""
        log = Log(effects)
        reached = frozenset(self._seen)
        for position, effect in enumerate(effects):
            if effect.kind != "call" or id(effect.origin.node) in reached:
                continue
            if (call := self._call(effect)) is not None:
                self._seen.add(id(effect.origin.node))
                self.found.append(Occurrence(call, effect, position, log))


def _name(call: ir.Call) -> str:
    function = call.function
    if isinstance(function, ir.Attribute):
        return function.name
    return function.id if isinstance(function, ir.Name) else ""


def functions_of(values: Iterator[Value]) -> Iterator[FunctionValue]:
    """The functions and methods among a module's names."""
    for value in values:
        if isinstance(value, FunctionValue):
            yield value
        elif isinstance(value, ClassValue):
            yield from (v for v in value.attributes.values() if isinstance(v, FunctionValue))


def unknown_arguments(function: FunctionValue) -> tuple[Arguments, Origin]:
    """Arguments of which nothing is known, for a function that is run by itself."""
    parameters = [p for p in function.node.parameters if p.kind not in {"*", "**"} and p.default is None]
    named: dict[str, Value] = {p.name: Symbol(p.name, "parameter") for p in parameters}
    return Arguments([], named), Origin(function.module, function.node)
