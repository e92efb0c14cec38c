"""Removes or weakens the checks after a fetch."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.mutations.applications import SoundApplication, Source
from tests.mutations.mutants import Edit, Mutant
from tests.mutations.operators.syntax import ends, mentions, replaced, without_statement

SHOWN = ("BA305", "BA306", "BA307-path", "BA310", "BA328")


def removed_check(application: SoundApplication) -> Iterator[Mutant]:
    """The whole check, or of one with several parts the part that asks whose row it is."""
    for source, name, check, names in _checks(application):
        test = check.test
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
            others = [source.segment(part) for part in test.values if not mentions(part, names)]
            if others:
                change = replaced(source, test, " or ".join(others))
                yield _mutant(application, "remove the check after the fetch", source, name, check, change)
            continue
        change = without_statement(source, check)
        yield _mutant(application, "remove the check after the fetch", source, name, check, change)


def weakened_check(application: SoundApplication) -> Iterator[Mutant]:
    """A check that only writes a line."""
    for source, name, check, names in _checks(application):
        test, others = source.segment(check.test), ""
        if isinstance(check.test, ast.BoolOp) and isinstance(check.test.op, ast.Or):
            owned = [part for part in check.test.values if mentions(part, names)]
            rest = [source.segment(part) for part in check.test.values if part not in owned]
            test = " or ".join(source.segment(part) for part in owned)
            body = source.segment(check.body[-1])
            others = (
                f"if {' or '.join(rest)}:\n{' ' * (check.col_offset + 4)}{body}\n{' ' * check.col_offset}"
            )
            others = others if rest else ""
        text = f'{others}if {test}:\n{" " * (check.col_offset + 4)}print("access denied")'
        yield _mutant(
            application, "a check that only logs", source, name, check, replaced(source, check, text)
        )


def removed_guard(application: SoundApplication) -> Iterator[Mutant]:
    """The call of a function that checks; what it would have given back is its first argument."""
    guards = application.description.guards
    for source in application.sources:
        for name, function in source.functions():
            for statement in (node for node in ast.walk(function) if isinstance(node, ast.stmt)):
                match statement:
                    case ast.Expr(value=ast.Call() as call):
                        change = without_statement(source, statement)
                    case ast.Assign(value=ast.Call(args=[first, _, *_]) as call):
                        change = replaced(source, call, source.segment(first))
                    case ast.Return(value=ast.Call(args=[first, _, *_]) as call):
                        change = replaced(source, call, source.segment(first))
                    case _:
                        continue
                called = (
                    call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
                )
                if called in guards:
                    yield _mutant(
                        application, "remove the call of the helper", source, name, statement, change
                    )


def _checks(application: SoundApplication) -> Iterator[tuple[Source, str, ast.If, frozenset[str]]]:
    """Every `if` that ends the request and asks about an owner, a parent, a deletion or a privilege."""
    words = application.description
    names = (
        words.owner_columns
        | words.parent_columns
        | words.deleted_columns
        | words.privilege_columns
        | words.guards
    )
    for source in application.sources:
        for name, function in source.functions():
            for node in ast.walk(function):
                if isinstance(node, ast.If) and ends(node.body) and mentions(node.test, names):
                    yield source, name, node, names


def _mutant(
    application: SoundApplication, operator: str, source: Source, name: str, at: ast.stmt, change: Edit
) -> Mutant:
    return Mutant(
        application=application.name,
        operator=operator,
        path=source.path,
        function=name,
        line=at.lineno,
        edits=(change,),
        rules=SHOWN,
    )
