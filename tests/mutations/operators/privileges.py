"""Replaces the dependency that asks for a privilege by one that only authenticates."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.mutations.applications import SoundApplication, Source
from tests.mutations.mutants import Edit, Mutant
from tests.mutations.operators.syntax import added_import, replaced

SHOWN = ("BA328", "BA305", "BA306")


def removed_privilege(application: SoundApplication) -> Iterator[Mutant]:
    for source in application.sources:
        for place, weaker in _places(source, application.description.privileges):
            edits: list[Edit] = [replaced(source, place, weaker)]
            if (line := _missing_import(application, source, weaker)) is not None:
                edits.append(added_import(source, line))
            yield Mutant(
                application=application.name,
                operator="remove the privilege dependency",
                path=source.path,
                function=_around(source, place),
                line=place.lineno,
                edits=tuple(edits),
                rules=SHOWN,
            )


def _places(source: Source, privileges: dict[str, str]) -> Iterator[tuple[ast.expr, str]]:
    """Where the stronger dependency is asked for: in signatures and in lists of dependencies."""
    for node in ast.walk(source.tree):
        asked: list[ast.expr] = []
        match node:
            case ast.arg(annotation=ast.expr() as annotation):
                asked = [annotation]
            case ast.Call(func=ast.Name(id="Depends")):
                asked = list(node.args)
            case ast.keyword(arg="dependencies", value=ast.List(elts=listed)):
                asked = listed
        for place in asked:
            for inner in ast.walk(place):
                if isinstance(inner, ast.Name | ast.Call) and ast.unparse(inner) in _unparsed(privileges):
                    yield inner, _unparsed(privileges)[ast.unparse(inner)]
                    break


def _unparsed(privileges: dict[str, str]) -> dict[str, str]:
    return {ast.unparse(ast.parse(stronger, mode="eval")): weaker for stronger, weaker in privileges.items()}


def _missing_import(application: SoundApplication, source: Source, weaker: str) -> str | None:
    """The import of the weaker dependency, if the module lacks it."""
    name = weaker.split("(", 1)[0]
    bound = {
        alias.asname or alias.name
        for node in source.tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    bound |= {
        target.id
        for node in source.tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    bound |= {found for found, _ in source.definitions()}
    if name in bound:
        return None
    for other in application.sources:
        if any(found == name for found, _ in other.definitions()) or f"\n{name} = " in other.text:
            root = application.description.root
            module = other.path.removesuffix(".py").removeprefix(f"{root}/" if root else "")
            return f"from {module.replace('/', '.')} import {name}"
    return None


def _around(source: Source, node: ast.AST) -> str:
    found = ""
    for name, definition in source.definitions():
        if any(inner is node for inner in ast.walk(definition)):
            found = name
    return found
