"""What an application is called: the name that a server is started with, unique in the repository."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from rules.evaluation.machine import Machine
from rules.evaluation.modules import ModuleInfo
from rules.evaluation.values import FunctionValue, Instance, Origin, Value, alternatives
from rules.ir import nodes as ir
from rules.project.routing.configured_applications import ConfiguredApplication
from rules.project.routing.framework import is_application


class Labels:
    """Names applications `module:name` by the binding that holds them, or `module:factory()`.

    Where applications of several import roots have the same name, the root stands before it:
    `orders/app.main:app`.
    """

    def __init__(
        self,
        machine: Machine,
        applications: Iterable[Value],
        *,
        factories: Mapping[int, FunctionValue],
        configured: Mapping[int, ConfiguredApplication],
    ) -> None:
        self._machine = machine
        self._factories = factories
        self._configured = configured
        self._applications = list(applications)

    def of(self, value: Value) -> str:
        """The label of any application value."""
        root, name = self._name(value)
        return f"{root}/{name}" if root and len(self._roots.get(name, ())) > 1 else name

    @cached_property
    def _roots(self) -> dict[str, set[str]]:
        """The import roots from which each name means an application."""
        found: dict[str, set[str]] = {}
        for value in self._applications:
            root, name = self._name(value)
            found.setdefault(name, set()).add(root)
        return found

    def _name(self, value: Value) -> tuple[str, str]:
        named = self._configured.get(id(value))
        if named is not None:
            return named.root, named.name
        if id(value) in self._held:
            return self._held[id(value)]
        factory = self._factories.get(id(value))
        if factory is not None:
            return _from(factory.module, f"{factory.qualname}()")
        origin = getattr(value, "origin", None)
        if not isinstance(origin, Origin):
            return "", "unknown"
        return _from(origin.module, _enclosing(self._machine, origin))

    @cached_property
    def _held(self) -> dict[int, tuple[str, str]]:
        found: dict[int, tuple[tuple[bool, int, str], tuple[str, str]]] = {}
        for scope in self._machine.executed():
            imported = _imported(scope.module)
            for name, bound in list(scope.bindings.items()):
                for path, value in _applications_in(name, bound):
                    rank = (name in imported, scope.module.path.count("/"), scope.module.path)
                    if id(value) not in found or rank < found[id(value)][0]:
                        found[id(value)] = (rank, _from(scope.module, path))
        return {key: name for key, (_, name) in found.items()}


def _from(module: ModuleInfo, name: str) -> tuple[str, str]:
    """The import root of a module, and `module:name`."""
    path = module.path.removesuffix(".py").removesuffix("/__init__")
    root = path.removesuffix(module.dotted.replace(".", "/")).rstrip("/")
    return root, f"{module.dotted}:{name}"


def _applications_in(name: str, bound: Value) -> Iterator[tuple[str, Value]]:
    for alternative in alternatives(bound):
        value = alternative.value
        if is_application(value):
            yield name, value
        elif isinstance(value, Instance):
            for attribute, inner in value.attributes.items():
                if is_application(inner):
                    yield f"{name}.{attribute}", inner


def _imported(module: ModuleInfo) -> set[str]:
    names: set[str] = set()
    for statement in module.source.module.statements:
        if isinstance(statement, ir.ImportFrom | ir.Import):
            names |= {alias.bound or alias.name for alias in statement.names}
    return names


def _enclosing(machine: Machine, origin: Origin) -> str:
    for value in machine.scope(origin.module).bindings.values():
        if isinstance(value, FunctionValue) and value.module is origin.module:
            node = value.node
            if node.line <= origin.node.line <= node.end_line:
                return f"{value.qualname}()"
    return "application"
