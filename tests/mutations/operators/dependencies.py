"""Removes, unwraps or defuses the dependencies that authenticate."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from tests.mutations.applications import SoundApplication, Source
from tests.mutations.mutants import Edit, Mutant
from tests.mutations.operators.clauses import CLAUSES, parts_of
from tests.mutations.operators.clauses import edit as clause_edit
from tests.mutations.operators.syntax import (
    Function,
    carrying,
    ends,
    is_route,
    mentions,
    removed,
    replaced,
    uses,
    without_parameter,
    without_statement,
)

WRAPPERS = {"Depends", "Security"}


def removed_list(application: SoundApplication) -> Iterator[Mutant]:
    """`dependencies=[…]` of an endpoint, a router, an inclusion or the application."""
    for source in application.sources:
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call):
                continue
            for keyword in node.keywords:
                if keyword.arg == "dependencies":
                    yield Mutant(
                        application=application.name,
                        operator="remove a dependency",
                        path=source.path,
                        function=_around(source, node),
                        line=node.lineno,
                        edits=(removed(source, keyword),),
                        rules=("BA301",),
                    )


def removed_parameter(application: SoundApplication) -> Iterator[Mutant]:
    """A route's principal, with every clause and check that needs it."""
    words = application.description
    names = {*words.principals, *words.privileges, *words.guards}
    for source in application.sources:
        for name, function in source.functions():
            if not is_route(function):
                continue
            for parameter, default in carrying(function, names):
                changes = _without_uses(source, function, parameter.arg)
                if changes is not None:
                    yield Mutant(
                        application=application.name,
                        operator="remove a dependency",
                        path=source.path,
                        function=name,
                        line=function.lineno,
                        edits=(without_parameter(source, parameter, default), *changes),
                        rules=("BA301",),
                    )


def _without_uses(source: Source, function: Function, name: str) -> list[Edit] | None:
    """The edits that take every clause and check with the name away, or None if it is needed elsewhere."""
    changes: list[Edit] = []
    gone = 0
    for node in ast.walk(function):
        if isinstance(node, ast.If) and ends(node.body) and mentions(node.test, {name}):
            changes.append(without_statement(source, node))
            gone += sum(use.id == name for use in ast.walk(node) if isinstance(use, ast.Name))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in CLAUSES:
            for part in parts_of(node):
                if mentions(part, {name}):
                    changes.append(clause_edit(source, node, part))
                    gone += sum(use.id == name for use in ast.walk(part) if isinstance(use, ast.Name))
    spans = sorted(change[1:3] for change in changes)
    overlap = any(first[1] > second[0] for first, second in itertools.pairwise(spans))
    return None if overlap or gone != len(uses(function, name)) else changes


def unwrapped(application: SoundApplication) -> Iterator[Mutant]:
    """`Depends(f)` written as `f`: it never runs."""
    for source in application.sources:
        for call in _wrappings(source):
            yield Mutant(
                application=application.name,
                operator="remove the Depends wrapper",
                path=source.path,
                function=_around(source, call),
                line=call.lineno,
                edits=(replaced(source, call, source.segment(call.args[0])),),
                rules=("BA301",),
                speaks="BA302",
                forged=True,
            )


def _wrappings(source: Source) -> Iterator[ast.Call]:
    """Wrappers in a default or in Annotated; in `dependencies=[…]` the application would not start."""
    listed = {
        id(inner)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.keyword)
        for inner in ast.walk(node.value)
    }
    for node in ast.walk(source.tree):
        match node:
            case ast.Call(func=ast.Name(id=wrapper), args=[_]) if (
                wrapper in WRAPPERS and id(node) not in listed
            ):
                yield node


def swallowed(application: SoundApplication) -> Iterator[Mutant]:
    """An authenticating dependency that returns nothing where it should refuse."""
    for source in application.sources:
        for name, function in source.functions():
            if name not in application.description.authenticators:
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Raise):
                    yield _open(application, source, name, node, (replaced(source, node, "return None"),))
            yield _open(application, source, name, function, (_guarded_body(source, function),))


def _guarded_body(source: Source, function: Function) -> Edit:
    """The whole body in `try`, every error answered with None."""
    start, end = source.span(function.body[0])[0], source.span(function.body[-1])[1]
    body = source.text[start:end].replace("\n", "\n    ")
    return source.path, start, end, f"try:\n        {body}\n    except Exception:\n        return None"


def _open(
    application: SoundApplication, source: Source, name: str, at: ast.stmt, edits: tuple[Edit, ...]
) -> Mutant:
    return Mutant(
        application=application.name,
        operator="swallow the error of an authenticating dependency",
        path=source.path,
        function=name,
        line=at.lineno,
        edits=edits,
        rules=("BA303", "BA301"),
        speaks="BA303",
    )


def _around(source: Source, node: ast.AST) -> str:
    """The innermost definition that the node stands in."""
    found = ""
    for name, definition in source.definitions():
        if any(inner is node for inner in ast.walk(definition)):
            found = name
    return found
