"""Defaults that the project refuses to run with: compared and raised on, or refused by a validator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rules.evaluation.machine import Machine
from rules.evaluation.modules import ModuleInfo
from rules.evaluation.values import (
    Application,
    Arguments,
    ClassValue,
    Const,
    External,
    FunctionValue,
    Origin,
    Sequence,
    Symbol,
    Value,
)
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.module_nodes import everything

_SOUND = "5b1f0c9e7ad24c6f8e3b6a90d1c47f25e8ab30649d7c12fe"
_VALIDATORS = frozenset({"field_validator", "validator"})
_EXITS = frozenset({"exit", "_exit", "abort"})


@dataclass(slots=True)
class RefusedDefaults:
    """Answers for one project."""

    machine: Machine
    counts: Callable[[str], bool]
    _compared: dict[str, bool] = field(default_factory=dict)

    def is_refused(self, text: str, cls: ClassValue | None, name: str) -> bool:
        """Whether the application does not run with `text` as the setting `name` of `cls`."""
        if text not in self._compared:
            self._compared[text] = any(self._compares(m, text) for m in self._modules(text))
        return self._compared[text] or (cls is not None and self._is_invalid(text, cls, name))

    def _modules(self, text: str) -> Iterator[ModuleInfo]:
        modules = self.machine.index.modules.items()
        named = {
            name
            for _, module in modules
            if text.encode() in module.source.data
            for name, value in self.machine.scope(module).bindings.items()
            if _holds(value, text)
        }
        for path, module in modules:
            data = module.source.data
            if self.counts(path) and (text.encode() in data or any(n.encode() in data for n in named)):
                yield module

    def _compares(self, module: ModuleInfo, text: str) -> bool:
        bindings = self.machine.scope(module).bindings

        def means(node: ir.Node) -> bool:
            if isinstance(node, ir.Constant):
                return node.value == text
            value = bindings.get(node.id) if isinstance(node, ir.Name) else None
            return value is not None and _holds(value, text)

        return any(
            isinstance(node, ir.If | ir.Assert)
            and any(isinstance(n, ir.Comparison) and any(map(means, walk(n))) for n in walk(node.test))
            and (isinstance(node, ir.Assert) or _stops((*node.body, *node.otherwise)))
            for node in everything(module)
        )

    def _is_invalid(self, text: str, cls: ClassValue, name: str) -> bool:
        for base in cls.linearized():
            for method in base.attributes.values() if isinstance(base, ClassValue) else ():
                if isinstance(method, FunctionValue) and _validates(method, name):
                    default, sound = (self._raises(method, cls, v) for v in (text, _SOUND))
                    if default - sound:
                        return True
        return False

    def _raises(self, method: FunctionValue, cls: ClassValue, text: str) -> set[int]:
        """The statements that raise when the validator is given a text."""
        function = FunctionValue(
            method.node, method.module, method.scope, method.qualname, owner=method.owner, kind="staticmethod"
        )
        others: list[Value] = [Symbol(p.name, "parameter") for p in method.node.parameters[2:]]
        trace = self.machine.trace(
            function, Arguments([cls, Const(text), *others]), Origin(method.module, method.node)
        )
        return {id(effect.origin.node) for effect in trace.effects if effect.kind == "raise"}


def _holds(value: Value, text: str) -> bool:
    if isinstance(value, Sequence):
        return any(_holds(item, text) for item in value.items)
    return isinstance(value, Const) and value.value == text and not value.configurable


def _validates(method: FunctionValue, name: str) -> bool:
    for decoration in method.decorations:
        made = decoration.decorator
        if not isinstance(made, Application) or not isinstance(made.function, External):
            continue
        if made.function.name.rpartition(".")[2] in _VALIDATORS:
            given = {v.value for v in made.arguments.positional if isinstance(v, Const)}
            return bool({name, "*"} & given)
    return False


def _stops(suite: tuple[ir.Stmt, ...]) -> bool:
    for node in walk(suite):
        if isinstance(node, ir.Raise):
            return True
        if isinstance(node, ir.Call):
            function = node.function
            last = function.name if isinstance(function, ir.Attribute) else getattr(function, "id", "")
            if last in _EXITS:
                return True
    return False
