"""Values that were computed, and what stands for things of the project. See `rules.evaluation.values`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

import msgspec

if TYPE_CHECKING:
    from rules.evaluation.modules import ModuleInfo, Namespace
    from rules.evaluation.scopes import Scope
    from rules.ir import nodes as ir

Scalar: TypeAlias = bool | int | float | str | bytes | None


class Origin(msgspec.Struct, frozen=True):
    """Where a value or an effect came from: a node of a module."""

    module: ModuleInfo
    node: ir.Node


class Value(msgspec.Struct, eq=False):
    """Anything an expression can evaluate to. Structs are made several times as fast as dataclasses."""


class Unknown(Value, eq=False):
    """Nothing is known, and why: an answer that must never turn into "absent"."""

    reason: str


class Const(Value, eq=False):
    """A scalar. `configurable` marks a default that the deployment may override (settings, environment)."""

    value: Scalar
    configurable: bool = False


class Sequence(Value, eq=False):
    """A `list`, `tuple` or `set`; `is_open` where further items may exist that are not known."""

    kind: str
    items: list[Value]
    is_open: bool = False


class Dictionary(Value, eq=False):
    """A dict in insertion order; `is_open` where further keys may exist that are not known."""

    items: list[tuple[Value, Value]]
    is_open: bool = False

    def get(self, key: Scalar) -> Value | None:
        """The value under a scalar key, the last one written."""
        found = None
        for k, v in self.items:
            if isinstance(k, Const) and k.value == key:
                found = v
        return found


class External(Value, eq=False):
    """Something outside the project by its dotted name: `fastapi.Depends`, `builtins.str`."""

    name: str


class ModuleValue(Value, eq=False):
    """A module of the project, or a folder of modules."""

    module: ModuleInfo | Namespace


class Deferred(Value, eq=False):
    """A name of a module that was still being executed when it was imported: looked up when it is used."""

    module: ModuleInfo
    name: str


class Decoration(msgspec.Struct, eq=False):
    """A decorator that was applied to a function or class and left it callable as before."""

    decorator: Value
    origin: Origin


class FunctionValue(Value, eq=False):
    """A `def` or lambda of the project with the scope it closes over.

    `bound` is the instance or class of a bound method, `owner` the class it was defined in, `wraps` what
    `functools.wraps` named, `decorations` the opaque decorators around it, innermost first, `shadows` what
    its own name meant before it: defaults and annotations that use the name mean that.
    """

    node: ir.Function | ir.Lambda
    module: ModuleInfo
    scope: Scope
    qualname: str
    owner: ClassValue | None = None
    bound: Value | None = None
    wraps: Value | None = None
    decorations: tuple[Decoration, ...] = ()
    kind: str = "function"  # or "staticmethod", "classmethod", "property"
    shadows: Value | None = None

    @property
    def qualified(self) -> str:
        """`package.module.Class.method`, as `__module__` and `__qualname__` say at run time."""
        return f"{self.module.dotted}.{self.qualname}"


class FieldValue(msgspec.Struct, eq=False):
    """An annotated or assigned name of a class body: `annotation` unevaluated, `value` evaluated."""

    name: str
    annotation: ir.Expr | None
    value: Value | None
    node: ir.Node


class ClassValue(Value, eq=False):
    """A class of the project. `fields` holds its own body's names in order, `attributes` their values."""

    node: ir.Class
    module: ModuleInfo
    scope: Scope
    qualname: str
    bases: list[Value]
    keywords: dict[str, Value]
    fields: list[FieldValue] = msgspec.field(default_factory=list)
    attributes: dict[str, Value] = msgspec.field(default_factory=dict)
    decorations: tuple[Decoration, ...] = ()

    @property
    def qualified(self) -> str:
        """`package.module.Class`."""
        return f"{self.module.dotted}.{self.qualname}"

    def linearized(self) -> list[Value]:
        """The class and its bases in method resolution order (depth first, last occurrence kept)."""
        order: list[Value] = []
        _linearize(self, order, 0)
        seen: set[int] = set()
        kept: list[Value] = []
        for base in reversed(order):
            if id(base) not in seen:
                seen.add(id(base))
                kept.append(base)
        return kept[::-1]

    def externals(self) -> Iterator[str]:
        """Dotted names of the library classes it derives from."""
        for base in self.linearized():
            inner = base.base if isinstance(base, Parametrized) else base
            if isinstance(inner, External):
                yield inner.name

    def has_unknown_base(self) -> bool:
        """Whether some base could not be resolved, so that what it inherits is unknown."""
        return any(not isinstance(b, ClassValue | External | Parametrized) for b in self.linearized())


def _linearize(cls: Value, order: list[Value], depth: int) -> None:
    inner = cls.base if isinstance(cls, Parametrized) else cls
    order.append(inner)
    if isinstance(inner, ClassValue) and depth < 20:
        for base in inner.bases:
            _linearize(base, order, depth + 1)


class Arguments(msgspec.Struct, eq=False):
    """Evaluated arguments. `is_open` where `*args` or `**kwargs` of unknown content were passed."""

    positional: list[Value] = msgspec.field(default_factory=list)
    keywords: dict[str, Value] = msgspec.field(default_factory=dict)
    is_open: bool = False

    def get(self, position: int | None, name: str) -> Value | None:
        """The argument by keyword, else by position; None where it is not written."""
        if name in self.keywords:
            return self.keywords[name]
        if position is not None and position < len(self.positional):
            return self.positional[position]
        return None


class Instance(Value, eq=False):
    """An instance of a project class; `arguments` are those that reached the library's constructor."""

    cls: ClassValue
    arguments: Arguments
    origin: Origin
    attributes: dict[str, Value] = msgspec.field(default_factory=dict)


class Parametrized(Value, eq=False):
    """`base[arguments]`: `Annotated[str, Depends(f)]`, `list[Item]`, `Page[Item]`, `A | B` as Union.

    `bar` tells a union that was written `A | B` from `Union[A, B]`, which Python prints differently.
    """

    base: Value
    arguments: list[Value]
    bar: bool = False
