"""`ast` statements to IR statements. Function bodies are handed to a callback, not lowered here."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from rules.ir import nodes as ir
from rules.ir.expressions import keywords, lower, lower_all, lower_optional, operator_text, parameters, span

Found = Callable[[ast.FunctionDef | ast.AsyncFunctionDef], None]


class StatementLowering:
    """Lowers suites; each function that is met goes to `found`, so that its body can be lowered later."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._table: dict[type[ast.stmt], Callable[[Any], ir.Stmt]] = {
            ast.Assign: lambda n: ir.Assign(*span(n), lower_all(n.targets), lower(n.value)),
            ast.AnnAssign: _annotated,
            ast.AugAssign: lambda n: ir.AugmentedAssign(
                *span(n), lower(n.target), operator_text(n.op), lower(n.value)
            ),
            ast.Expr: lambda n: ir.Evaluate(*span(n), lower(n.value)),
            ast.Return: lambda n: ir.Return(*span(n), lower_optional(n.value)),
            ast.Raise: lambda n: ir.Raise(*span(n), lower_optional(n.exc), lower_optional(n.cause)),
            ast.If: lambda n: ir.If(*span(n), lower(n.test), self.suite(n.body), self.suite(n.orelse)),
            ast.For: self._for,
            ast.AsyncFor: self._for,
            ast.While: lambda n: ir.While(*span(n), lower(n.test), self.suite(n.body), self.suite(n.orelse)),
            ast.Try: self._try,
            ast.TryStar: self._try,
            ast.With: self._with,
            ast.AsyncWith: self._with,
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.ClassDef: self._class,
            ast.Import: lambda n: ir.Import(*span(n), _aliases(n.names)),
            ast.ImportFrom: lambda n: ir.ImportFrom(*span(n), n.module or "", n.level, _aliases(n.names)),
            ast.Delete: lambda n: ir.Delete(*span(n), lower_all(n.targets)),
            ast.Assert: lambda n: ir.Assert(*span(n), lower(n.test), lower_optional(n.msg)),
            ast.Match: lambda n: ir.Match(
                *span(n), lower(n.subject), tuple([self._case(case) for case in n.cases])
            ),
            ast.Pass: lambda n: ir.Jump(*span(n), "pass"),
            ast.Break: lambda n: ir.Jump(*span(n), "break"),
            ast.Continue: lambda n: ir.Jump(*span(n), "continue"),
            ast.Global: lambda n: ir.Scope(*span(n), "global", tuple(n.names)),
            ast.Nonlocal: lambda n: ir.Scope(*span(n), "nonlocal", tuple(n.names)),
        }
        alias = getattr(ast, "TypeAlias", None)
        if alias is not None:
            self._table[alias] = lambda n: ir.TypeAlias(
                *span(n), n.name.id, lower(n.value), _type_parameters(n)
            )

    def suite(self, body: Sequence[ast.stmt]) -> tuple[ir.Stmt, ...]:
        """The statements of one block, in order."""
        table = self._table
        return tuple([table[type(node)](node) for node in body])

    def _for(self, node: ast.For | ast.AsyncFor) -> ir.Stmt:
        target, iterable = lower(node.target), lower(node.iter)
        body, otherwise = self.suite(node.body), self.suite(node.orelse)
        return ir.For(*span(node), target, iterable, body, otherwise, isinstance(node, ast.AsyncFor))

    def _try(self, node: ast.Try) -> ir.Stmt:
        handlers = tuple(
            [ir.Handler(*span(h), lower_optional(h.type), h.name, self.suite(h.body)) for h in node.handlers]
        )
        body, otherwise = self.suite(node.body), self.suite(node.orelse)
        return ir.Try(*span(node), body, handlers, otherwise, self.suite(node.finalbody))

    def _with(self, node: ast.With | ast.AsyncWith) -> ir.Stmt:
        items = tuple(
            [
                ir.WithItem(*span(i.context_expr), lower(i.context_expr), lower_optional(i.optional_vars))
                for i in node.items
            ]
        )
        return ir.With(*span(node), items, self.suite(node.body), isinstance(node, ast.AsyncWith))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ir.Stmt:
        self._found(node)
        return ir.Function(
            *span(node),
            node.name,
            parameters(node.args),
            lower_optional(node.returns),
            lower_all(node.decorator_list),
            isinstance(node, ast.AsyncFunctionDef),
            ast.get_docstring(node, clean=False) is not None,
            _type_parameters(node),
        )

    def _class(self, node: ast.ClassDef) -> ir.Stmt:
        return ir.Class(
            *span(node),
            node.name,
            lower_all(node.bases),
            keywords(node.keywords),
            lower_all(node.decorator_list),
            self.suite(node.body),
            _type_parameters(node),
        )

    def _case(self, node: ast.match_case) -> ir.Case:
        first, last = span(node.pattern), span(node.body[-1])
        values, captures = _pattern(node.pattern)
        body = self.suite(node.body)
        return ir.Case(*first[:2], *last[2:], values, captures, lower_optional(node.guard), body)


def _annotated(node: ast.AnnAssign) -> ir.Stmt:
    """An annotated assignment; `__type_alias__` is how `rules.parsing` writes PEP 695's `type`."""
    annotation = node.annotation
    names: tuple[str, ...] = ()
    if isinstance(annotation, ast.Subscript):
        names = tuple(n.id for n in ast.walk(annotation.slice) if isinstance(n, ast.Name))
        annotation = annotation.value
    is_alias = isinstance(annotation, ast.Name) and annotation.id == "__type_alias__"
    if is_alias and isinstance(node.target, ast.Name) and node.value is not None:
        return ir.TypeAlias(*span(node), node.target.id, lower(node.value), names)
    return ir.AnnotatedAssign(
        *span(node), lower(node.target), lower(node.annotation), lower_optional(node.value)
    )


def _aliases(names: list[ast.alias]) -> tuple[ir.Alias, ...]:
    return tuple([ir.Alias(*span(a), a.name, a.asname) for a in names])


def _type_parameters(node: Any) -> tuple[str, ...]:
    return tuple([p.name for p in getattr(node, "type_params", ())])


def _pattern(pattern: ast.pattern) -> tuple[tuple[ir.Expr, ...], tuple[str, ...]]:
    values: list[ir.Expr] = []
    captures: list[str] = []
    for node in ast.walk(pattern):
        match node:
            case ast.MatchValue(value=value):
                values.append(lower(value))
            case ast.MatchClass(cls=cls):
                values.append(lower(cls))
            case ast.MatchSingleton(value=value):
                values.append(ir.Constant(*span(node), value))
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                captures.append(name)
            case ast.MatchMapping(rest=str(name)):
                captures.append(name)
            case _:
                pass
    return tuple(values), tuple(captures)
