"""Environment variables that are read beside the project's settings class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rules.evaluation.modules import ModuleInfo
from rules.finding import Place
from rules.ir import nodes as ir
from rules.project.layers import CORE
from rules.project.migrations.import_closure import import_closure
from rules.project.module_nodes import everything
from rules.project.schema.tables import common_depth

if TYPE_CHECKING:
    from rules.project.project import Project
    from rules.project.schema.schemas import Schema

_MARKS = (b"environ", b"getenv")
_OF_THE_SYSTEM = frozenset(
    {
        "HOME", "PATH", "PWD", "USER", "TMPDIR", "TEMP", "TZ", "CI", "HOSTNAME", "PYTEST_CURRENT_TEST",
        "PYTHONPATH", "LANG", "VIRTUAL_ENV",
    }
)  # fmt: skip
_SETTINGS = "BaseSettings"


@dataclass(frozen=True, slots=True, eq=False)
class EnvironmentRead:
    """A variable read at `node`, with the settings class that should have it as a field."""

    module: ModuleInfo
    node: ir.Node
    name: str
    layer: str
    settings: Schema

    @property
    def place(self) -> Place:
        """The reading expression."""
        return self.module.source.place(self.node)


@dataclass(slots=True)
class _Names:
    """What a module calls `os`, `os.environ` and `os.getenv`."""

    os: set[str] = field(default_factory=set)
    environ: set[str] = field(default_factory=set)
    getenv: set[str] = field(default_factory=set)


def environment_reads(project: Project) -> Iterator[EnvironmentRead]:
    """Every read in a layer but core, where the project has a settings class.

    A variable whose name is computed could be no field, so it does not count.
    """
    modules = [
        (module, layer)
        for path, module in project.index.modules.items()
        if any(mark in module.source.data for mark in _MARKS)
        and (layer := project.layers.of(path)) is not None
        and layer.name != CORE
    ]
    settings = settings_classes(project) if modules else []
    own = {schema.model.module.path for schema in settings}
    started = _started(project) if settings else frozenset()
    for module, layer in modules:
        if module.path in started and module.path not in own:
            names, nodes = _Names(), list(everything(module))
            for node in nodes:
                _learn(names, node)
            for node in nodes:
                name = _read(names, node)
                if name and name not in _OF_THE_SYSTEM:
                    yield EnvironmentRead(module, node, name, layer.name, _nearest(settings, module))


def _started(project: Project) -> frozenset[str]:
    """The modules that starting some application imports: not the scripts beside it."""
    starts = {a.origin.module.path: a.origin.module for a in project.applications}
    starts |= {r.origin.module.path: r.origin.module for r in project.routes}
    found: set[str] = set()
    for path, module in starts.items():
        if path not in found:
            found |= import_closure(project.index, module)
    return frozenset(found)


def _nearest(settings: list[Schema], module: ModuleInfo) -> Schema:
    return max(settings, key=lambda s: common_depth(s.model.module.path, module.path))


def settings_classes(project: Project) -> list[Schema]:
    """The classes that derive from `BaseSettings`, those with the most fields first."""
    found = [
        schema
        for schema in project.schemas.values()
        if any(name.rpartition(".")[2] == _SETTINGS for name in schema.model.externals())
    ]
    return sorted(found, key=lambda s: (-len(s.fields), s.model.qualified))


def _learn(names: _Names, node: ir.Node) -> None:
    if isinstance(node, ir.Import):
        names.os |= {alias.bound or "os" for alias in node.names if alias.name == "os"}
    elif isinstance(node, ir.ImportFrom) and node.module == "os" and not node.level:
        names.environ |= {a.bound or a.name for a in node.names if a.name == "environ"}
        names.getenv |= {a.bound or a.name for a in node.names if a.name == "getenv"}


def _read(names: _Names, node: ir.Node) -> str | None:
    """The variable that a node reads; None where it reads none, empty where its name is computed."""
    key: ir.Expr | None = None
    if isinstance(node, ir.Subscript) and _is_environ(names, node.value):
        key = node.index
    elif isinstance(node, ir.Call) and node.arguments and _is_reader(names, node.function):
        key = node.arguments[0]
    if key is None:
        return None
    return key.value if isinstance(key, ir.Constant) and isinstance(key.value, str) else ""


def _is_environ(names: _Names, node: ir.Expr) -> bool:
    if isinstance(node, ir.Name):
        return node.id in names.environ
    return isinstance(node, ir.Attribute) and node.name == "environ" and _is_os(names, node.value)


def _is_os(names: _Names, node: ir.Expr) -> bool:
    return isinstance(node, ir.Name) and node.id in names.os


def _is_reader(names: _Names, node: ir.Expr) -> bool:
    if isinstance(node, ir.Name):
        return node.id in names.getenv
    if not isinstance(node, ir.Attribute):
        return False
    return (node.name == "getenv" and _is_os(names, node.value)) or (
        node.name == "get" and _is_environ(names, node.value)
    )
