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
Edges = dict[str, dict[str, "Import"]]
"""The imports of each path, by the path that they execute."""


@dataclass(frozen=True, slots=True)
class Import:
    """An import statement at a module's top level, and the module that it executes.

    `certain` is False under an `if`, which may never hold.
    """

    importer: ModuleInfo
    imported: ModuleInfo
    statement: ir.Stmt
    certain: bool

    @property
    def place(self) -> Place:
        """The statement."""
        return self.importer.source.place(self.statement)


def model_import_cycles(project: Project) -> Iterator[tuple[Import, ...]]:
    """Cycles among the modules that declare tables and their packages; the last import closes each.

    A module is in one cycle at most, and in a certain one first. `TYPE_CHECKING` blocks and imports within
    functions execute nothing.
    """
    edges = _edges(project)
    certain = {p: {t: e for t, e in held.items() if e.certain} for p, held in edges.items()}
    taken: set[str] = set()
    for found in _cycles(certain):
        taken |= {step.importer.path for step in found}
        yield found
    yield from _cycles({p: _without(held, taken) for p, held in edges.items() if p not in taken})


def _cycles(edges: Edges) -> Iterator[tuple[Import, ...]]:
    for _ in range(_MOST_CYCLES):
        found = _cycle({path: list(targets) for path, targets in edges.items()})
        if not found:
            return
        yield _from_first(found, edges)
        edges = {p: _without(held, set(found)) for p, held in edges.items() if p not in found}


def _without(held: dict[str, Import], paths: set[str]) -> dict[str, Import]:
    return {target: edge for target, edge in held.items() if target not in paths}


def _cycle(graph: dict[str, list[str]]) -> list[str]:
    """The paths of one cycle; empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        # graphlib gives each node as an import of the one before it, the first again at the end.
        found: list[str] = error.args[1]
        return found[::-1][:-1]
    return []


def _from_first(cycle: list[str], edges: Edges) -> tuple[Import, ...]:
    """The cycle's imports from the package, or the first module by name, around to it again."""
    start = min(range(len(cycle)), key=lambda i: (not cycle[i].endswith("__init__.py"), cycle[i]))
    ordered = cycle[start:] + cycle[:start]
    if any(b not in edges[a] for a, b in zip(ordered, ordered[1:] + ordered[:1], strict=True)):
        ordered = [ordered[0], *ordered[:0:-1]]
    return tuple(edges[a][b] for a, b in zip(ordered, ordered[1:] + ordered[:1], strict=True))


def _edges(project: Project) -> Edges:
    index = project.index
    declaring = {table.place.path for table in project.tables}
    packages = {f"{path.rpartition('/')[0]}/__init__.py" for path in declaring}
    edges: Edges = {}
    for path in sorted(declaring | packages):
        module = index.modules.get(path)
        held: dict[str, Import] = {}
        for found in _imports(index, module) if module is not None else ():
            if found.imported.path in declaring | packages and found.imported is not module:
                known = held.setdefault(found.imported.path, found)
                held[found.imported.path] = known if known.certain else found
        edges[path] = held
    return edges


def _imports(index: ModuleIndex, module: ModuleInfo) -> Iterator[Import]:
    for statement, certain in _executed(module.source.module.statements):
        if isinstance(statement, ir.Import):
            for alias in statement.names:
                resolved = index.absolute(module.path, alias.name)
                if resolved is not None and isinstance(resolved.target, ModuleInfo):
                    yield Import(module, resolved.target, statement, certain)
        elif isinstance(statement, ir.ImportFrom):
            yield from _named(index, module, statement, certain=certain)


def _named(
    index: ModuleIndex, module: ModuleInfo, statement: ir.ImportFrom, *, certain: bool
) -> Iterator[Import]:
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
            yield Import(module, target, statement, certain)


def _executed(suite: tuple[ir.Stmt, ...], *, certain: bool = True) -> Iterator[tuple[ir.Stmt, bool]]:
    for statement in suite:
        yield statement, certain
        if isinstance(statement, ir.If):
            is_typing = _is_type_checking(statement.test)
            if not is_typing:
                yield from _executed(statement.body, certain=False)
            yield from _executed(statement.otherwise, certain=certain and is_typing)
        elif isinstance(statement, ir.Try):
            yield from _executed(statement.body, certain=certain)


def _is_type_checking(test: ir.Expr) -> bool:
    name = test.id if isinstance(test, ir.Name) else getattr(test, "name", "")
    return name == "TYPE_CHECKING"
