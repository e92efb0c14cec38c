"""Questions about a sample application's syntax that several operators ask."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from tests.mutations.applications import Source
from tests.mutations.mutants import Edit

Function = ast.FunctionDef | ast.AsyncFunctionDef
METHODS = {"get", "post", "put", "patch", "delete", "websocket"}


def mentions(node: ast.AST, names: Collection[str]) -> bool:
    """Whether a name, attribute or keyword of these stands in the expression."""
    return any(
        (isinstance(inner, ast.Name) and inner.id in names)
        or (isinstance(inner, ast.Attribute) and inner.attr in names)
        or (isinstance(inner, ast.keyword) and inner.arg in names)
        for inner in ast.walk(node)
    )


def removed(source: Source, node: ast.expr | ast.keyword) -> Edit:
    """The edit that takes one element out of a list written with commas."""
    start, end = source.span(node)
    text = source.text
    after = end + len(text[end:]) - len(text[end:].lstrip())
    if text[after : after + 1] == ",":
        rest = text[after + 1 :]
        return source.path, start, after + 1 + len(rest) - len(rest.lstrip(" ")), ""
    before = len(text[:start].rstrip())
    return source.path, before - 1 if text[before - 1] == "," else before, end, ""


def replaced(source: Source, node: ast.expr | ast.stmt | ast.arg, text: str) -> Edit:
    start, end = source.span(node)
    return source.path, start, end, text


def without_statement(source: Source, statement: ast.stmt) -> Edit:
    """`pass` in a statement's place."""
    return replaced(source, statement, "pass")


def parameters(function: Function) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    """Every parameter with its default."""
    arguments = function.args
    given = [*arguments.posonlyargs, *arguments.args]
    padding: list[ast.expr | None] = [None] * (len(given) - len(arguments.defaults))
    yield from zip(given, [*padding, *arguments.defaults], strict=True)
    yield from zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)


def carrying(function: Function, names: Collection[str]) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    """The parameters whose annotation or default mentions one of the names."""
    for parameter, default in parameters(function):
        annotation = parameter.annotation
        if (annotation and mentions(annotation, names)) or (default and mentions(default, names)):
            yield parameter, default


def without_parameter(source: Source, parameter: ast.arg, default: ast.expr | None) -> Edit:
    """The edit that takes a parameter out of a signature."""
    start, end = source.span(parameter)
    if default is not None:
        end = source.span(default)[1]
    rest = source.text[end:]
    after = len(rest) - len(rest.lstrip(", \n"))
    if rest.lstrip().startswith(","):
        return source.path, start, end + after, ""
    return source.path, len(source.text[:start].rstrip(", \n")), end, ""


def uses(function: Function, name: str) -> list[ast.Name]:
    """Where the body reads a name."""
    return [
        node
        for statement in function.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and node.id == name
    ]


def is_route(function: Function) -> bool:
    return any(
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in METHODS
        for decorator in function.decorator_list
    )


def ends(statements: list[ast.stmt]) -> bool:
    """Whether control never leaves the block at its end."""
    return isinstance(statements[-1], ast.Raise | ast.Return)


def added_import(source: Source, line: str) -> Edit:
    """The edit that adds an import before the first one."""
    first = next(node for node in source.tree.body if isinstance(node, ast.Import | ast.ImportFrom))
    if isinstance(first, ast.ImportFrom) and first.module == "__future__":
        first = next(
            node
            for node in source.tree.body
            if isinstance(node, ast.Import | ast.ImportFrom) and node is not first
        )
    start = source.span(first)[0]
    return source.path, start, start, line + "\n"
