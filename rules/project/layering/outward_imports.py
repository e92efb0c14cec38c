"""Imports at run time that go from an inner layer to an outer one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.modules import ModuleInfo
from rules.ir import nodes as ir
from rules.project.layering.module_imports import imported_modules, imports_at_run_time
from rules.project.layers import CORE, Layer
from rules.project.schema.tables import common_depth

if TYPE_CHECKING:
    from rules.project.project import Project


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
        for node in imports_at_run_time(module):
            for target in imported_modules(project.index, module, node):
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
