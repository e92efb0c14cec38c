"""The conditions of a registration as a reader would write them."""

from __future__ import annotations

from collections.abc import Iterable

from rules.evaluation.machine import Machine
from rules.evaluation.modules import ModuleInfo
from rules.evaluation.values import Condition, Const, Operation, Symbol, Value
from rules.ir import nodes as ir
from rules.ir.walk import walk


def condition_text(condition: Condition) -> str:
    """The source text of what is assumed: `settings.DEBUG`, `not (settings.DEBUG)`, `except ImportError`."""
    source = condition.origin.module.source
    test = condition.test
    if isinstance(test, Symbol) and test.role == "caught":
        node = condition.origin.node
        types = source.segment(node.types) if isinstance(node, ir.Handler) and node.types is not None else ""
        return f"except {types}".rstrip()
    text = " ".join(source.segment(condition.origin.node).split())
    if isinstance(test, Symbol) and test.role == "each":
        return f"for each of {text}"
    return f"not ({text})" if condition.negated else text


def holds_by_default(conditions: Iterable[Condition]) -> bool:
    """Whether nothing among the conditions is false with the settings' defaults."""
    return all(_by_default(c.test) is not c.negated for c in conditions)


def _by_default(test: Value) -> bool | None:
    """What a test gives with the settings' defaults; None where that is not known either."""
    if isinstance(test, Const) and test.configurable:
        return bool(test.value)
    if not isinstance(test, Operation) or test.operator not in {"and", "or", "not"}:
        return None
    parts = [_by_default(part) for part in test.operands]
    if test.operator == "not":
        return None if parts[0] is None else not parts[0]
    deciding = test.operator == "or"
    if deciding in parts:
        return deciding
    return None if None in parts else not deciding


def exclude_each_other(left: Iterable[Condition], right: Iterable[Condition]) -> bool:
    """Whether two things never happen in one run: they stand in different branches of one test."""
    sides = {(id(c.origin.node), c.negated) for c in left}
    return any((id(c.origin.node), not c.negated) in sides for c in right)


class Guards:
    """Tells conditions that decide whether something is registered from checks that stop the start-up.

    After `if not settings.SECRET: raise …` everything that follows happens in every application that runs
    at all, so such a test is no condition of it.
    """

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._stopping: dict[str, set[int]] = {}

    def kept(self, conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
        """The conditions that matter, each once."""
        unique = {(id(c.origin.node), c.negated): c for c in conditions}
        return tuple(c for c in unique.values() if not self._stops(c))

    def _stops(self, condition: Condition) -> bool:
        module = condition.origin.module
        if module.path not in self._stopping:
            self._stopping[module.path] = self._tests(module)
        return id(condition.origin.node) in self._stopping[module.path]

    def _tests(self, module: ModuleInfo) -> set[int]:
        found: set[int] = set()
        pending: list[tuple[ir.Stmt, ...]] = [module.source.module.statements]
        while pending:
            for node in walk(pending.pop()):
                if (
                    isinstance(node, ir.If) and any(_raises(suite) for suite in (node.body, node.otherwise))
                ) or isinstance(node, ir.Assert):
                    found.add(id(node.test))
                elif isinstance(node, ir.Function):
                    pending.append(module.source.module.body(node))
        return found


def _raises(suite: tuple[ir.Stmt, ...]) -> bool:
    return bool(suite) and isinstance(suite[-1], ir.Raise)
