"""Passwords as clients send them, and what is made of them without hashing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from rules.evaluation.values import (
    Application,
    Choice,
    ClassValue,
    External,
    Item,
    Member,
    Operation,
    Symbol,
    Value,
)
from rules.project.isolation.provenance import root_of
from rules.project.isolation.response_fields import model_classes
from rules.project.isolation.roles import ClientInput, Credential, Injected
from rules.project.isolation.secrets import Secret
from rules.project.isolation.terms import argument_values, constant_text
from rules.project.routing.routes import Route
from rules.project.taint.credential_names import credential_name

_HASHED = re.compile(r"hash|digest|encrypt|crypted|salt|answer|question", re.IGNORECASE)
_KEEPING_METHODS = frozenset(
    {"encode", "decode", "strip", "rstrip", "lstrip", "get_secret_value", "format", "join", "lower"}
)
_KEEPING_CALLS = frozenset({"builtins.str", "builtins.bytes", "builtins.bytearray", "builtins.format"})
_KEEPING_OPERATORS = frozenset({"f", "+", "%", "or", "and"})
_FORMS = frozenset({"OAuth2PasswordRequestForm", "OAuth2PasswordRequestFormStrict", "HTTPBasic"})
_MAX_NODES = 200


def is_password_name(name: str) -> bool:
    """Whether a parameter or field of that name holds a password as it was typed."""
    return credential_name(name) is Secret.PASSWORD and not _HASHED.search(name)


def is_password(node: Value) -> bool:
    """Whether a value is a password that the client sent."""
    match node:
        case Symbol(role=ClientInput(name=name)):
            return is_password_name(name) or is_password_name(node.name)
        case Member(name=name):
            return is_password_name(name) and _is_sent(node)
        case Item(key=key):
            return is_password_name(constant_text(key) or "") and _is_sent(node)
        case _:
            return False


def _is_sent(node: Value) -> bool:
    root = root_of(node)
    return isinstance(root, Symbol) and isinstance(root.role, ClientInput | Injected | Credential)


def takes_password(route: Route, fields: Callable[[ClassValue], dict[str, Value]]) -> bool:
    """Whether some parameter of a route, a field of its body, or a login form is a password."""
    if any(d.name.rpartition(".")[2] in _FORMS for d in route.dependant.flat()):
        return True
    for parameter in route.dependant.all_parameters():
        if is_password_name(parameter.alias) or is_password_name(parameter.name):
            return True
        classes = model_classes(parameter.annotation) if parameter.annotation is not None else []
        if any(is_password_name(name) for cls in classes for name in fields(cls)):
            return True
    return False


def passwords_in(value: Value) -> Iterator[Value]:
    """The passwords that a text was made of, without a hash between."""
    pending, seen = [value], set[int]()
    while pending and len(seen) < _MAX_NODES:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if is_password(node):
            yield node
        else:
            pending += _parts(node)


def _parts(node: Value) -> list[Value]:
    match node:
        case Choice(alternatives=found):
            return [alternative.value for alternative in found]
        case Operation(operator=operator, operands=operands) if operator in _KEEPING_OPERATORS:
            return operands
        case Application(function=Member(of=of, name=name)) if name in _KEEPING_METHODS:
            return [of, *argument_values(node.arguments)]
        case Application(function=External(name=name)) if name in _KEEPING_CALLS:
            return argument_values(node.arguments)
        case _:
            return []


def holds_password(value: Value | None) -> bool:
    """Whether a value holds a password in plain text."""
    return value is not None and next(passwords_in(value), None) is not None
