"""Import statements: project modules are executed, everything else is external by its dotted name."""

from __future__ import annotations

from rules.evaluation.modules import ModuleInfo, Namespace
from rules.evaluation.run import Run
from rules.evaluation.scopes import Scope
from rules.evaluation.values import Const, Deferred, External, Sequence, Unknown, Value
from rules.ir import nodes as ir


def import_modules(run: Run, node: ir.Import, scope: Scope) -> None:
    """`import a.b, c as d`."""
    for alias in node.names:
        found = run.import_named(scope.module, alias.name)
        if alias.bound is not None:
            scope.bind(alias.bound, found or External(alias.name))
        else:
            top = alias.name.partition(".")[0]
            scope.bind(top, run.import_named(scope.module, top) or External(top))


def import_from(run: Run, node: ir.ImportFrom, scope: Scope, *, deferred: bool) -> None:
    """`from module import names`; with `deferred` the module is not executed now."""
    target = run.locate(scope.module, node.level, node.module)
    if target is not None and not deferred:
        run.execute_import(scope.module, node.level, node.module)
    for alias in node.names:
        name = alias.bound or alias.name
        if alias.name == "*":
            _star(run, target, node, scope)
        elif target is None:
            outside = (
                Unknown("a relative import that leads nowhere")
                if node.level
                else External(f"{node.module}.{alias.name}")
            )
            scope.bind(name, outside)
        else:
            scope.bind(name, _member(run, target, alias.name, node, deferred=deferred))


def _member(
    run: Run, target: ModuleInfo | Namespace, name: str, node: ir.ImportFrom, *, deferred: bool
) -> Value:
    if isinstance(target, ModuleInfo):
        if deferred:
            return Deferred(target, name)
        found = run.module_scope(target).bindings.get(name)
        if found is not None:
            return found
    child = run.submodule(target, name)
    if child is not None:
        return child
    if isinstance(target, Namespace):
        return External(f"{node.module}.{name}")
    return Deferred(target, name)


def _star(run: Run, target: ModuleInfo | Namespace | None, node: ir.ImportFrom, scope: Scope) -> None:
    if not isinstance(target, ModuleInfo):
        scope.globals.star_sources.append(node.module)
        return
    source = run.module_scope(target)
    scope.globals.star_sources.extend(source.star_sources)
    exported = source.bindings.get("__all__")
    names = [n for n in source.bindings if not n.startswith("_")]
    if isinstance(exported, Sequence) and not exported.is_open:
        names = [str(i.value) for i in exported.items if isinstance(i, Const)]
    for name in names:
        value = source.bindings.get(name)
        if value is not None:
            scope.bind(name, value)
