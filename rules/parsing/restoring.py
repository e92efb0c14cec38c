"""Puts back into a rewritten file's tree what the host's syntax could not say."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from types import SimpleNamespace

from rules.parsing.rewriting import LiteralMark, Rewritten
from rules.parsing.templates import template

ALIAS = "__type_alias__"
"""`type X[T] = value` becomes `X: __type_alias__[T] = value`."""


def restore(tree: ast.Module, rewritten: Rewritten) -> ast.Module:
    """`tree` with f-strings, type aliases and type parameters. Raises RecursionError on trees too deep."""
    restored = _Restorer(rewritten).visit(tree)
    assert isinstance(restored, ast.Module)
    return restored


class _Restorer(ast.NodeTransformer):
    def __init__(self, rewritten: Rewritten) -> None:
        self._rewritten = rewritten

    def visit(self, node: ast.AST) -> ast.AST:
        """`node` with what the marks at its place say, its children first."""
        self.generic_visit(node)
        match node:
            case ast.List():
                mark = self._rewritten.literals.get((node.lineno, node.col_offset))
                return node if mark is None else _literal(node, mark)
            case ast.Assign(targets=[ast.Name() as name]):
                parameters = self._rewritten.aliases.get((node.lineno, node.col_offset))
                return node if parameters is None else _alias(node, name, parameters)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names = self._rewritten.parameters.get((node.lineno, node.name), ())
                # The attribute that newer hosts fill; on this one no parser knows it.
                vars(node)["type_params"] = [SimpleNamespace(name=name) for name in names]
        return node


def _alias(node: ast.Assign, name: ast.Name, parameters: Sequence[str]) -> ast.stmt:
    annotation = ast.copy_location(ast.Name(ALIAS, ast.Load()), name)
    subscripted = _subscripted(annotation, parameters)
    return ast.copy_location(ast.AnnAssign(name, subscripted, node.value, simple=1), node)


def _literal(node: ast.List, mark: LiteralMark) -> ast.expr:
    fields = iter(node.elts)
    values: list[ast.expr] = []
    for part in mark.parts:
        value: ast.expr = ast.Constant(part) if part is not None else _field(next(fields))
        values.append(ast.copy_location(value, node) if part is not None else value)
    joined = ast.copy_location(ast.JoinedStr(values), node)
    return template(joined) if mark.is_template else joined


def _field(value: ast.expr) -> ast.expr:
    return ast.copy_location(ast.FormattedValue(value, -1, None), value)


def _subscripted(annotation: ast.expr, names: Sequence[str]) -> ast.expr:
    if not names:
        return annotation
    items = [ast.copy_location(ast.Name(name, ast.Load()), annotation) for name in names]
    index = items[0] if len(items) == 1 else ast.copy_location(ast.Tuple([*items], ast.Load()), annotation)
    return ast.copy_location(ast.Subscript(annotation, index, ast.Load()), annotation)
