"""The syntax-free form of a module: expressions and statements as frozen data, with positions.

Lines are 1-based; columns are 0-based UTF-8 byte offsets, as `ast` gives them (`SourceFile.place`
turns them into the 1-based characters of a finding). Nodes compare and hash by identity.
"""

from __future__ import annotations

from typing import Union

import msgspec


class Node(msgspec.Struct, frozen=True, array_like=True, gc=False, eq=False):
    """A node's span in its file."""

    line: int
    column: int
    end_line: int
    end_column: int


class Name(Node, frozen=True, tag=1):
    """A name that is read (or, as a target, written)."""

    id: str


class Constant(Node, frozen=True, tag=2):
    """A literal; `kind` is "" or one of `bytes`, `int` (beyond 64 bits), `complex`, `ellipsis`."""

    value: None | bool | int | float | str
    kind: str = ""


class Attribute(Node, frozen=True, tag=3):
    value: Expr
    name: str


class Keyword(Node, frozen=True):
    """`name=value` of a call or class; `name` is None for `**value`."""

    name: str | None
    value: Expr


class Call(Node, frozen=True, tag=4):
    function: Expr
    arguments: tuple[Expr, ...]
    keywords: tuple[Keyword, ...]

    def keyword(self, name: str) -> Expr | None:
        """The value of the keyword argument `name`, if it is written out."""
        return next((k.value for k in self.keywords if k.name == name), None)


class Subscript(Node, frozen=True, tag=5):
    value: Expr
    index: Expr


class Collection(Node, frozen=True, tag=6):
    """A `list`, `tuple` or `set` display."""

    kind: str
    items: tuple[Expr, ...]


class Mapping(Node, frozen=True, tag=7):
    """A dict display; a key is None for `**value`."""

    keys: tuple[Expr | None, ...]
    values: tuple[Expr, ...]


class Binary(Node, frozen=True, tag=8):
    """`left operator right` with the operator as written: `+`, `|`, `%`, …"""

    left: Expr
    operator: str
    right: Expr


class Boolean(Node, frozen=True, tag=9):
    """`and` or `or` over two or more operands."""

    operator: str
    values: tuple[Expr, ...]


class Comparison(Node, frozen=True, tag=10):
    """`left op right op right …`; operators as written (`==`, `not in`, `is not`, …)."""

    left: Expr
    operators: tuple[str, ...]
    rights: tuple[Expr, ...]


class Unary(Node, frozen=True, tag=11):
    """`not`, `-`, `+` or `~`."""

    operator: str
    operand: Expr


class Conditional(Node, frozen=True, tag=12):
    """`body if test else otherwise`."""

    test: Expr
    body: Expr
    otherwise: Expr


class Parameter(Node, frozen=True):
    """A parameter; `kind` is `positional`, `any`, `keyword`, `*` or `**`."""

    name: str
    kind: str
    annotation: Expr | None
    default: Expr | None


class Lambda(Node, frozen=True, tag=13):
    parameters: tuple[Parameter, ...]
    body: Expr


class Template(Node, frozen=True, tag=14):
    """An f-string: constant texts and formatted values in order."""

    parts: tuple[Expr, ...]


class Await(Node, frozen=True, tag=15):
    value: Expr


class Starred(Node, frozen=True, tag=16):
    value: Expr


class Generator(Node, frozen=True):
    """One `for target in iterable if …` of a comprehension."""

    target: Expr
    iterable: Expr
    conditions: tuple[Expr, ...]


class Comprehension(Node, frozen=True, tag=17):
    """`kind` is `list`, `set`, `dict` or `generator`; `value` is set for `dict` alone."""

    kind: str
    element: Expr
    value: Expr | None
    generators: tuple[Generator, ...]


class Walrus(Node, frozen=True, tag=18):
    target: Expr
    value: Expr


class Slice(Node, frozen=True, tag=19):
    lower: Expr | None
    upper: Expr | None
    step: Expr | None


class Yield(Node, frozen=True, tag=20):
    """`yield value` or, with `delegates`, `yield from value`."""

    value: Expr | None
    delegates: bool


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
    target: Expr
    operator: str
    value: Expr


class Evaluate(Node, frozen=True, tag=43):
    """An expression statement."""

    value: Expr


class Return(Node, frozen=True, tag=44):
    value: Expr | None


class Raise(Node, frozen=True, tag=45):
    exception: Expr | None
    cause: Expr | None


class If(Node, frozen=True, tag=46):
    test: Expr
    body: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...]


class For(Node, frozen=True, tag=47):
    target: Expr
    iterable: Expr
    body: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...]
    is_async: bool


class While(Node, frozen=True, tag=48):
    test: Expr
    body: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...]


class Handler(Node, frozen=True):
    """`except types as name`; `types` is None for a bare `except`."""

    types: Expr | None
    name: str | None
    body: tuple[Stmt, ...]


class Try(Node, frozen=True, tag=49):
    body: tuple[Stmt, ...]
    handlers: tuple[Handler, ...]
    otherwise: tuple[Stmt, ...]
    final: tuple[Stmt, ...]


class WithItem(Node, frozen=True):
    context: Expr
    target: Expr | None


class With(Node, frozen=True, tag=50):
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
    names: tuple[Alias, ...]


class ImportFrom(Node, frozen=True, tag=54):
    """`from ..module import names`; `level` counts the leading dots."""

    module: str
    level: int
    names: tuple[Alias, ...]


class Delete(Node, frozen=True, tag=55):
    targets: tuple[Expr, ...]


class Assert(Node, frozen=True, tag=56):
    test: Expr
    message: Expr | None


class Case(Node, frozen=True):
    """One `case`: the constants and classes it compares with, the names it binds, guard and body."""

    values: tuple[Expr, ...]
    captures: tuple[str, ...]
    guard: Expr | None
    body: tuple[Stmt, ...]


class Match(Node, frozen=True, tag=57):
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


Expr = Union[
    Name, Constant, Attribute, Call, Subscript, Collection, Mapping, Binary, Boolean, Comparison, Unary,
    Conditional, Lambda, Template, Await, Starred, Comprehension, Walrus, Slice, Yield,
]  # fmt: skip
Stmt = Union[
    Assign, AnnotatedAssign, AugmentedAssign, Evaluate, Return, Raise, If, For, While, Try, With, Function,
    Class, Import, ImportFrom, Delete, Assert, Match, Jump, Scope, TypeAlias,
]  # fmt: skip
