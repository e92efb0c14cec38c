"""Binding: names, unpacking, attributes and items; and what a loop's variable stands for."""

from __future__ import annotations

from collections.abc import Iterator

from rules.evaluation.modules import Namespace
from rules.evaluation.run import Run
from rules.evaluation.scopes import Scope
from rules.evaluation.values import (
    Application,
    Choice,
    ClassValue,
    Const,
    Dictionary,
    Instance,
    Item,
    ModuleValue,
    Origin,
    Sequence,
    Symbol,
    Value,
)
from rules.ir import nodes as ir

_MAX_ITERATIONS = 1000


def assign(run: Run, target: ir.Expr, value: Value, scope: Scope) -> None:
    """`target = value`."""
    match target:
        case ir.Name(id=name):
            scope.bind(name, value)
        case ir.Collection(items=targets):
            _unpack(run, targets, value, scope)
        case ir.Attribute(value=owner_node, name=name):
            owner = run.evaluate(run, owner_node, scope)
            set_attribute(run, owner, name, value, Origin(scope.module, target))
        case ir.Subscript(value=owner_node, index=index_node):
            owner = run.evaluate(run, owner_node, scope)
            key = run.evaluate(run, index_node, scope)
            _set_item(run, owner, key, value, Origin(scope.module, target))
        case ir.Starred(value=inner):
            assign(run, inner, value, scope)
        case _:
            pass


def _unpack(run: Run, targets: tuple[ir.Expr, ...], value: Value, scope: Scope) -> None:
    known = isinstance(value, Sequence) and not value.is_open and len(value.items) == len(targets)
    starred = any(isinstance(t, ir.Starred) for t in targets)
    for position, target in enumerate(targets):
        if known and not starred and isinstance(value, Sequence):
            assign(run, target, value.items[position], scope)
        else:
            assign(run, target, Item(value, Const(position), Origin(scope.module, target)), scope)


def set_attribute(run: Run, owner: Value, name: str, value: Value, origin: Origin) -> None:
    """`owner.name = value`: logged, and done where this run may change the owner."""
    run.log("set", value, origin, owner, name)
    match owner:
        case Instance() | Application() | Symbol():
            if run.may_change(owner):
                owner.attributes[name] = value
            else:
                run.overlay_attribute(owner, name, value)
        case ClassValue():
            if run.owned is None:
                owner.attributes[name] = value
        case ModuleValue(module=module):
            if run.owned is None and not isinstance(module, Namespace):
                run.module_scope(module).bindings[name] = value
        case Choice(alternatives=alternatives):
            for alternative in alternatives:
                set_attribute(run, alternative.value, name, value, origin)
        case _:
            pass


def _set_item(run: Run, owner: Value, key: Value, value: Value, origin: Origin) -> None:
    run.log("set", value, origin, owner, "[]")
    if isinstance(owner, Dictionary) and run.may_change(owner):
        owner.items.append((key, value))
        owner.is_open = owner.is_open or not isinstance(key, Const)


def each(iterable: Value, origin: Origin) -> Iterator[tuple[Value, bool]]:
    """What a loop's variable is in turn, and whether that pass certainly happens."""
    match iterable:
        case Sequence(items=items, is_open=is_open):
            for item in items[:_MAX_ITERATIONS]:
                yield item, not is_open
            if is_open and not items:
                yield Item(iterable, None, origin), False
        case Const(value=str(text)) if len(text) <= _MAX_ITERATIONS:
            for letter in text:
                yield Const(letter), True
        case Dictionary(items=items, is_open=is_open):
            for key, _ in items[:_MAX_ITERATIONS]:
                yield key, not is_open
            if is_open:
                yield Item(iterable, None, origin), False
        case _:
            yield Item(iterable, None, origin), False
