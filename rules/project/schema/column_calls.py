"""`Column(...)` and `mapped_column(...)`: what the arguments say, before defaults are derived."""

from __future__ import annotations

from dataclasses import dataclass, field

from rules.evaluation.values import (
    Application,
    Choice,
    ClassValue,
    Const,
    External,
    FunctionValue,
    Member,
    Value,
)
from rules.project.annotations import called
from rules.project.schema.column_types import column_type, scalar
from rules.project.schema.columns import ColumnType, ForeignKey

SQL_LIBRARIES = ("sqlalchemy", "sqlmodel", "advanced_alchemy", "flask_sqlalchemy")
COLUMN_CALLS = ("Column", "mapped_column")
CLASS_MARK = "class:"
"""In front of a foreign-key target whose table is still named by its class."""


@dataclass(slots=True)
class DeclaredColumn:
    """The explicit facts of one column call; None where the call says nothing, `unknown` flags by name."""

    name: str | None = None
    type: ColumnType | None = None
    typed: bool = False
    nullable: bool | None = None
    primary_key: bool | None = None
    unique: bool | None = None
    index: bool | None = None
    foreign_keys: tuple[ForeignKey, ...] = ()
    default: str = ""
    server_default: bool = False
    unknown: set[str] = field(default_factory=set)

    def over(self, base: DeclaredColumn) -> DeclaredColumn:
        """This column's own facts, and those of `base` where it says nothing."""
        return DeclaredColumn(
            name=self.name or base.name,
            type=self.type if self.typed else base.type,
            typed=self.typed or base.typed,
            nullable=base.nullable if self.nullable is None else self.nullable,
            primary_key=base.primary_key if self.primary_key is None else self.primary_key,
            unique=base.unique if self.unique is None else self.unique,
            index=base.index if self.index is None else self.index,
            foreign_keys=self.foreign_keys or base.foreign_keys,
            default=self.default or base.default,
            server_default=self.server_default or base.server_default,
            unknown=self.unknown | base.unknown,
        )


def column_call(value: Value | None) -> Application | None:
    """The `Column(...)` or `mapped_column(...)` that a class attribute holds, also inside `deferred(...)`."""
    if isinstance(value, Choice):
        return next((c for a in value.alternatives if (c := column_call(a.value)) is not None), None)
    if not isinstance(value, Application):
        return None
    name = called(value, *SQL_LIBRARIES)
    if name in COLUMN_CALLS:
        return value
    if name in {"deferred", "column_property"}:
        return column_call(value.arguments.get(0, "column"))
    return None


def declared(call: Application) -> DeclaredColumn:
    """What the call's arguments say."""
    found = DeclaredColumn()
    arguments = call.arguments
    if arguments.is_open:
        found.unknown |= {"nullable", "primary_key", "unique", "index"}
    positional = list(arguments.positional)
    if positional and isinstance(scalar(positional[0]), str):
        found.name = str(scalar(positional.pop(0)))
    elif positional and isinstance(positional[0], Const) and positional[0].value is None:
        positional.pop(0)
    for position, value in enumerate(positional):
        _positional(found, position, value)
    for name, value in arguments.keywords.items():
        take_keyword(found, name, value)
    return found


def _positional(found: DeclaredColumn, position: int, value: Value) -> None:
    name = called(value)
    if name == "ForeignKey" and isinstance(value, Application):
        found.foreign_keys = (*found.foreign_keys, foreign_key(value))
    elif name in {"Identity", "Computed", "FetchedValue", "DefaultClause"}:
        found.server_default = True
        if name == "Identity" and found.nullable is None:
            found.nullable = False
    elif name == "Sequence":
        found.default = "factory"
    elif position == 0 or not found.typed:
        kind = column_type(value)
        if kind is not None or name not in {"CheckConstraint", "ColumnDefault"}:
            found.type = kind
            found.typed = True


def take_keyword(found: DeclaredColumn, name: str, value: Value) -> None:
    """Take up one keyword argument of a column."""
    if name in {"nullable", "primary_key", "unique", "index"}:
        fact = scalar(value)
        if isinstance(value, Const):
            setattr(found, name, bool(fact))
        else:
            found.unknown.add(name)
    elif name == "name" and isinstance(scalar(value), str):
        found.name = str(scalar(value))
    elif name in {"type_", "type"}:
        found.type, found.typed = column_type(value), True
    elif name in {"default", "insert_default", "default_factory"}:
        found.default = default_kind(value)
    elif name == "server_default":
        found.server_default = not (isinstance(value, Const) and value.value is None)


def default_kind(value: Value | None) -> str:
    """Where a default comes from: `constant`, `factory`, `unknown`, or nowhere."""
    match value:
        case None | Const(value=None):
            return ""
        case Const():
            return "constant"
        case External() | FunctionValue() | ClassValue():
            return "factory"
        case _:
            return "unknown" if not isinstance(value, Application) else "constant"


def foreign_key(call: Application) -> ForeignKey:
    """The reference that `ForeignKey(target, ondelete=…)` declares; an unresolved target is empty."""
    arguments = call.arguments
    ondelete = scalar(arguments.get(None, "ondelete"))
    name = scalar(arguments.get(None, "name"))
    return ForeignKey(
        target=target_of(arguments.get(0, "column")),
        ondelete=str(ondelete) if ondelete is not None else None,
        name=str(name) if name is not None else None,
    )


def target_of(value: Value | None) -> str:
    """`table.column` of a reference given as text, as `Model.column`, or as `table.c.column`; else empty."""
    match value:
        case Const(value=str(text)):
            return text
        case Member(of=ClassValue() as cls, name=name):
            return f"{_class_reference(cls)}.{name}"
        case Member(of=Member(of=Application() as table, name="c" | "columns"), name=name):
            first = scalar(table.arguments.get(0, "name"))
            return f"{first}.{name}" if isinstance(first, str) else ""
        case Application() if called(value) in COLUMN_CALLS:
            return ""
        case _:
            return ""


def _class_reference(cls: ClassValue) -> str:
    """A class until its table name is known: `tables` replaces it."""
    return f"{CLASS_MARK}{cls.qualified}"


def texts(values: list[Value]) -> tuple[str, ...] | None:
    """Column names of a constraint's arguments; None where one is an expression."""
    found: list[str] = []
    for value in values:
        match value:
            case Const(value=str(text)):
                found.append(text)
            case Member(name=name):
                found.append(name)
            case Application() if called(value) in COLUMN_CALLS:
                found.append(declared(value).name or "")
            case _:
                return None
    return tuple(found)
