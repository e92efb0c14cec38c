"""Removes what narrows a statement: the owner, the tie to the parent, the exclusion of deleted rows."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.mutations.applications import SoundApplication, Source
from tests.mutations.mutants import Edit, Mutant
from tests.mutations.operators.syntax import Function, removed, replaced

CLAUSES = {"where", "filter", "filter_by", "and_"}
SHOWN = ("BA305", "BA306", "BA307-path", "BA328")


def removed_owner(application: SoundApplication) -> Iterator[Mutant]:
    yield from _without(application, "remove the owner clause", application.description.owner_columns, SHOWN)


def removed_tie(application: SoundApplication) -> Iterator[Mutant]:
    columns = application.description.parent_columns
    yield from _without(application, "remove the tie to the parent", columns, SHOWN)


def removed_exclusion(application: SoundApplication) -> Iterator[Mutant]:
    columns = application.description.deleted_columns
    yield from _without(application, "remove the soft-delete filter", columns, ("BA310",))


def _without(
    application: SoundApplication, operator: str, columns: frozenset[str], rules: tuple[str, ...]
) -> Iterator[Mutant]:
    for source in application.sources:
        for name, function in source.functions():
            for call in _clauses(function):
                for part in parts_of(call):
                    if _constrains(part, columns):
                        yield Mutant(
                            application=application.name,
                            operator=operator,
                            path=source.path,
                            function=name,
                            line=call.lineno,
                            edits=(edit(source, call, part),),
                            rules=rules,
                        )


def _clauses(function: Function) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in CLAUSES:
                yield node


def parts_of(call: ast.Call) -> list[ast.expr | ast.keyword]:
    """The arguments, positional first."""
    return [*call.args, *call.keywords]


def _constrains(part: ast.expr | ast.keyword, columns: frozenset[str]) -> bool:
    """Whether it compares one of these columns with a value."""
    if isinstance(part, ast.keyword):
        return part.arg in columns
    match part:
        case ast.Compare(left=ast.Call(args=[ast.Attribute(attr=column)])):
            return column in columns
        case ast.Compare(left=ast.Attribute(attr=column)):
            return column in columns
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr=column))):
            return column in columns
        case _:
            return False


def edit(source: Source, call: ast.Call, part: ast.expr | ast.keyword) -> Edit:
    """The edit that takes the clause out, or the whole call where nothing else stands in it."""
    parts = [*call.args, *call.keywords]
    if len(parts) == 1 and isinstance(call.func, ast.Attribute):
        return replaced(source, call, source.segment(call.func.value))
    return removed(source, part)
