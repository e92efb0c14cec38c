"""Takes the acting user's id from the client: from a query parameter, a header or the body."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.mutations.applications import SoundApplication, Source
from tests.mutations.mutants import Edit, Mutant
from tests.mutations.operators.syntax import Function, added_import, carrying, is_route, parameters, replaced

SENDING = ("query", "header", "body")


def client_identity(application: SoundApplication) -> Iterator[Mutant]:
    for source in application.sources:
        for name, function in source.functions():
            for parameter, _ in carrying(function, application.description.principals):
                places = _identities(application, function, parameter.arg)
                if not places or not (is_route(function) or source.path.endswith(("guards.py", "access.py"))):
                    continue
                for sending in SENDING:
                    edits = _edits(application, source, function, places, sending)
                    if edits:
                        yield Mutant(
                            application=application.name,
                            operator=f"take the user's id from the {sending}",
                            path=source.path,
                            function=name,
                            line=function.lineno,
                            edits=tuple(edits),
                            rules=("BA307",),
                            speaks="BA307",
                        )


def _identities(application: SoundApplication, function: Function, name: str) -> list[ast.Attribute]:
    wanted = {"id", "user_id", *application.description.owner_columns}
    return [
        node
        for statement in function.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
        and node.attr in wanted
    ]


def _edits(
    application: SoundApplication,
    source: Source,
    function: Function,
    places: list[ast.Attribute],
    sending: str,
) -> list[Edit]:
    name = "user_id" if places[0].attr == "id" else places[0].attr
    if name in {parameter.arg for parameter, _ in parameters(function)}:
        name = "owner_id"
    kind = application.key_type
    first = next(parameters(function))[0]
    start = source.span(first)[0]
    if sending == "query":
        added: list[Edit] = [(source.path, start, start, f"{name}: {kind}, ")]
        return [*added, *(replaced(source, place, name) for place in places)]
    if sending == "header":
        header = f'{name}: Annotated[{kind}, Header(alias="X-User-Id")], '
        added = [
            added_import(source, "from fastapi import Header\nfrom typing import Annotated"),
            (source.path, start, start, header),
        ]
        return [*added, *(replaced(source, place, name) for place in places)]
    return _from_body(application, source, function, places, name)


def _from_body(
    application: SoundApplication,
    source: Source,
    function: Function,
    places: list[ast.Attribute],
    name: str,
) -> list[Edit]:
    """A new field of the request's schema."""
    for parameter, _ in parameters(function):
        if not isinstance(parameter.annotation, ast.Name):
            continue
        for schema in application.sources:
            for found, node in schema.definitions():
                if found == parameter.annotation.id and isinstance(node, ast.ClassDef) and _is_schema(node):
                    end = schema.span(node.body[-1])[1]
                    field: Edit = (schema.path, end, end, f"\n    {name}: {application.key_type}")
                    return [
                        field,
                        *(replaced(source, place, f"{parameter.arg}.{name}") for place in places),
                    ]
    return []


def _is_schema(node: ast.ClassDef) -> bool:
    return not node.keywords and not any(
        isinstance(inner, ast.Name) and inner.id in {"Mapped", "Session"} for inner in ast.walk(node)
    )
