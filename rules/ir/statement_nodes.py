"""IR statements. See `rules.ir.nodes`."""

from __future__ import annotations

from typing import Union

from rules.ir.expression_nodes import Expr, Keyword, Node, Parameter


class Assign(Node, frozen=True, tag=40):
    """`target = target = value`."""

    targets: tuple[Expr, ...]
    value: Expr


class AnnotatedAssign(Node, frozen=True, tag=41):
    """`target: annotation = value`."""

    target: Expr
    annotation: Expr
    value: Expr | None


class AugmentedAssign(Node, frozen=True, tag=42):
    """`target operator= value`."""

    target: Expr
    operator: str
    value: Expr


class Evaluate(Node, frozen=True, tag=43):
    """An expression statement."""

    value: Expr


class Return(Node, frozen=True, tag=44):
    """`return value`."""

    value: Expr | None


class Raise(Node, frozen=True, tag=45):
    """`raise exception from cause`."""

    exception: Expr | None
    cause: Expr | None


class If(Node, frozen=True, tag=46):
    """`if`; an `elif` is an `If` in `otherwise`."""

    test: Expr
    body: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...]


class For(Node, frozen=True, tag=47):
    """`for target in iterable`, with its `else`."""

    target: Expr
    iterable: Expr
    body: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...]
    is_async: bool


class While(Node, frozen=True, tag=48):
    """`while test`, with its `else`."""

    test: Expr
    body: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...]


class Handler(Node, frozen=True):
    """`except types as name`; `types` is None for a bare `except`."""

    types: Expr | None
    name: str | None
    body: tuple[Stmt, ...]


class Try(Node, frozen=True, tag=49):
    """`try` with handlers, `else` and `finally`."""

    body: tuple[Stmt, ...]
    handlers: tuple[Handler, ...]
    otherwise: tuple[Stmt, ...]
    final: tuple[Stmt, ...]


class WithItem(Node, frozen=True):
    """`context as target`."""

    context: Expr
    target: Expr | None


class With(Node, frozen=True, tag=50):
    """`with items`."""

    items: tuple[WithItem, ...]
    body: tuple[Stmt, ...]
    is_async: bool


class Function(Node, frozen=True, tag=51):
    """A `def`. Its body is read through `Module.body(function)`; `line` is the `def` line itself."""

    name: str
    parameters: tuple[Parameter, ...]
    returns: Expr | None
    decorators: tuple[Expr, ...]
    is_async: bool
    docstring: bool
    type_parameters: tuple[str, ...]


class Class(Node, frozen=True, tag=52):
    """A `class` statement."""

    name: str
    bases: tuple[Expr, ...]
    keywords: tuple[Keyword, ...]
    decorators: tuple[Expr, ...]
    body: tuple[Stmt, ...]
    type_parameters: tuple[str, ...]


class Alias(Node, frozen=True):
    """`name as bound` of an import."""

    name: str
    bound: str | None


class Import(Node, frozen=True, tag=53):
    """`import names`."""

    names: tuple[Alias, ...]


class ImportFrom(Node, frozen=True, tag=54):
    """`from ..module import names`; `level` counts the leading dots."""

    module: str
    level: int
    names: tuple[Alias, ...]


class Delete(Node, frozen=True, tag=55):
    """`del targets`."""

    targets: tuple[Expr, ...]


class Assert(Node, frozen=True, tag=56):
    """`assert test, message`."""

    test: Expr
    message: Expr | None


class Case(Node, frozen=True):
    """One `case`: the constants and classes it compares with, the names it binds, guard and body."""

    values: tuple[Expr, ...]
    captures: tuple[str, ...]
    guard: Expr | None
    body: tuple[Stmt, ...]


class Match(Node, frozen=True, tag=57):
    """`match subject`."""

    subject: Expr
    cases: tuple[Case, ...]


class Jump(Node, frozen=True, tag=58):
    """`pass`, `break` or `continue`."""

    kind: str


class Scope(Node, frozen=True, tag=59):
    """`global` or `nonlocal` names."""

    kind: str
    names: tuple[str, ...]


class TypeAlias(Node, frozen=True, tag=60):
    """PEP 695 `type name[parameters] = value`."""

    name: str
    value: Expr
    type_parameters: tuple[str, ...]


Stmt = Union[  # noqa: UP007 - as above
    Assign, AnnotatedAssign, AugmentedAssign, Evaluate, Return, Raise, If, For, While, Try, With, Function,
    Class, Import, ImportFrom, Delete, Assert, Match, Jump, Scope, TypeAlias,
]  # fmt: skip
