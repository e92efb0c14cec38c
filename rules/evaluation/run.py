"""The state of one evaluation: what was done, what is assumed, how deep it is, how long it may take."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rules.evaluation.values import (
    Application,
    Arguments,
    Condition,
    Effect,
    Origin,
    Value,
)

if TYPE_CHECKING:
    from rules.evaluation.modules import ModuleInfo, Namespace
    from rules.evaluation.scopes import Scope
    from rules.evaluation.summaries import Summary
    from rules.ir import nodes as ir

MAX_DEPTH = 24


class BudgetExceeded(Exception):
    """An evaluation took more steps than it may: its answer is unknown."""


class PathEnded(Exception):
    """The path that is being evaluated ends here: what was called always raises."""


@dataclass(slots=True)
class Frame:
    """A running call of a project function: where its conditions begin and what it returned so far."""

    node: ir.Node
    base: int
    exits: list[tuple[Value, tuple[Condition, ...]]] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)


@dataclass(slots=True)
class Run:
    """One evaluation. The callables are the parts of the evaluator, wired once in `machine`."""

    evaluate: Callable[[Run, ir.Expr, Scope], Value]
    execute: Callable[[Run, tuple[ir.Stmt, ...], Scope], bool]
    call: Callable[[Run, Value, Arguments, Origin], Value]
    attribute: Callable[[Run, Value, str, Origin], Value]
    module_scope: Callable[[ModuleInfo], Scope]
    submodule: Callable[[ModuleInfo | Namespace, str], Value | None]
    import_named: Callable[[ModuleInfo, str], Value | None]
    locate: Callable[[ModuleInfo, int, str], ModuleInfo | Namespace | None]
    execute_import: Callable[[ModuleInfo, int, str], None]
    budget: int
    effects: list[Effect] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    stack: tuple[Origin, ...] = ()
    owned: dict[int, object] | None = None
    complete: bool = True
    summaries: dict[Hashable, Summary] = field(default_factory=dict)
    overlay: dict[tuple[int, str], Value] = field(default_factory=dict)
    touched: dict[int, object] = field(default_factory=dict)
    _assumed: tuple[Condition, ...] = ()

    def step(self) -> None:
        """Count one statement or call. Raises BudgetExceeded when there are no more."""
        self.budget -= 1
        if self.budget <= 0:
            self.complete = False
            raise BudgetExceeded

    def log(
        self, kind: str, value: Value, origin: Origin, target: Value | None = None, name: str = ""
    ) -> None:
        """Record an effect with what is assumed at this moment."""
        self.effects.append(Effect(kind, value, self.assumed(), origin, self.stack, target, name))

    def assumed(self) -> tuple[Condition, ...]:
        """The conditions at this moment; one and the same tuple for as long as they stay the same."""
        now = tuple(self.conditions)
        if now != self._assumed:
            self._assumed = now
        return self._assumed

    def own(self, value: Value) -> None:
        """Mark a mutable value as made by this run, so that it may be changed."""
        if self.owned is not None:
            self.owned[id(value)] = value

    def may_change(self, value: object) -> bool:
        """False for things that an earlier run made: a request cannot change what start-up built."""
        return self.owned is None or id(value) in self.owned

    def overlay_attribute(self, owner: Value, name: str, value: Value) -> None:
        """Remember a write to something that this run must not change; only this run sees it."""
        self.overlay[id(owner), name] = value
        self.touched[id(owner)] = owner

    def opaque_call(self, function: Value, arguments: Arguments, origin: Origin) -> Application:
        """The term for a call that cannot be looked into, logged as an effect."""
        result = Application(function, arguments, origin)
        self.own(result)
        self.log("call", result, origin)
        return result
