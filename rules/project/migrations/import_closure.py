"""The files that a module imports at its top level, directly and through others."""

from __future__ import annotations

from collections.abc import Iterator

from rules.evaluation.modules import ModuleIndex, ModuleInfo, Namespace
from rules.ir import nodes as ir

_LIMIT = 5_000


def import_closure(index: ModuleIndex, start: ModuleInfo) -> frozenset[str]:
    """Paths of every module that executing `start` executes, itself included."""
    found = {start.path}
    waiting = [start]
    while waiting and len(found) < _LIMIT:
        module = waiting.pop()
        for target in _imports(index, module):
            if target.path not in found:
                found.add(target.path)
                waiting.append(target)
    return frozenset(found)


def _imports(index: ModuleIndex, module: ModuleInfo) -> Iterator[ModuleInfo]:
    for statement in _statements(module.source.module.statements):
        if isinstance(statement, ir.Import):
            for alias in statement.names:
                yield from _absolute(index, module, alias.name)
        elif isinstance(statement, ir.ImportFrom):
            yield from _from(index, module, statement)


def _statements(suite: tuple[ir.Stmt, ...]) -> Iterator[ir.Stmt]:
    for statement in suite:
        yield statement
        if isinstance(statement, ir.If):
            yield from _statements(statement.body)
            yield from _statements(statement.otherwise)
        elif isinstance(statement, ir.Try):
            yield from _statements(statement.body)


def _absolute(index: ModuleIndex, module: ModuleInfo, dotted: str) -> Iterator[ModuleInfo]:
    parts = dotted.split(".")
    for end in range(1, len(parts) + 1):
        resolved = index.absolute(module.path, ".".join(parts[:end]))
        if resolved is not None and isinstance(resolved.target, ModuleInfo):
            yield resolved.target


def _from(index: ModuleIndex, module: ModuleInfo, statement: ir.ImportFrom) -> Iterator[ModuleInfo]:
    parent: ModuleInfo | Namespace | None
    if statement.level:
        parent = index.relative(module, statement.level, statement.module)
    else:
        yield from _absolute(index, module, statement.module)
        resolved = index.absolute(module.path, statement.module)
        parent = resolved.target if resolved is not None else None
    if isinstance(parent, ModuleInfo):
        yield parent
    if parent is None:
        return
    for alias in statement.names:
        child = index.submodule(parent, alias.name)
        if isinstance(child, ModuleInfo):
            yield child
