"""Execution of class statements."""

from __future__ import annotations

from rules.evaluation.decorators import decorate
from rules.evaluation.run import Run
from rules.evaluation.scopes import Scope
from rules.evaluation.values import (
    Arguments,
    Choice,
    ClassValue,
    Const,
    External,
    FieldValue,
    FunctionValue,
    Instance,
    Origin,
    Parametrized,
    Unknown,
    Value,
)
from rules.ir import nodes as ir


def define_class(run: Run, node: ir.Class, scope: Scope) -> None:
    """Evaluate bases and body, collect the fields, apply decorators, bind the name."""
    qualname = scope.child_qualname(node.name)
    bases = [
        _settled(run.evaluate(run, base, scope)) for base in node.bases if not isinstance(base, ir.Starred)
    ]
    bases = [b for b in bases if not _is_generic_marker(b)]
    keywords = {k.name: run.evaluate(run, k.value, scope) for k in node.keywords if k.name is not None}
    parent = scope
    if node.type_parameters:
        parent = Scope("comprehension", scope.module, scope, scope.qualname)
        for name in node.type_parameters:
            parent.bindings[name] = External(f"typing.TypeVar.{name}")
    inner = Scope("class", scope.module, parent, qualname)
    inner.bindings["__module__"] = Const(scope.module.dotted)
    inner.bindings["__qualname__"] = Const(qualname)
    cls = ClassValue(node, scope.module, inner, qualname, bases, keywords, attributes=inner.bindings)
    run.execute(run, node.body, inner)
    _adopt(cls)
    cls.fields.extend(_fields(node, inner))
    if any(external.rpartition(".")[2].endswith(("Enum", "Flag")) for external in cls.externals()):
        _members(cls)
    value: Value = cls
    for decorator_node in reversed(node.decorators):
        decorator = run.evaluate(run, decorator_node, scope)
        value = decorate(run, decorator, value, Origin(scope.module, decorator_node))
    scope.bind(node.name, value)


def _settled(base: Value) -> Value:
    """The base that is imported first where others only stand in for it: all have its name."""
    if not isinstance(base, Choice):
        return base
    names = {_last_name(alternative.value) for alternative in base.alternatives}
    return base.alternatives[0].value if len(names) == 1 and "" not in names else base


def _last_name(value: Value) -> str:
    if isinstance(value, ClassValue):
        return value.qualname
    return value.name.rpartition(".")[2] if isinstance(value, External) else ""


def _is_generic_marker(base: Value) -> bool:
    inner = base.base if isinstance(base, Parametrized) else base
    return isinstance(inner, External) and inner.name in (
        "typing.Generic",
        "builtins.object",
        "typing.Protocol",
    )


def _adopt(cls: ClassValue) -> None:
    for value in cls.attributes.values():
        if isinstance(value, FunctionValue) and value.owner is None and value.scope is cls.scope:
            value.owner = cls


def _fields(node: ir.Class, scope: Scope) -> list[FieldValue]:
    found: dict[str, FieldValue] = {}
    for statement in node.body:
        match statement:
            case ir.AnnotatedAssign(target=ir.Name(id=name), annotation=annotation, value=value):
                evaluated = scope.bindings.get(name) if value is not None else None
                found[name] = FieldValue(name, annotation, evaluated, statement)
            case ir.Assign(targets=targets):
                for target in targets:
                    if isinstance(target, ir.Name):
                        evaluated = scope.bindings.get(target.id, Unknown("unset"))
                        found[target.id] = FieldValue(target.id, None, evaluated, statement)
            case _:
                pass
    return list(found.values())


def _members(cls: ClassValue) -> None:
    for declared in cls.fields:
        value = declared.value
        if declared.annotation is None and value is not None and not declared.name.startswith("_"):
            member = Instance(cls, Arguments([value]), Origin(cls.module, declared.node))
            member.attributes.update({"value": value, "_value_": value, "name": Const(declared.name)})
            cls.attributes[declared.name] = member
