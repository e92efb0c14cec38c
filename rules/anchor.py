"""Where in a module a line stands: the enclosing symbol, and the statement that a finding is about."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import msgspec

from rules.ir import nodes as ir
from rules.ir.module import Module

_COMPOUND = (ir.If, ir.For, ir.While, ir.Try, ir.With, ir.Match, ir.Function, ir.Class)
_POSITIONS = len(ir.Node.__struct_fields__)


class Anchor(msgspec.Struct, frozen=True):
    """The statement at a place; of a compound statement or definition the header alone.

    `symbol` is the dotted path of classes and functions around it, `form` what it says without layout;
    `function` the path of the innermost function that it stands in or heads, empty where there is none.
    """

    symbol: str
    form: str
    first_line: int
    last_line: int
    function: str = ""


def anchor(module: Module, line: int, column: int = 0) -> Anchor | None:
    """The innermost statement on `line`, or None; the UTF-8 column tells apart those that share the line."""
    symbols: list[str] = []
    function = ""
    found: ir.Stmt | None = None
    suite: Sequence[ir.Stmt] = module.statements
    while (statement := _at(suite, line, column)) is not None:
        found = statement
        if isinstance(statement, ir.Function):
            function = ".".join([*symbols, statement.name])
        if line <= _header_end(module, statement):
            break
        if isinstance(statement, ir.Function | ir.Class):
            symbols.append(statement.name)
        suite = [inner for block in _blocks(module, statement) for inner in block]
    if found is None:
        return None
    form = _form(found)
    return Anchor(".".join(symbols), form, _first(found), _header_end(module, found), function)


def _at(suite: Sequence[ir.Stmt], line: int, column: int) -> ir.Stmt | None:
    on_line = [statement for statement in suite if _first(statement) <= line <= statement.end_line]
    begun = [statement for statement in on_line if (statement.line, statement.column) <= (line, column)]
    return begun[-1] if begun else next(iter(on_line), None)


def _first(statement: ir.Stmt) -> int:
    if isinstance(statement, ir.Function | ir.Class):
        return min([statement.line, *(decorator.line for decorator in statement.decorators)])
    return statement.line


def _header_end(module: Module, statement: ir.Stmt) -> int:
    starts = [_first(block[0]) for block in _blocks(module, statement) if block]
    if not starts:
        return statement.line if isinstance(statement, _COMPOUND) else statement.end_line
    return max(statement.line, min(starts) - 1)


def _blocks(module: Module, statement: ir.Stmt) -> Iterator[tuple[ir.Stmt, ...]]:
    match statement:
        case ir.Function():
            yield module.body(statement)
        case ir.Class():
            yield statement.body
        case ir.If() | ir.For() | ir.While():
            yield from (statement.body, statement.otherwise)
        case ir.Try():
            yield statement.body
            yield from (handler.body for handler in statement.handlers)
            yield from (statement.otherwise, statement.final)
        case ir.With():
            yield statement.body
        case ir.Match():
            yield from (case.body for case in statement.cases)
        case _:
            return


def _form(statement: ir.Stmt) -> str:
    kind = type(statement).__name__
    match statement:
        case ir.Function() | ir.Class():
            # What a definition is about is its name: editing its body must not make an old finding new.
            return f"{kind} {statement.name}"
        case ir.Try():
            return kind
        case _:
            return _digest(kind, *_header(statement))


def _header(statement: ir.Stmt) -> Sequence[msgspec.Struct]:
    match statement:
        case ir.If() | ir.While():
            return (statement.test,)
        case ir.For():
            return (statement.target, statement.iterable)
        case ir.With():
            return statement.items
        case ir.Match():
            return (statement.subject,)
        case _:
            return (statement,)


def _digest(kind: str, *nodes: msgspec.Struct) -> str:
    digest = hashlib.blake2b(kind.encode(), digest_size=16)
    pending: list[object] = list(reversed(nodes))
    while pending:
        value = pending.pop()
        if isinstance(value, ir.Node):
            fields = value.__struct_fields__[_POSITIONS:]
            digest.update(f"{type(value).__name__}/{len(fields)};".encode())
            pending.extend(getattr(value, name) for name in reversed(fields))
        elif isinstance(value, tuple):
            digest.update(f"{len(value)};".encode())
            pending.extend(reversed(value))
        else:
            digest.update(f"{type(value).__name__} {value!r};".encode("utf-8", "replace"))
    return digest.hexdigest()
