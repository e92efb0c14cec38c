"""Removes the foreign key that says whose a row is."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.mutations.applications import SoundApplication, Source
from tests.mutations.mutants import Edit, Mutant
from tests.mutations.operators.syntax import removed


def removed_link(application: SoundApplication) -> Iterator[Mutant]:
    words = application.description
    for source in application.sources:
        for name, node in source.definitions():
            for statement in node.body if isinstance(node, ast.ClassDef) else ():
                match statement:
                    case ast.AnnAssign(target=ast.Name(id=column), value=ast.Call() as call) if column in (
                        words.owner_columns | words.parent_columns
                    ):
                        for edit in _links(source, call):
                            yield Mutant(
                                application=application.name,
                                operator="remove the foreign key to the owner",
                                path=source.path,
                                function=name,
                                line=statement.lineno,
                                edits=(edit,),
                                rules=(),
                                speaks="BA309",
                                structural=True,
                            )


def _links(source: Source, call: ast.Call) -> Iterator[Edit]:
    for keyword in call.keywords:
        if keyword.arg == "foreign_key":
            yield removed(source, keyword)
    for argument in call.args:
        if isinstance(argument, ast.Call) and ast.unparse(argument.func).endswith("ForeignKey"):
            yield removed(source, argument)
