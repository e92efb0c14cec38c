"""Widens what schemas take from clients and give to them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.mutations.applications import SoundApplication, Source
from tests.mutations.mutants import Edit, Mutant
from tests.mutations.operators.syntax import mentions, removed, replaced


def writable_field(application: SoundApplication) -> Iterator[Mutant]:
    """A field of the owner or of privileges in what a client writes."""
    for declared in application.description.writable:
        yield from _with_field(application, declared, "make an owner or role field writable", "BA308")


def secret_field(application: SoundApplication) -> Iterator[Mutant]:
    """A secret column in what a client reads."""
    for declared in application.description.secrets:
        yield from _with_field(application, declared, "add a secret to a response", "BA311")


def clients_value_wins(application: SoundApplication) -> Iterator[Mutant]:
    """The owner in the schema, and the client's value over the caller's."""
    for declared in application.description.writable:
        schema, field = declared.split(": ", 1)
        column = field.split(":", 1)[0]
        for base in _with_field(application, declared, "let the client's owner win", "BA308"):
            for source in application.sources:
                for name, function in source.functions():
                    if not mentions(function.args, {schema}):
                        continue
                    for call, text in _overridden(source, function, column):
                        edits = (*base.edits, replaced(source, call, text))
                        yield Mutant(
                            application=application.name,
                            operator="let the client's owner win",
                            path=source.path,
                            function=name,
                            line=call.lineno,
                            edits=edits,
                            rules=("BA308",),
                            speaks="BA308",
                        )


def _overridden(source: Source, function: ast.AST, column: str) -> Iterator[tuple[ast.Call, str]]:
    """Calls that set the column beside a dump of the body, and the same with the body last."""
    for node in ast.walk(function):
        match node:
            case ast.Call(keywords=keywords) if any(
                keyword.arg is None and "model_dump" in source.segment(keyword) for keyword in keywords
            ):
                set_here = [keyword for keyword in keywords if keyword.arg == column]
                if set_here:
                    dump = next(source.segment(k.value) for k in keywords if k.arg is None)
                    rest = [source.segment(k) for k in keywords if k.arg not in {None, column}]
                    value = source.segment(set_here[0].value)
                    dumped = dump.replace("model_dump()", "model_dump(exclude_none=True)")
                    parts = [*map(source.segment, node.args), *rest, f'**{{"{column}": {value}, **{dumped}}}']
                    yield node, f"{source.segment(node.func)}({', '.join(parts)})"
            case ast.Call(
                func=ast.Attribute(attr="model_validate"),
                args=[ast.Name(id=body)],
                keywords=[
                    ast.keyword(arg="update", value=ast.Dict(keys=[ast.Constant(value=key)], values=[value]))
                ],
            ) if key == column:
                text = f'{{"{column}": {source.segment(value)}, **{body}.model_dump(exclude_none=True)}}'
                yield node, f"{source.segment(node.func)}({text})"


def table_answer(application: SoundApplication) -> Iterator[Mutant]:
    """The table itself as the response model."""
    for declared in application.description.private_responses:
        schema, table = declared.split(": ")
        for source, name, keyword in _response_models(application):
            for inner in ast.walk(keyword.value):
                if isinstance(inner, ast.Name) and inner.id == schema:
                    edits = (replaced(source, inner, table),)
                    yield _leaking(application, source, name, keyword, "answer with the table", edits)


def no_response_model(application: SoundApplication) -> Iterator[Mutant]:
    """No response model at all."""
    for source, name, keyword in _response_models(application):
        edits = (removed(source, keyword),)
        yield _leaking(application, source, name, keyword, "remove the response model", edits)


def _response_models(application: SoundApplication) -> Iterator[tuple[Source, str, ast.keyword]]:
    for source in application.sources:
        for name, function in source.functions():
            for decorator in function.decorator_list:
                for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
                    if keyword.arg == "response_model":
                        yield source, name, keyword


def _leaking(
    application: SoundApplication,
    source: Source,
    name: str,
    at: ast.keyword,
    operator: str,
    edits: tuple[Edit, ...],
) -> Mutant:
    return Mutant(
        application=application.name,
        operator=operator,
        path=source.path,
        function=name,
        line=at.lineno,
        edits=edits,
        rules=("BA311",),
        speaks="BA311",
    )


def _with_field(application: SoundApplication, declared: str, operator: str, rule: str) -> Iterator[Mutant]:
    schema, field = declared.split(": ", 1)
    for source in application.sources:
        for name, node in source.definitions():
            if name == schema:
                end = source.span(node.body[-1])[1]
                yield Mutant(
                    application=application.name,
                    operator=operator,
                    path=source.path,
                    function=name,
                    line=node.lineno,
                    edits=((source.path, end, end, f"\n    {field}"),),
                    rules=(rule,),
                    speaks=rule,
                )
