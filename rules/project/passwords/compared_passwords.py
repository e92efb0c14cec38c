"""Passwords that are compared with `==`: with what is stored, in plain text then, or with a setting."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import (
    Application,
    ClassValue,
    Const,
    Instance,
    Item,
    Member,
    Operation,
    Value,
    alternatives,
)
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.provenance import root_of
from rules.project.isolation.secrets import Secret
from rules.project.isolation.terms import called_name, constant_text, receiver, walk
from rules.project.passwords.password_values import holds_password, is_password
from rules.project.taint.credential_names import credential_name


class Against(enum.Enum):
    """What the password is compared with."""

    STORED = "stored"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True, eq=False)
class ComparedPassword:
    """The comparison."""

    operation: Operation | Application
    against: Against


def compared_passwords(inspection: Inspection) -> Iterator[ComparedPassword]:
    """Every such comparison that a request's run decides by, in conditions and in queries."""
    roots: dict[int, Value] = {id(root): root for root in _deciding(inspection)}
    seen: set[int] = set()
    for root in roots.values():
        for node in walk(root):
            if id(node) in seen or not isinstance(node, Operation | Application):
                continue
            seen.add(id(node))
            against = _against(node, inspection)
            if against is not None:
                yield ComparedPassword(node, against)


def _deciding(inspection: Inspection) -> Iterator[Value]:
    for effect in inspection.run.log.effects:
        for condition in effect.conditions:
            yield condition.test
        if effect.kind == "return":
            yield effect.value
    for query in inspection.guards.queries:
        for variant in query.variants:
            yield from variant.statement.filters


def _sides(node: Operation | Application) -> list[Value]:
    """What `==` or `compare_digest` compares."""
    if isinstance(node, Application):
        return node.arguments.positional[:2] if called_name(node) == "compare_digest" else []
    return node.operands[:2] if node.operator in {"==", "!="} else []


def _against(node: Operation | Application, inspection: Inspection) -> Against | None:
    sides = _sides(node)
    for side, other in (sides, sides[::-1]) if len(sides) == 2 else ():
        if not holds_password(side):
            continue
        for found in (a.value for a in alternatives(other)):
            if _is_stored(found, inspection):
                return Against.STORED
            if isinstance(node, Operation) and _is_fixed(found):
                return Against.FIXED
    return None


def _is_stored(value: Value, inspection: Inspection) -> bool:
    """Whether a value is a password column of a table, or of a row that a query gave, or its bytes."""
    if (
        isinstance(value, Application)
        and called_name(value) == "encode"
        and (of := receiver(value)) is not None
    ):
        value = of
    if not isinstance(value, Member | Item):
        return False
    name = value.name if isinstance(value, Member) else constant_text(value.key) or ""
    if credential_name(name) is not Secret.PASSWORD:
        return False
    if isinstance(value.of, ClassValue):
        return True
    results = inspection.guards.rows.results
    return any(id(node) in results for node in walk(value.of)) and not is_password(value)


def _is_fixed(value: Value) -> bool:
    """Whether a value is a setting, or a literal that is more than a mask such as `***`."""
    if isinstance(value, Const):
        return isinstance(value.value, str) and any(c.isalnum() for c in value.value)
    return isinstance(value, Member) and isinstance(root_of(value), Instance)
