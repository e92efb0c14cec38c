"""Calls that depend on nothing a request brings are evaluated once and repeated from their summary.

Service locators, factories and settings are called in every handler with the same constants. A summary
holds what such a call gave, did and assumed. What it made is shared by all runs, so it is never changed:
a run keeps its own writes to shared objects in its overlay.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

import msgspec

from rules.evaluation.run import PathEnded, Run
from rules.evaluation.values import (
    Application,
    Arguments,
    ClassValue,
    Condition,
    Const,
    Dictionary,
    Effect,
    External,
    FunctionValue,
    Instance,
    ModuleValue,
    Origin,
    Sequence,
    Value,
)

Enter = Callable[[Run, FunctionValue, Arguments, Origin], Value]
_MAX_EFFECTS = 400


class Summary(msgspec.Struct, frozen=True, eq=False):
    """What a call gave (None where it always raises), and what it did and assumed, relative to its caller."""

    value: Value | None
    effects: tuple[Effect, ...]
    conditions: tuple[Condition, ...]


def call_once(run: Run, function: FunctionValue, arguments: Arguments, origin: Origin, enter: Enter) -> Value:
    """The call's value, from its summary where it has one. Raises PathEnded where the call always raises."""
    key = _key_of_call(run, function, arguments)
    if key is None:
        return enter(run, function, arguments, origin)
    found = run.summaries.get(key)
    if found is None:
        return _record(run, key, function, arguments, origin, enter)
    _repeat(run, found, origin)
    if found.value is None:
        raise PathEnded
    run.conditions.extend(found.conditions)
    return found.value


def _repeat(run: Run, summary: Summary, origin: Origin) -> None:
    """Log the summary's effects again; those that share what they assumed share it again."""
    conditions, stack = run.assumed(), (*run.stack, origin)
    held: dict[int, tuple[Condition, ...]] = {}
    calls: dict[int, tuple[Origin, ...]] = {}
    for effect in summary.effects:
        assumed = held.get(id(effect.conditions))
        if assumed is None:
            assumed = held[id(effect.conditions)] = conditions + effect.conditions
        called = calls.get(id(effect.stack))
        if called is None:
            called = calls[id(effect.stack)] = stack + effect.stack
        run.effects.append(
            Effect(effect.kind, effect.value, assumed, effect.origin, called, effect.target, effect.name)
        )


def _record(
    run: Run, key: Hashable, function: FunctionValue, arguments: Arguments, origin: Origin, enter: Enter
) -> Value:
    start, base, depth = len(run.effects), len(run.conditions), len(run.stack) + 1
    owned, was_complete = run.owned, run.complete
    run.owned, run.complete = {}, True
    try:
        value: Value | None = enter(run, function, arguments, origin)
    except PathEnded:
        value = None
    finally:
        made_whole, run.complete = run.complete, run.complete and was_complete
        made, run.owned = run.owned, owned
    effects = run.effects[start:]
    if made_whole and len(effects) <= _MAX_EFFECTS:
        run.summaries[key] = Summary(value, _relative(effects, base, depth), tuple(run.conditions[base:]))
    elif owned is not None:
        owned.update(made)
    if value is None:
        raise PathEnded
    return value


def _relative(effects: list[Effect], base: int, depth: int) -> tuple[Effect, ...]:
    """The effects without the first `base` conditions and `depth` calls."""
    held = {id(e.conditions): e.conditions[base:] for e in effects}
    calls = {id(e.stack): e.stack[depth:] for e in effects}
    return tuple(
        Effect(e.kind, e.value, held[id(e.conditions)], e.origin, calls[id(e.stack)], e.target, e.name)
        for e in effects
    )


def _key_of_call(run: Run, function: FunctionValue, arguments: Arguments) -> Hashable | None:
    if run.owned is None or arguments.is_open or any(f.node is function.node for f in run.frames):
        return None
    parts: list[Hashable] = []
    for value in (function, *arguments.positional):
        key = _key(run, value, 0)
        if key is None:
            return None
        parts.append(key)
    for name, value in arguments.keywords.items():
        key = _key(run, value, 0)
        if key is None:
            return None
        parts.append((name, key))
    return tuple(parts)


def _key(run: Run, value: Value, depth: int) -> Hashable | None:
    match value:
        case Const(value=scalar, configurable=configurable):
            return type(scalar).__name__, scalar, configurable
        case External(name=name):
            return "external", name
        case ClassValue() | ModuleValue():
            return id(value)
        case FunctionValue(scope=scope, bound=bound) if scope.kind in ("module", "class") and depth < 3:
            bound_key = 0 if bound is None else _key(run, bound, depth + 1)
            return None if bound_key is None else (id(value.node), bound_key)
        case Instance() | Application() | Sequence() | Dictionary():
            fresh = run.owned is None or id(value) in run.owned
            return None if fresh or id(value) in run.touched else id(value)
        case _:
            return None
