"""How a handler names the key of the user who calls it: `current_user.id`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import ClassValue, FunctionValue, Value, alternatives
from rules.ir import nodes as ir
from rules.project.annotations import external_name, shape
from rules.project.isolation.authentication import Level
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.routing.signatures import Signatures
from rules.project.schema.columns import Column
from rules.project.schema.tables import Table

_KEY_NAME = re.compile(r"(^|_)(user|owner|account|customer|member)_?(id|uuid|pk)$|^(uid|sub)$", re.IGNORECASE)
_SCALARS = {"int", "str", "UUID"}


@dataclass(frozen=True, slots=True)
class Handler:
    """The function that answers a route."""

    function: ir.Function
    value: FunctionValue


def handler_of(inspection: Inspection) -> Handler | None:
    """The handler, where it is a function of the project whose signature is its own."""
    value = alternatives(inspection.route.handler)[0].value
    if isinstance(value, FunctionValue) and isinstance(value.node, ir.Function) and value.wraps is None:
        return Handler(value.node, value)
    return None


def caller_key(isolation: Isolation, inspection: Inspection, column: Column) -> str:
    """What holds the caller's key as `column` refers to it; empty where no parameter is the caller."""
    handler = handler_of(inspection)
    if handler is None:
        return ""
    callers = set(_callers(isolation, inspection))
    for parameter in Signatures(isolation.machine).of(handler.value).parameters:
        if parameter.name in callers and parameter.annotation is not None:
            attribute = _key_attribute(isolation, parameter.name, parameter.annotation, column)
            if attribute is not None:
                return f"{parameter.name}{attribute}"
    return ""


def _callers(isolation: Isolation, inspection: Inspection) -> Iterator[str]:
    """The parameters that hold who is asking, and are never without."""
    for below in inspection.route.dependant.dependencies:
        if below.parameter is None or below.scheme is not None:
            continue
        step = isolation.requests.step(below)
        if (
            step.value is not None
            and isolation.authenticator.level(step) is Level.REQUIRED
            and isolation.provenances.is_principal(step.value)
        ):
            yield below.parameter


def _key_attribute(isolation: Isolation, name: str, annotation: Value, column: Column) -> str | None:
    """`.id` of a user, nothing of a parameter that is the key itself, None of anything else."""
    found = shape(annotation)
    if found.optional:
        return None
    base = alternatives(found.base)[0].value
    if isinstance(base, ClassValue):
        table = isolation.ownership.table(base)
        if table is not None and not isolation.ownership.is_user(table):
            return None
        wanted = _referred(table, column)
        return f".{wanted}" if wanted and (table is not None or _declares(base, wanted)) else None
    plain = external_name(base) in _SCALARS and _KEY_NAME.search(name)
    return "" if plain else None


def _referred(user: Table | None, column: Column) -> str:
    """The attribute of a user that a column holds: what its foreign key names, else the primary key."""
    if user is None:
        return column.foreign_keys[0].column if column.foreign_keys else "id"
    if column.foreign_keys:
        target = user.columns.get(column.foreign_keys[0].column)
        return (target.attribute or target.name) if target is not None else ""
    keys = [c for c in user.columns.values() if c.primary_key]
    return (keys[0].attribute or keys[0].name) if len(keys) == 1 else ""


def _declares(cls: ClassValue, name: str) -> bool:
    classes = [base for base in cls.linearized() if isinstance(base, ClassValue)]
    return any(field.name == name for base in classes for field in base.fields)
