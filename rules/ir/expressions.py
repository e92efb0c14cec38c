"""`ast` expressions to IR expressions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from rules.ir import nodes as ir

_BINARY = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.MatMult: "@", ast.Div: "/", ast.Mod: "%", ast.Pow: "**",
    ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitXor: "^", ast.BitAnd: "&", ast.FloorDiv: "//",
}  # fmt: skip
_COMPARE = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is",
    ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
_UNARY = {ast.Not: "not", ast.USub: "-", ast.UAdd: "+", ast.Invert: "~"}
_INT64 = 2**63


def span(node: Any) -> tuple[int, int, int, int]:
    """The four position fields that every IR node starts with."""
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def operator_text(operator: ast.operator) -> str:
    """The operator of a binary or augmented assignment, as written."""
    return _BINARY[type(operator)]


def lower(node: ast.expr) -> ir.Expr:
    """The IR of one expression. Raises RecursionError on trees deeper than the interpreter's stack."""
    return _TABLE[type(node)](node)


def lower_optional(node: ast.expr | None) -> ir.Expr | None:
    """None for None."""
    return None if node is None else _TABLE[type(node)](node)


def lower_all(nodes: list[ast.expr]) -> tuple[ir.Expr, ...]:
    """Each node in order."""
    return tuple([_TABLE[type(node)](node) for node in nodes])


def parse_text(text: str) -> ir.Expr | None:
    """The IR of an annotation written as a string, or None where it is no expression."""
    try:
        return lower(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def keywords(nodes: list[ast.keyword]) -> tuple[ir.Keyword, ...]:
    """Keyword arguments in order."""
    return tuple([ir.Keyword(*span(k), k.arg, lower(k.value)) for k in nodes])


def parameters(arguments: ast.arguments) -> tuple[ir.Parameter, ...]:
    """Parameters in the order of the signature, each with its own default."""
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(arguments.defaults))
    defaults += arguments.defaults
    found: list[ir.Parameter] = []
    for index, (argument, default) in enumerate(zip(plain, defaults, strict=True)):
        kind = "positional" if index < len(arguments.posonlyargs) else "any"
        found.append(_parameter(argument, kind, default))
    if arguments.vararg is not None:
        found.append(_parameter(arguments.vararg, "*", None))
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(_parameter(argument, "keyword", default))
    if arguments.kwarg is not None:
        found.append(_parameter(arguments.kwarg, "**", None))
    return tuple(found)


def _parameter(argument: ast.arg, kind: str, default: ast.expr | None) -> ir.Parameter:
    annotation = lower_optional(argument.annotation)
    return ir.Parameter(*span(argument), argument.arg, kind, annotation, lower_optional(default))


def _constant(node: ast.Constant) -> ir.Expr:
    value = node.value
    if isinstance(value, bytes):
        return ir.Constant(*span(node), value.decode("latin-1"), "bytes")
    if isinstance(value, complex):
        return ir.Constant(*span(node), str(value), "complex")
    if value is Ellipsis:
        return ir.Constant(*span(node), None, "ellipsis")
    if type(value) is int and not -_INT64 <= value < _INT64:
        return ir.Constant(*span(node), hex(value), "int")
    if isinstance(value, str) and not value.isascii():
        value = value.encode("utf-8", "replace").decode()
    return ir.Constant(*span(node), value)


def _call(node: ast.Call) -> ir.Expr:
    return ir.Call(*span(node), lower(node.func), lower_all(node.args), keywords(node.keywords))


def _collection(kind: str) -> Callable[[Any], ir.Expr]:
    return lambda node: ir.Collection(*span(node), kind, lower_all(node.elts))


def _mapping(node: ast.Dict) -> ir.Expr:
    keys = tuple([lower_optional(key) for key in node.keys])
    return ir.Mapping(*span(node), keys, lower_all(node.values))


def _comparison(node: ast.Compare) -> ir.Expr:
    operators = tuple([_COMPARE[type(op)] for op in node.ops])
    return ir.Comparison(*span(node), lower(node.left), operators, lower_all(node.comparators))


def _template(node: ast.JoinedStr) -> ir.Expr:
    parts: list[ir.Expr] = []
    for part in node.values:
        parts.append(lower(part.value if isinstance(part, ast.FormattedValue) else part))
        if isinstance(part, ast.FormattedValue) and isinstance(part.format_spec, ast.JoinedStr):
            parts.extend(lower(v.value) for v in part.format_spec.values if isinstance(v, ast.FormattedValue))
    return ir.Template(*span(node), tuple(parts))


def _comprehension(kind: str) -> Callable[[Any], ir.Expr]:
    def build(node: Any) -> ir.Expr:
        element = node.key if kind == "dict" else node.elt
        value = lower(node.value) if kind == "dict" else None
        generators = tuple([_generator(g) for g in node.generators])
        return ir.Comprehension(*span(node), kind, lower(element), value, generators)

    return build


def _generator(node: ast.comprehension) -> ir.Generator:
    start, end = span(node.target), span(node.iter)
    return ir.Generator(*start[:2], *end[2:], lower(node.target), lower(node.iter), lower_all(node.ifs))


_TABLE: dict[type[ast.expr], Callable[[Any], ir.Expr]] = {
    ast.Name: lambda n: ir.Name(*span(n), n.id),
    ast.Constant: _constant,
    ast.Attribute: lambda n: ir.Attribute(*span(n), lower(n.value), n.attr),
    ast.Call: _call,
    ast.Subscript: lambda n: ir.Subscript(*span(n), lower(n.value), lower(n.slice)),
    ast.List: _collection("list"),
    ast.Tuple: _collection("tuple"),
    ast.Set: _collection("set"),
    ast.Dict: _mapping,
    ast.BinOp: lambda n: ir.Binary(*span(n), lower(n.left), _BINARY[type(n.op)], lower(n.right)),
    ast.BoolOp: lambda n: ir.Boolean(
        *span(n), "and" if isinstance(n.op, ast.And) else "or", lower_all(n.values)
    ),
    ast.Compare: _comparison,
    ast.UnaryOp: lambda n: ir.Unary(*span(n), _UNARY[type(n.op)], lower(n.operand)),
    ast.IfExp: lambda n: ir.Conditional(*span(n), lower(n.test), lower(n.body), lower(n.orelse)),
    ast.Lambda: lambda n: ir.Lambda(*span(n), parameters(n.args), lower(n.body)),
    ast.JoinedStr: _template,
    ast.FormattedValue: lambda n: lower(n.value),
    ast.Await: lambda n: ir.Await(*span(n), lower(n.value)),
    ast.Starred: lambda n: ir.Starred(*span(n), lower(n.value)),
    ast.ListComp: _comprehension("list"),
    ast.SetComp: _comprehension("set"),
    ast.DictComp: _comprehension("dict"),
    ast.GeneratorExp: _comprehension("generator"),
    ast.NamedExpr: lambda n: ir.Walrus(*span(n), lower(n.target), lower(n.value)),
    ast.Slice: lambda n: ir.Slice(
        *span(n), lower_optional(n.lower), lower_optional(n.upper), lower_optional(n.step)
    ),
    ast.Yield: lambda n: ir.Yield(*span(n), lower_optional(n.value), delegates=False),
    ast.YieldFrom: lambda n: ir.Yield(*span(n), lower(n.value), delegates=True),
}
