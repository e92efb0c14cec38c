"""Shapes of functions in the sound applications: registrations, lookups, what they reach."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Function = ast.FunctionDef | ast.AsyncFunctionDef
WRITING = re.compile(r"\.(add|delete|add_all)\(|\bsetattr\(|sqlmodel_update|\b(insert|update|delete)\(")
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})
_LOOKUP = re.compile(r"\.(get|first|one_or_none|scalar|scalar_one_or_none)\([^()]*(\([^()]*\)[^()]*)*\)$")
_CALLED = re.compile(r"\b([A-Za-z_]\w*)\(")
_STEPS = 3


@dataclass(frozen=True, slots=True)
class Registration:
    """The decorator of a route: `@router.get(…)`."""

    call: ast.Call
    attribute: ast.Attribute

    @property
    def method(self) -> str:
        return self.attribute.attr


def functions(module: ast.Module) -> Iterator[Function]:
    """Every function of a module, outer ones first."""
    return (node for node in ast.walk(module) if isinstance(node, Function))


def registration(function: Function) -> Registration | None:
    for decorator in function.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) and decorator.args else None
        if isinstance(decorator, ast.Call) and isinstance(called, ast.Attribute) and called.attr in _METHODS:
            return Registration(decorator, called)
    return None


def own_path(function: ast.stmt) -> tuple[str, str, str] | None:
    """Router, method and path of a route."""
    found = registration(function) if isinstance(function, Function) else None
    if found is None or not isinstance(found.call.args[0], ast.Constant):
        return None
    return ast.unparse(found.attribute.value), found.method, str(found.call.args[0].value)


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((k.value for k in call.keywords if k.arg == name), None)


def without_keyword(call: ast.Call, name: str, values: tuple[str, ...] = ("",)) -> bool:
    """Take a keyword away whose value has one of the texts; False where there is none."""
    given = keyword(call, name)
    if given is None or not any(value in ast.unparse(given) for value in values):
        return False
    call.keywords = [k for k in call.keywords if k.arg != name]
    return True


def is_lookup(value: ast.expr) -> bool:
    """Whether an expression ends in a call that gives one row or None."""
    inner = value.value if isinstance(value, ast.Await) else value
    return isinstance(inner, ast.Call) and bool(_LOOKUP.search(ast.unparse(inner)))


def bodies(tree: Mapping[str, str]) -> dict[str, str]:
    """The text of every function of a tree, by its own name."""
    return {node.name: _body(node) for text in tree.values() for node in functions(ast.parse(text))}


def reaches(texts: Mapping[str, str], function: Function, pattern: re.Pattern[str]) -> bool:
    """Whether a function, or one that it calls by name a few steps down, has a text."""
    pending, seen = [_body(function)], {function.name}
    for _ in range(_STEPS):
        if any(pattern.search(text) for text in pending):
            return True
        names = {name for text in pending for name in _CALLED.findall(text)} - seen
        seen |= names
        pending = [texts[name] for name in names if name in texts]
    return False


def _body(function: Function) -> str:
    return "\n".join(ast.unparse(statement) for statement in function.body)


def exchange_status(statement: ast.stmt, old: str, new: int) -> bool:
    """Write another status into `raise HTTPException(…)`; False where it has not the old one."""
    if not isinstance(statement, ast.Raise) or not isinstance(statement.exc, ast.Call):
        return False
    error = statement.exc
    for given in error.keywords:
        if given.arg == "status_code" and old in ast.unparse(given.value):
            given.value = ast.Constant(new)
            return True
    if error.args and old in ast.unparse(error.args[0]):
        error.args[0] = ast.Constant(new)
        return True
    return False


def suites(function: Function) -> Iterator[list[ast.stmt]]:
    """Every suite of a function, nested ones too."""
    for node in ast.walk(function):
        for name in ("body", "orelse", "finalbody"):
            suite = getattr(node, name, None)
            if isinstance(suite, list):
                yield suite


def is_no_data(annotation: ast.expr) -> bool:
    """Whether a return annotation says nothing of the data that comes."""
    text = ast.unparse(annotation)
    return text == "None" or "Any" in text or text.endswith("Response")
