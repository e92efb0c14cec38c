"""Branches that cannot be decided: each is run, and what they leave behind is merged."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from rules.evaluation.operators import truth
from rules.evaluation.run import PathEnded, Run
from rules.evaluation.scopes import Scope
from rules.evaluation.values import Alternative, Choice, Condition, Operation, Value, alternatives, choose


class Branch(msgspec.Struct, frozen=True):
    """A suite and what is assumed in it; None where nothing is."""

    condition: Condition | None
    enter: Callable[[], bool]


class _Outcome(msgspec.Struct, frozen=True):
    bindings: dict[str, Value]
    conditions: tuple[Condition, ...]


def branch(run: Run, scope: Scope, branches: list[Branch]) -> bool:
    """Run every branch from the same state. Afterwards bindings hold a choice where they differ.

    Where one branch alone is left at its end, its assumptions hold from there on.
    """
    base = len(run.conditions)
    before = dict(scope.bindings)
    outcomes: list[_Outcome] = []
    for option in branches:
        if option is not branches[0]:
            _restore(scope, before)
        if option.condition is not None:
            run.conditions.append(option.condition)
            run.conditions.extend(implied(option.condition))
        try:
            falls = option.enter()
        except PathEnded:
            falls = False
        if falls:
            outcomes.append(_Outcome(dict(scope.bindings), tuple(run.conditions[base:])))
        del run.conditions[base:]
    if not outcomes:
        _restore(scope, before)
        return False
    _restore(scope, _merged(outcomes))
    run.conditions.extend(_shared(outcomes))
    return True


def _shared(outcomes: list[_Outcome]) -> list[Condition]:
    """The conditions that all outcomes assume, by identity."""
    first, *rest = outcomes
    if not rest:
        return list(first.conditions)
    everywhere = set.intersection(*({id(c) for c in other.conditions} for other in rest))
    return [c for c in first.conditions if id(c) in everywhere] if everywhere else []


def _restore(scope: Scope, bindings: dict[str, Value]) -> None:
    scope.bindings.clear()
    scope.bindings.update(bindings)


def _merged(outcomes: list[_Outcome]) -> dict[str, Value]:
    first, *rest = outcomes
    if not rest:
        return first.bindings
    merged, differing = dict(first.bindings), set[str]()
    for outcome in rest:
        for name, value in outcome.bindings.items():
            if merged.setdefault(name, value) is not value:
                differing.add(name)
    for name in differing:
        merged[name] = choose(
            [Alternative(o.bindings[name], o.conditions) for o in outcomes if name in o.bindings]
        )
    return merged


def implied(condition: Condition) -> list[Condition]:
    """What a condition on a choice says of the path that led to the one alternative that fits it."""
    test, negated = condition.test, condition.negated
    while isinstance(test, Operation) and test.operator == "not":
        test, negated = test.operands[0], not negated
    if not isinstance(test, Choice):
        return []
    fitting = [a for a in alternatives(test) if truth(a.value) in (None, not negated)]
    if len(fitting) != 1:
        return []
    chosen = fitting[0]
    found = list(chosen.conditions)
    if truth(chosen.value) is None:
        found.append(Condition(chosen.value, negated=negated, origin=condition.origin))
    return found
