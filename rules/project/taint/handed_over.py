"""Project functions that a request hands to a thread, an executor or a background task."""

from __future__ import annotations

from rules.evaluation.machine import Machine
from rules.evaluation.values import Application, Arguments, Effect, FunctionValue, Value
from rules.project.isolation.paths import Log
from rules.project.isolation.terms import called_name
from rules.project.taint.library_calls import HANDS_OVER

_BUDGET = 2_000


def with_handed_over(machine: Machine, log: Log) -> Log:
    """The log with the effects of such functions behind the call that hands them over; itself without any."""
    if not log.index.calls(HANDS_OVER):
        return log
    effects: list[Effect] = []
    start = log.handler
    for position, effect in enumerate(log.effects):
        effects.append(effect)
        found = handed_over(effect.value) if effect.kind == "call" else None
        if found is None:
            continue
        inner = _effects(machine, effect, *found)
        effects.extend(inner)
        start += len(inner) if position < log.handler else 0
    return log if len(effects) == len(log.effects) else Log(effects, start, log.depth)


def handed_over(value: Value) -> tuple[FunctionValue, Arguments] | None:
    """The project function that a call hands over, and what it is called with."""
    if not isinstance(value, Application):
        return None
    position = HANDS_OVER.get(called_name(value))
    given = value.arguments.positional
    if position is None or len(given) <= position:
        return None
    function = given[position]
    if not isinstance(function, FunctionValue):
        return None
    return function, Arguments(given[position + 1 :], value.arguments.keywords, value.arguments.is_open)


def _effects(machine: Machine, outer: Effect, function: FunctionValue, arguments: Arguments) -> list[Effect]:
    trace = machine.trace(function, arguments, outer.origin, budget=_BUDGET)
    return [
        Effect(
            inner.kind,
            inner.value,
            outer.conditions + inner.conditions,
            inner.origin,
            outer.stack + inner.stack,
            inner.target,
            inner.name,
        )
        for inner in trace.effects
        if inner.kind != "raise"
    ]
