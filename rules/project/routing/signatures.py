"""The signature of a dependency or handler, as `inspect.signature` shows it to FastAPI."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rules.evaluation.attributes import find_in_class
from rules.evaluation.machine import Machine
from rules.evaluation.modules import ModuleInfo
from rules.evaluation.scopes import Scope
from rules.evaluation.values import (
    Application,
    ClassValue,
    External,
    FieldValue,
    FunctionValue,
    Instance,
    Origin,
    Parametrized,
    Value,
)
from rules.ir import nodes as ir
from rules.project.routing.callables import held_by_class, partial_of
from rules.project.routing.framework import base_classes, dotted, security_scheme, split

_FORMS = {
    "OAuth2PasswordRequestForm": (
        "grant_type",
        "username",
        "password",
        "scope",
        "client_id",
        "client_secret",
    ),
}
_FORMS["OAuth2PasswordRequestFormStrict"] = _FORMS["OAuth2PasswordRequestForm"]
_CHAIN = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SignatureParameter:
    """A parameter before FastAPI decides what it is; `form` marks those of library forms."""

    name: str
    annotation: Value | None
    default: Value | None
    origin: Origin | None
    form: bool = False
    variadic: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """The parameters, and whether they are all known."""

    parameters: tuple[SignatureParameter, ...] = ()
    known: bool = True


class Signatures:
    """Reads signatures; annotations and defaults are evaluated where they were written."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def of(self, value: Value) -> Signature:
        """The signature of any callable; an unknown one is empty and not `known`."""
        for _ in range(_CHAIN):
            if isinstance(value, FunctionValue) and value.wraps is not None:
                value = value.wraps
        match value:
            case FunctionValue():
                return Signature(self._function(value), known=not _is_rewritten(value))
            case Parametrized(base=ClassValue() as cls) | (ClassValue() as cls):
                return self._class(cls)
            case Instance(cls=cls):
                return self._instance(value, cls)
            case External():
                return _library(value)
            case Application():
                return self._application(value)
            case _:
                return Signature(known=False)

    def returns(self, value: Value) -> Value | None:
        """The return annotation of a callable; None where none is written."""
        for _ in range(_CHAIN):
            if isinstance(value, FunctionValue) and value.wraps is not None:
                value = value.wraps
            elif (inner := partial_of(value)) is not None:
                value = inner
        if isinstance(value, Instance) and (found := find_in_class(value.cls, "__call__")) is not None:
            value = found[0]
        if not isinstance(value, FunctionValue) or not isinstance(value.node, ir.Function):
            return None
        if value.node.returns is None:
            return None
        with _before_definition(value):
            return self._machine.annotation(value.node.returns, value.scope)

    def of_controller(self, cls: ClassValue) -> Signature:
        """A `cbv` class: the parameters of its own `__init__`, then its annotated attributes."""
        own = self._class(cls) if find_in_class(cls, "__init__") is not None else Signature()
        return Signature((*own.parameters, *self._fields(cls)), own.known and not cls.has_unknown_base())

    def _function(self, function: FunctionValue, skipped: int = 0) -> tuple[SignatureParameter, ...]:
        """The parameters after the bound one; its own name means in them what it meant before the `def`."""
        parameters = list(function.node.parameters)[skipped or (1 if function.bound is not None else 0) :]
        with _before_definition(function):
            return tuple(self._parameter(p, function.scope, function.module) for p in parameters)

    def _parameter(self, node: ir.Parameter, scope: Scope, module: ModuleInfo) -> SignatureParameter:
        return SignatureParameter(
            name=node.name,
            annotation=None if node.annotation is None else self._machine.annotation(node.annotation, scope),
            default=None
            if node.default is None
            else held_by_class(self._machine.evaluate(node.default, scope)),
            origin=Origin(module, node),
            variadic=node.kind in {"*", "**"},
        )

    def _class(self, cls: ClassValue) -> Signature:
        found = find_in_class(cls, "__init__")
        if found is not None and isinstance(found[0], FunctionValue):
            return Signature(self._function(found[0], skipped=1))
        if _takes_fields(cls):
            return Signature(self._fields(cls), known=not cls.has_unknown_base())
        for name in base_classes(cls):
            if split(name)[1] in _FORMS:
                return _library(External(name))
        return Signature(known=not cls.has_unknown_base())

    def _fields(self, cls: ClassValue) -> tuple[SignatureParameter, ...]:
        fields: dict[str, tuple[FieldValue, ClassValue]] = {}
        for base in reversed(cls.linearized()):
            if isinstance(base, ClassValue):
                fields |= {f.name: (f, base) for f in base.fields if f.annotation is not None}
        return tuple(
            self._field(declared, owner)
            for declared, owner in fields.values()
            if not declared.name.startswith("_") and declared.name != "model_config"
        )

    def _field(self, declared: FieldValue, owner: ClassValue) -> SignatureParameter:
        assert declared.annotation is not None
        return SignatureParameter(
            name=declared.name,
            annotation=self._machine.annotation(declared.annotation, owner.scope),
            default=declared.value,
            origin=Origin(owner.module, declared.node),
        )

    def _instance(self, value: Instance, cls: ClassValue) -> Signature:
        found = find_in_class(cls, "__call__")
        if found is not None and isinstance(found[0], FunctionValue):
            return Signature(self._function(found[0], skipped=1))
        return Signature(known=security_scheme(value) is not None)

    def _application(self, value: Application) -> Signature:
        inner = partial_of(value)
        if inner is None:
            return Signature(known=security_scheme(value) is not None)
        found = self.of(inner)
        taken = len(value.arguments.positional) - 1
        given = value.arguments.keywords
        kept = [replace(p, default=given.get(p.name, p.default)) for p in found.parameters[max(taken, 0) :]]
        return Signature(tuple(kept), found.known and not value.arguments.is_open)


@contextlib.contextmanager
def _before_definition(function: FunctionValue) -> Iterator[None]:
    """The scope as it was when the `def` was executed, as far as its own name goes."""
    bindings, name = function.scope.bindings, function.qualname.rpartition(".")[2]
    bound = bindings.get(name)
    if not isinstance(bound, FunctionValue) or bound.node is not function.node:
        yield
        return
    if function.shadows is None:
        del bindings[name]
    else:
        bindings[name] = function.shadows
    try:
        yield
    finally:
        bindings[name] = bound


def _takes_fields(cls: ClassValue) -> bool:
    names = {split(name)[1] for name in cls.externals()}
    decorators = [
        d.decorator for base in cls.linearized() if isinstance(base, ClassValue) for d in base.decorations
    ]
    called = [dotted(d.function if isinstance(d, Application) else d) for d in decorators]
    return bool(names & {"BaseModel", "SQLModel", "BaseSettings", "NamedTuple", "GenericModel"}) or any(
        split(name)[1] in {"dataclass", "define", "frozen", "attrs", "s"} for name in called
    )


def _is_rewritten(function: FunctionValue) -> bool:
    """Whether a library's decorator may show other parameters than the `**kwargs` that are written."""
    decorators = [d.decorator for d in function.decorations]
    makers = [d.function if isinstance(d, Application) else d for d in decorators]
    takes_any = any(parameter.kind == "**" for parameter in function.node.parameters)
    return takes_any and any(isinstance(maker, External) for maker in makers)


def _library(value: External) -> Signature:
    last = split(value.name)[1]
    if last in _FORMS:
        names = _FORMS[last]
        parameters = [
            SignatureParameter(name=name, annotation=None, default=None, origin=None, form=True)
            for name in names
        ]
        return Signature(tuple(parameters))
    return Signature(known=value.name.startswith("fastapi.security."))
