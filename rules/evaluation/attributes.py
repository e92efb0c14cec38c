"""`value.name`: of modules, classes, instances, and terms."""

from __future__ import annotations

from msgspec import structs

from rules.evaluation.environment import overridable
from rules.evaluation.modules import ModuleInfo, Namespace
from rules.evaluation.run import Run
from rules.evaluation.values import (
    Alternative,
    Application,
    Arguments,
    Choice,
    ClassValue,
    Const,
    Deferred,
    External,
    FunctionValue,
    Instance,
    Member,
    ModuleValue,
    Operation,
    Origin,
    Parametrized,
    Sequence,
    Symbol,
    Unknown,
    Value,
    choose,
)

_PLAIN = (Const, Sequence, FunctionValue, ClassValue, External, ModuleValue, Parametrized)


def attribute(run: Run, value: Value, name: str, origin: Origin) -> Value:
    """The attribute, or a term for it where the value is opaque."""
    if run.overlay and (written := run.overlay.get((id(value), name))) is not None:
        return written
    if isinstance(value, Member):
        return Member(value, name, origin)
    match value:
        case External(name=dotted):
            return External(f"{dotted}.{name}")
        case ModuleValue(module=module):
            return _of_module(run, module, name)
        case Instance():
            return _of_instance(run, value, name, origin)
        case ClassValue():
            return _of_class(value, name, origin)
        case Symbol() | Application() if name in value.attributes:
            return value.attributes[name]
        case Symbol(annotation=ClassValue() as cls):
            return _of_annotated(run, value, cls, name, origin)
        case Choice(alternatives=alternatives):
            return choose(
                [Alternative(attribute(run, a.value, name, origin), a.conditions) for a in alternatives]
            )
        case Operation(operator="super", operands=[ClassValue() as owner, bound]):
            return _of_super(owner, bound, name, origin)
        case FunctionValue(wraps=FunctionValue() as wraps) if name in ("__name__", "__qualname__"):
            return attribute(run, wraps, name, origin)
        case FunctionValue() if name in ("__name__", "__qualname__"):
            return Const(value.qualname.rpartition(".")[2] if name == "__name__" else value.qualname)
        case FunctionValue(wraps=wraps) if name == "__wrapped__" and wraps is not None:
            return wraps
        case Unknown():
            return Unknown(f"{name} of something unknown: {value.reason}"[:200])
        case Const(configurable=True) if name in ("value", "_value_"):
            return value
        case _:
            return Member(value, name, origin)


def _of_module(run: Run, module: ModuleInfo | Namespace, name: str) -> Value:
    if isinstance(module, ModuleInfo):
        scope = run.module_scope(module)
        found = scope.bindings.get(name)
        if isinstance(found, Deferred):
            return _deferred(run, found)
        if found is not None:
            return found
    child = run.submodule(module, name)
    if child is not None:
        return child
    return Unknown(f"no {name} in the module")


def _deferred(run: Run, value: Deferred) -> Value:
    found: Value | None = value
    for _ in range(20):
        if not isinstance(found, Deferred):
            break
        found = run.module_scope(found.module).bindings.get(found.name)
    return found if found is not None and not isinstance(found, Deferred) else Unknown("circular import")


def find_in_class(cls: ClassValue, name: str) -> tuple[Value, ClassValue] | None:
    """The attribute by method resolution order among the project's classes, and the class that has it."""
    for base in cls.linearized():
        if isinstance(base, ClassValue) and name in base.attributes:
            return base.attributes[name], base
    return None


def _of_class(cls: ClassValue, name: str, origin: Origin) -> Value:
    if name in ("__name__", "__qualname__"):
        return Const(cls.node.name if name == "__name__" else cls.qualname)
    found = find_in_class(cls, name)
    if found is None:
        return Member(cls, name, origin)
    value, _ = found
    if isinstance(value, FunctionValue):
        if value.kind == "classmethod":
            return structs.replace(value, bound=cls)
        return Member(cls, name, origin) if value.kind == "property" else value
    return (
        value
        if isinstance(value, (*_PLAIN, Instance)) and not _is_field(cls, name)
        else Member(cls, name, origin)
    )


def _is_field(cls: ClassValue, name: str) -> bool:
    """Whether the class attribute is a column or field declaration rather than a plain value."""
    modelled = any(e.split(".")[0] in ("sqlmodel", "sqlalchemy", "sqlalchemy_utils") for e in cls.externals())
    if not modelled:
        return False
    return any(
        isinstance(base, ClassValue) and any(f.name == name and f.annotation is not None for f in base.fields)
        for base in cls.linearized()
    )


def _of_instance(run: Run, value: Instance, name: str, origin: Origin) -> Value:
    if name in value.attributes:
        return value.attributes[name]
    if name == "__class__":
        return value.cls
    if name == "__dict__":
        return Member(value, name, origin)
    found = find_in_class(value.cls, name)
    if found is None or (value.arguments.is_open and _is_data(found[1], name)):
        return Member(value, name, origin)
    return _bind(run, found[0], value, name, origin)


def _is_data(cls: ClassValue, name: str) -> bool:
    """Whether a class declares a field of that name: `Model(**data)` may have set it."""
    return any(f.name == name and f.annotation is not None for f in cls.fields)


def _bind(run: Run, found: Value, value: Value, name: str, origin: Origin) -> Value:
    if isinstance(found, FunctionValue):
        if found.kind == "property":
            return run.call(run, structs.replace(found, bound=value, kind="function"), Arguments(), origin)
        if found.kind == "staticmethod":
            return found
        return structs.replace(
            found, bound=value.cls if found.kind == "classmethod" and isinstance(value, Instance) else value
        )
    if isinstance(found, Application):
        return _default_of_field(run, found, value, name, origin)
    if isinstance(value, Instance) and _is_settings(value.cls):
        return overridable(found) or found
    return found


def _default_of_field(run: Run, declared: Application, value: Value, name: str, origin: Origin) -> Value:
    """`Field(default)` and `Field(default_factory=f)` of a settings or data class, as its instance has it."""
    last = declared.function.name.rpartition(".")[2] if isinstance(declared.function, External) else ""
    if last not in ("Field", "field", "PrivateAttr") or not isinstance(value, Instance):
        return Member(value, name, origin)
    key = declared.arguments.keywords.get("primary_key")
    if isinstance(key, Const) and key.value is True:
        return Member(value, name, origin)  # the database gives it when the row is saved
    default = declared.arguments.get(0 if last == "Field" else None, "default")
    if default is not None and _is_settings(value.cls) and (set_by_default := overridable(default)):
        return set_by_default
    if default is not None and not isinstance(default, External):
        return default
    factory = declared.arguments.keywords.get("default_factory")
    if factory is not None and isinstance(factory, FunctionValue | ClassValue):
        return run.call(run, factory, Arguments(), origin)
    return Member(value, name, origin)


def _is_settings(cls: ClassValue) -> bool:
    return any(external.rpartition(".")[2] == "BaseSettings" for external in cls.externals())


def _of_annotated(run: Run, value: Symbol, cls: ClassValue, name: str, origin: Origin) -> Value:
    """A method of a parameter whose annotation is a project class; its data stays a term."""
    found = find_in_class(cls, name)
    if found is not None and isinstance(found[0], FunctionValue):
        return _bind(run, found[0], value, name, origin)
    return Member(value, name, origin)


def _of_super(owner: ClassValue, bound: Value, name: str, origin: Origin) -> Value:
    cls = bound.cls if isinstance(bound, Instance) else bound
    order = cls.linearized() if isinstance(cls, ClassValue) else owner.linearized()
    position = next((i for i, c in enumerate(order) if c is owner), 0)
    for base in order[position + 1 :]:
        if isinstance(base, ClassValue) and name in base.attributes:
            found = base.attributes[name]
            if isinstance(found, FunctionValue) and found.kind != "staticmethod":
                return structs.replace(found, bound=bound)
            return found
    return Member(bound, name, origin)
