"""Tests that only a privileged user passes: flags, roles, scopes and permissions of the principal."""

from __future__ import annotations

import re

from rules.evaluation.values import (
    Application,
    Choice,
    Const,
    Item,
    Member,
    Operation,
    Sequence,
    Symbol,
    Value,
)
from rules.project.isolation.comparisons import Comparison, comparison
from rules.project.isolation.provenance import Provenances
from rules.project.isolation.roles import Principal
from rules.project.isolation.terms import argument_values, called_name, constant_text, plain, walk

PRIVILEGE = re.compile(
    r"admin|super_?user|is_super|staff|moderator|role|permission|privilege|scope|is_root|manager|"
    r"editor|access_level|authority|capabilit|grants?$|can_|has_perm|operator|is_owner$|is_system|is_internal",
    re.IGNORECASE,
)
_ORDINARY = frozenset(
    {"user", "member", "guest", "customer", "viewer", "reader", "normal", "regular", "anonymous", "client"}
)


def privileged(test: Value, provenances: Provenances, *, truth: bool) -> bool:
    """Whether a test that came out as `truth` shows the principal to be more than an ordinary user."""
    found = comparison(test, truth=truth)
    if found is not None:
        return _compared(found, provenances)
    test = plain(test)
    if isinstance(test, Application):
        return truth and _called(test, provenances)
    return truth and _about_privilege(test, provenances)


def _compared(found: Comparison, provenances: Provenances) -> bool:
    for left, right in found.sides():
        if not _about_privilege(left, provenances) or provenances.is_principal(right):
            continue
        if isinstance(right, Const) and isinstance(right.value, bool):
            return found.equal is right.value
        if right_is_none(right):
            return False
        if isinstance(right, Sequence):
            texts = [_text(item) for item in right.items]
            ordinary = any(text is not None and text.lower() in _ORDINARY for text in texts)
            return found.operator in {"==", "in"} and bool(texts) and not ordinary
        text = _text(right)
        if found.operator in {"==", "in"}:
            return text is None or text.lower() not in _ORDINARY
        if found.operator in {">=", ">", "<", "<="}:
            return True
        return text is not None and text.lower() in _ORDINARY
    if found.operator == "in":
        return constant_text(found.left) is not None and _about_privilege(found.right, provenances)
    return False


def right_is_none(value: Value) -> bool:
    """Whether the value is None."""
    return isinstance(value, Const) and value.value is None


def _text(value: Value) -> str | None:
    text = constant_text(value)
    if text is not None:
        return text
    attributes = getattr(value, "attributes", None)
    inner = attributes.get("value") if isinstance(attributes, dict) else None
    if isinstance(inner, Const):
        return constant_text(inner)
    return value.name if isinstance(value, Member) else None


def _called(call: Application, provenances: Provenances) -> bool:
    arguments = argument_values(call.arguments)
    named = PRIVILEGE.search(called_name(call)) is not None
    about = any(_about_privilege(a, provenances) for a in arguments)
    of = call.function.of if isinstance(call.function, Member) else None
    if of is not None and provenances.is_principal(of):
        return named
    if not (named or about):
        return False
    clients = any(provenances.clients(a) for a in arguments)
    return not clients and any(provenances.is_principal(a) for a in arguments)


def _about_privilege(value: Value, provenances: Provenances) -> bool:
    """Whether a value is a flag or role of the principal."""
    value = plain(value)
    if isinstance(value, Symbol) and isinstance(value.role, Principal) and value.role.privileged:
        return True
    if not isinstance(value, Member | Item | Application | Operation | Choice):
        return False
    if not provenances.is_principal(value):
        return False
    if not any(PRIVILEGE.search(name) for name in _names(value)):
        return False
    return not any(provenances.is_membership(node) for node in walk(value))


def _names(value: Value) -> list[str]:
    names: list[str] = []
    for node in walk(
        value,
        stop=lambda v: isinstance(v, Application) and called_name(v) in {"get", "exec", "execute", "first"},
    ):
        if isinstance(node, Member):
            names.append(node.name)
        if isinstance(node, Item) and (text := constant_text(node.key)) is not None:
            names.append(text)
        if isinstance(node, Application) and called_name(node) == "get":
            key = constant_text(node.arguments.get(0, "key"))
            names.extend([key] if key else [])
        if isinstance(node, Application):
            names.append(called_name(node))
    return names
