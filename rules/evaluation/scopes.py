"""Name spaces: of a module, a class body, a function call, a comprehension."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rules.evaluation.values import Value

if TYPE_CHECKING:
    from rules.evaluation.modules import ModuleInfo


@dataclass(slots=True, eq=False)
class Scope:
    """Bindings with an enclosing scope. `kind` is `module`, `class`, `function` or `comprehension`."""

    kind: str
    module: ModuleInfo
    parent: Scope | None
    qualname: str = ""
    bindings: dict[str, Value] = field(default_factory=dict)
    outer_names: dict[str, Scope] = field(default_factory=dict)
    star_sources: list[str] = field(default_factory=list)

    def lookup(self, name: str) -> Value | None:
        """The value of a name by Python's rules: class scopes are not seen from inside functions."""
        value = self.bindings.get(name)
        if value is not None:
            return value
        scope = self.parent
        while scope is not None:
            if scope.kind != "class":
                value = scope.bindings.get(name)
                if value is not None:
                    return value
            scope = scope.parent
        return None

    def bind(self, name: str, value: Value) -> None:
        """Assign, honouring `global` and `nonlocal`."""
        target = self.outer_names.get(name, self)
        target.bindings[name] = value

    def child_qualname(self, name: str) -> str:
        """`__qualname__` of something named `name` that is defined here."""
        if not self.qualname:
            return name
        return f"{self.qualname}.{name}" if self.kind == "class" else f"{self.qualname}.<locals>.{name}"

    @property
    def globals(self) -> Scope:
        """The module's scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope
