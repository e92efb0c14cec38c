"""Imports at run time that go from an inner layer to an outer one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.modules import ModuleIndex, ModuleInfo
from rules.ir import nodes as ir
from rules.project.layers import CORE, Layer
from rules.project.schema.tables import common_depth

if TYPE_CHECKING:
    from rules.project.project import Project

_DEPTH = 6


@dataclass(frozen=True, slots=True, eq=False)
class OutwardImport:
    """`module` of layer `inner` imports `target` of layer `outer` with the statement `node`.

    `certain` is False where a broad name alone, such as a folder `core`, tells a layer.
    """

    module: ModuleInfo
    node: ir.Stmt
    target: ModuleInfo
    inner: Layer
    outer: Layer
    certain: bool


def outward_imports(project: Project) -> Iterator[OutwardImport]:
    """One for each import statement and target."""
    layers = project.layers
    configured = bool(project.options.layers)
    of_path = {path: layers.of(path) for path in project.index.modules}
    for path, module in project.index.modules.items():
        inner = of_path[path]
        if inner is None or inner.rank == 0:
            continue
        for node in _at_run_time(module.source.module.statements, 0):
            for target in _targets(project.index, module, node):
                outer = of_path.get(target.path)
                if outer is None or layers.allows(path, target.path):
                    continue
                if configured or not _share_the_folder(project, module, target):
                    certain = configured or CORE not in {inner.name, outer.name}
                    yield OutwardImport(module, node, target, inner, outer, certain)
                    break


def _share_the_folder(project: Project, module: ModuleInfo, target: ModuleInfo) -> bool:
    """Whether a folder that holds both is all that tells the target's layer: a feature called "service".

    A package that imports its own modules is no layer either.
    """
    if module.is_package and target.path.startswith(f"{module.directory}/"):
        return True
    if target.path in {route.origin.module.path for route in project.routes}:
        return False
    depth = common_depth(module.path, target.path)
    apart = "/".join(target.path.split("/")[depth:])
    return depth > 0 and project.layers.of(apart) is None and project.layers.of(target.path) is not None


def _at_run_time(suite: tuple[ir.Stmt, ...], depth: int) -> Iterator[ir.Import | ir.ImportFrom]:
    """The imports that importing the module executes: those of functions and type checkers are not."""
    for statement in suite if depth < _DEPTH else ():
        match statement:
            case ir.Import() | ir.ImportFrom():
                yield statement
            case ir.If(test=test, body=body, otherwise=otherwise):
                yield from () if _is_type_checking(test) else _at_run_time(body, depth + 1)
                yield from _at_run_time(otherwise, depth + 1)
            case ir.Try(body=body, otherwise=otherwise, handlers=handlers):
                for inner in (body, otherwise, *(handler.body for handler in handlers)):
                    yield from _at_run_time(inner, depth + 1)
            case ir.With(body=body):
                yield from _at_run_time(body, depth + 1)
            case _:
                pass


def _is_type_checking(test: ir.Expr) -> bool:
    name = test.name if isinstance(test, ir.Attribute) else test.id if isinstance(test, ir.Name) else ""
    return name == "TYPE_CHECKING"


def _targets(index: ModuleIndex, module: ModuleInfo, node: ir.Import | ir.ImportFrom) -> Iterator[ModuleInfo]:
    """The files that a statement names: the module, and submodules among the names."""
    if isinstance(node, ir.Import):
        found = [index.absolute(module.path, alias.name) for alias in node.names]
        yield from (r.target for r in found if r is not None and isinstance(r.target, ModuleInfo))
        return
    if node.level:
        parent = index.relative(module, node.level, node.module)
    else:
        resolved = index.absolute(module.path, node.module)
        parent = None if resolved is None else resolved.target
    if parent is None:
        return
    below = [index.submodule(parent, alias.name) for alias in node.names if alias.name != "*"]
    yield from (child for child in below if isinstance(child, ModuleInfo))
    if isinstance(parent, ModuleInfo) and any(child is None for child in below):
        yield parent
