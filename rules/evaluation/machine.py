"""The evaluator of one project: executes modules once, and runs functions symbolically on request."""

from __future__ import annotations

import sys
from collections.abc import Hashable
from dataclasses import dataclass

from rules.evaluation.attributes import attribute
from rules.evaluation.calls import call
from rules.evaluation.expressions import evaluate
from rules.evaluation.modules import ModuleIndex, ModuleInfo, Namespace, RootVotes
from rules.evaluation.registries import open_empty
from rules.evaluation.run import BudgetExceeded, PathEnded, Run
from rules.evaluation.scopes import Scope
from rules.evaluation.statements import execute
from rules.evaluation.summaries import Summary
from rules.evaluation.values import (
    Arguments,
    Const,
    Effect,
    External,
    FunctionValue,
    ModuleValue,
    Origin,
    Parametrized,
    Unknown,
    Value,
)
from rules.ir import nodes as ir
from rules.ir.expressions import parse_text

_STATEMENT_BUDGET = 6_000
_TOTAL_BUDGET = 300_000
_EXHAUSTED_BUDGET = 200
_TRACE_BUDGET = 20_000
_RECURSION = 12_000


@dataclass(frozen=True, slots=True)
class Trace:
    """A symbolic run of a function: what it did, what it gave, and whether it was followed to its end.

    `value` is None where every path raises.
    """

    effects: tuple[Effect, ...]
    value: Value | None
    complete: bool


class Machine:
    """Evaluates a project's modules as Python would import them, each at most once."""

    def __init__(self, index: ModuleIndex) -> None:
        self.index = index
        self._scopes: dict[str, Scope] = {}
        self._summaries: dict[Hashable, Summary] = {}
        self.wiring = self._run(_STATEMENT_BUDGET, owned=None)
        self.incomplete: list[Origin] = []
        self._spent = 0
        sys.setrecursionlimit(max(sys.getrecursionlimit(), _RECURSION))
        self._name_modules()

    def _run(self, budget: int, owned: dict[int, object] | None) -> Run:
        return Run(
            evaluate=evaluate,
            execute=execute,
            call=call,
            attribute=attribute,
            module_scope=self.scope,
            submodule=self._submodule,
            import_named=self._import_named,
            locate=self._locate,
            execute_import=self._execute_import,
            budget=budget,
            owned=owned,
            summaries=self._summaries,
        )

    def _name_modules(self) -> None:
        votes = RootVotes(self.index)
        for module in self.index.modules.values():
            for statement in module.source.module.statements:
                names: list[str] = []
                if isinstance(statement, ir.ImportFrom) and not statement.level:
                    names = [statement.module]
                elif isinstance(statement, ir.Import):
                    names = [alias.name for alias in statement.names]
                for name in names:
                    resolved = self.index.absolute(module.path, name)
                    if resolved is not None:
                        votes.record(module.path, resolved)
        votes.name_modules()

    def scope(self, module: ModuleInfo) -> Scope:
        """The module's names, after executing it (and what it imports) if that was not done yet.

        A module that is being executed is given as far as it got, as Python gives it in an import cycle.
        """
        found = self._scopes.get(module.path)
        if found is not None:
            return found
        scope = self._scopes[module.path] = Scope("module", module, None)
        scope.bindings["__name__"] = Const(module.dotted)
        scope.bindings["__package__"] = Const(
            module.dotted if module.is_package else module.dotted.rpartition(".")[0]
        )
        scope.bindings["__file__"] = Unknown("__file__")
        run = self.wiring
        saved = run.conditions, run.frames, run.stack, run.budget
        run.conditions, run.frames, run.stack = [], [], ()
        try:
            for statement in module.source.module.statements:
                self._statement(run, statement, scope)
        finally:
            run.conditions, run.frames, run.stack, run.budget = saved
        return scope

    def executed(self) -> tuple[Scope, ...]:
        """The scopes of the modules that were executed so far, in that order."""
        return tuple(self._scopes.values())

    def _statement(self, run: Run, statement: ir.Stmt, scope: Scope) -> None:
        allowed = run.budget = _STATEMENT_BUDGET if self._spent < _TOTAL_BUDGET else _EXHAUSTED_BUDGET
        try:
            execute(run, (statement,), scope)
        except (BudgetExceeded, RecursionError):
            self.incomplete.append(Origin(scope.module, statement))
            run.frames.clear()
            run.stack = ()
            run.conditions.clear()
        finally:
            self._spent += allowed - max(run.budget, 0)

    def evaluate(self, node: ir.Expr, scope: Scope) -> Value:
        """The value of an expression of module level, a default or a decorator's argument."""
        run = self._run(_TRACE_BUDGET, owned={})
        try:
            return evaluate(run, node, scope)
        except (BudgetExceeded, PathEnded, RecursionError):
            return Unknown("could not be evaluated")

    def annotation(self, node: ir.Expr, scope: Scope) -> Value:
        """The value of an annotation; parts written as strings are read as expressions."""
        return self._typed(self.evaluate(node, scope), scope, 0)

    def _typed(self, value: Value, scope: Scope, depth: int) -> Value:
        if depth > 20:
            return value
        if isinstance(value, Const) and isinstance(value.value, str):
            parsed = parse_text(value.value)
            return (
                Unknown("annotation")
                if parsed is None
                else self._typed(self.evaluate(parsed, scope), scope, depth + 1)
            )
        if isinstance(value, Parametrized) and not _is_named(value.base, "Literal"):
            head = 1 if _is_named(value.base, "Annotated") else len(value.arguments)
            typed = [self._typed(a, scope, depth + 1) for a in value.arguments[:head]]
            if all(a is b for a, b in zip(typed, value.arguments, strict=False)):
                return value
            return Parametrized(value.base, [*typed, *value.arguments[head:]], value.bar)
        return value

    def call(self, function: Value, arguments: Arguments, origin: Origin) -> Value:
        """Call in the wiring run, as start-up code would: what it registers counts from here on."""
        self.wiring.budget = _STATEMENT_BUDGET
        try:
            return call(self.wiring, function, arguments, origin)
        except (BudgetExceeded, PathEnded, RecursionError):
            self.incomplete.append(origin)
            return Unknown("the call did not come to an end")

    def trace(
        self, function: Value, arguments: Arguments, origin: Origin, *, budget: int = _TRACE_BUDGET
    ) -> Trace:
        """Run a function symbolically; nothing that start-up made is changed by it."""
        run = self._run(budget, owned={})
        try:
            value: Value | None = call(run, function, arguments, origin)
        except PathEnded:
            value = None
        except (BudgetExceeded, RecursionError):
            run.complete = False
            value = Unknown("the run took too long")
        return Trace(tuple(run.effects), value, run.complete)

    def open_registries(self) -> None:
        """From now on what start-up left empty may hold anything: it is filled while serving."""
        for scope in self._scopes.values():
            open_empty(scope.bindings.values())

    def body(self, function: FunctionValue) -> tuple[ir.Stmt, ...]:
        """The statements of a function; a lambda's body as its only return."""
        node = function.node
        if isinstance(node, ir.Lambda):
            return (ir.Return(node.line, node.column, node.end_line, node.end_column, node.body),)
        return function.module.source.module.body(node)

    def _submodule(self, parent: ModuleInfo | Namespace, name: str) -> Value | None:
        child = self.index.submodule(parent, name)
        if child is None:
            return None
        if isinstance(child, ModuleInfo):
            self.scope(child)
        return ModuleValue(child)

    def _import_named(self, importer: ModuleInfo, dotted: str) -> Value | None:
        target = self._locate(importer, 0, dotted)
        if target is None:
            return None
        self._execute_import(importer, 0, dotted)
        return ModuleValue(target)

    def _locate(self, importer: ModuleInfo, level: int, dotted: str) -> ModuleInfo | Namespace | None:
        if level:
            return self.index.relative(importer, level, dotted)
        resolved = self.index.absolute(importer.path, dotted)
        return None if resolved is None else resolved.target

    def _execute_import(self, importer: ModuleInfo, level: int, dotted: str) -> None:
        """Execute the module and the packages around it, as an import does."""
        if level:
            target = self.index.relative(importer, level, dotted)
            if isinstance(target, ModuleInfo):
                self.scope(target)
            return
        resolved = self.index.absolute(importer.path, dotted)
        parts = dotted.split(".")
        for end in range(1, len(parts) + 1) if resolved is not None else ():
            found = self.index.descend(resolved.root, ".".join(parts[:end])) if resolved else None
            if isinstance(found, ModuleInfo):
                self.scope(found)


def _is_named(value: Value, last: str) -> bool:
    return isinstance(value, External) and value.name.rpartition(".")[2] == last
