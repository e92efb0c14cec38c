"""Modules with tables that import each other when they are executed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from rules.evaluation.modules import ModuleIndex, ModuleInfo
from rules.finding import Place
from rules.ir import nodes as ir

if TYPE_CHECKING:
    from rules.project.project import Project

_MOST_CYCLES = 50


@dataclass(frozen=True, slots=True)
class Import:
    """An import statement at a module's top level, and the module that it executes."""

    importer: ModuleInfo
    imported: ModuleInfo
    statement: ir.Stmt

    @property
    def place(self) -> Place:
        """The statement."""
        return self.importer.source.place(self.statement)


def model_import_cycles(project: Project) -> Iterator[tuple[Import, ...]]:
    """Cycles among the modules that declare tables and their packages; the last import closes each.

    A module is in one cycle at most. `TYPE_CHECKING` blocks and imports within functions execute nothing.
    """
    edges = _edges(project)
    for _ in range(_MOST_CYCLES):
        found = _cycle({path: list(targets) for path, targets in edges.items()})
        if not found:
            return
        yield _from_first(found, edges)
        for path in found:
            edges.pop(path, None)
        edges = {p: {t: e for t, e in held.items() if t not in found} for p, held in edges.items()}


def _cycle(graph: dict[str, list[str]]) -> list[str]:
    """The paths of one cycle; empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        # graphlib gives each node as an import of the one before it, the first again at the end.
        found: list[str] = error.args[1]
        return found[::-1][:-1]
    return []


def _from_first(cycle: list[str], edges: dict[str, dict[str, Import]]) -> tuple[Import, ...]:
    """The cycle's imports from the package, or the first module by name, around to it again."""
    start = min(range(len(cycle)), key=lambda i: (not cycle[i].endswith("__init__.py"), cycle[i]))
    ordered = cycle[start:] + cycle[:start]
    if any(b not in edges[a] for a, b in zip(ordered, ordered[1:] + ordered[:1], strict=True)):
        ordered = [ordered[0], *ordered[:0:-1]]
    return tuple(edges[a][b] for a, b in zip(ordered, ordered[1:] + ordered[:1], strict=True))


def _edges(project: Project) -> dict[str, dict[str, Import]]:
    index = project.index
    declaring = {table.place.path for table in project.tables}
    packages = {f"{path.rpartition('/')[0]}/__init__.py" for path in declaring}
    edges: dict[str, dict[str, Import]] = {}
    for path in sorted(declaring | packages):
        module = index.modules.get(path)
        held: dict[str, Import] = {}
        for found in _imports(index, module) if module is not None else ():
            if found.imported.path in declaring | packages and found.imported is not module:
                held.setdefault(found.imported.path, found)
        edges[path] = held
    return edges


def _imports(index: ModuleIndex, module: ModuleInfo) -> Iterator[Import]:
    for statement in _executed(module.source.module.statements):
        if isinstance(statement, ir.Import):
            for alias in statement.names:
                resolved = index.absolute(module.path, alias.name)
                if resolved is not None and isinstance(resolved.target, ModuleInfo):
                    yield Import(module, resolved.target, statement)
        elif isinstance(statement, ir.ImportFrom):
            yield from _named(index, module, statement)


def _named(index: ModuleIndex, module: ModuleInfo, statement: ir.ImportFrom) -> Iterator[Import]:
    """`from package import name`: the submodule of that name, or else the package, which must have it."""
    if statement.level:
        parent = index.relative(module, statement.level, statement.module)
    else:
        resolved = index.absolute(module.path, statement.module)
        parent = resolved.target if resolved is not None else None
    for alias in statement.names if parent is not None else ():
        assert parent is not None
        child = index.submodule(parent, alias.name)
        target = child if isinstance(child, ModuleInfo) else parent
        if isinstance(target, ModuleInfo):
            yield Import(module, target, statement)


def _executed(suite: tuple[ir.Stmt, ...]) -> Iterator[ir.Stmt]:
    for statement in suite:
        yield statement
        if isinstance(statement, ir.If):
            if not _is_type_checking(statement.test):
                yield from _executed(statement.body)
            yield from _executed(statement.otherwise)
        elif isinstance(statement, ir.Try):
            yield from _executed(statement.body)


def _is_type_checking(test: ir.Expr) -> bool:
    name = test.id if isinstance(test, ir.Name) else getattr(test, "name", "")
    return name == "TYPE_CHECKING"
