"""IR expressions. See `rules.ir.nodes`."""

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

    value: bool | int | float | str | None
    kind: str = ""


class Attribute(Node, frozen=True, tag=3):
    """`value.name`."""

    value: Expr
    name: str


class Keyword(Node, frozen=True):
    """`name=value` of a call or class; `name` is None for `**value`."""

    name: str | None
    value: Expr


class Call(Node, frozen=True, tag=4):
    """`function(arguments, keywords)`."""

    function: Expr
    arguments: tuple[Expr, ...]
    keywords: tuple[Keyword, ...]

    def keyword(self, name: str) -> Expr | None:
        """The value of the keyword argument `name`, if it is written out."""
        return next((k.value for k in self.keywords if k.name == name), None)


class Subscript(Node, frozen=True, tag=5):
    """`value[index]`."""

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
    """`left operator right` with the operator as written: `+`, `|`, `%`."""

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
    """`lambda parameters: body`."""

    parameters: tuple[Parameter, ...]
    body: Expr


class Template(Node, frozen=True, tag=14):
    """An f-string: constant texts and formatted values in order."""

    parts: tuple[Expr, ...]


class Await(Node, frozen=True, tag=15):
    """`await value`."""

    value: Expr


class Starred(Node, frozen=True, tag=16):
    """`*value`."""

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
    """`(target := value)`."""

    target: Expr
    value: Expr


class Slice(Node, frozen=True, tag=19):
    """`lower:upper:step` of a subscript."""

    lower: Expr | None
    upper: Expr | None
    step: Expr | None


class Yield(Node, frozen=True, tag=20):
    """`yield value` or, with `delegates`, `yield from value`."""

    value: Expr | None
    delegates: bool


Expr = Union[  # noqa: UP007 - `|` between so many forward references is not evaluated
    Name, Constant, Attribute, Call, Subscript, Collection, Mapping, Binary, Boolean, Comparison, Unary,
    Conditional, Lambda, Template, Await, Starred, Comprehension, Walrus, Slice, Yield,
]  # fmt: skip
