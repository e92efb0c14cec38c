"""What is known of a column, its type and its keys, whether a model or a migration declares it.

None in a flag means unknown; it never means absent.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.finding import Place
from rules.inventory import ColumnRecord


@dataclass(frozen=True, slots=True)
class ColumnType:
    """A column's type by its SQLAlchemy class name, with the arguments that change the stored shape.

    `implementation` is what a project's own `TypeDecorator` stores; `values` are an enum's stored names,
    `native` whether it may be a type of the database's own; `variants` are the types of other dialects.
    """

    name: str
    length: int | None = None
    precision: int | None = None
    scale: int | None = None
    timezone: bool | None = None
    values: tuple[str, ...] = ()
    element: ColumnType | None = None
    implementation: ColumnType | None = None
    native: bool = True
    variants: tuple[ColumnType, ...] = ()

    def __str__(self) -> str:
        if self.length is not None:
            return f"{self.name}({self.length})"
        if self.precision is not None:
            scale = "" if self.scale is None else f", {self.scale}"
            return f"{self.name}({self.precision}{scale})"
        return self.name


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A reference to `target` (`table.column`, with the schema in front where there is one)."""

    target: str
    ondelete: str | None = None
    name: str | None = None

    @property
    def table(self) -> str:
        """The referenced table with its schema."""
        return self.target.rpartition(".")[0]

    @property
    def column(self) -> str:
        """The referenced column."""
        return self.target.rpartition(".")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `attribute` is the model's name for it; `source` the class that declares it.

    `default` says where a value comes from if none is given: "" (nowhere), `constant`, `factory` or
    `unknown`; `server_default` whether the database has one.
    """

    name: str
    place: Place
    attribute: str = ""
    type: ColumnType | None = None
    nullable: bool | None = True
    primary_key: bool | None = False
    unique: bool | None = False
    index: bool | None = False
    foreign_keys: tuple[ForeignKey, ...] = ()
    default: str = ""
    server_default: bool = False
    source: str = ""

    def record(self) -> ColumnRecord:
        """The column as the schema inventory shows it; an unknown flag is shown as SQLAlchemy's default."""
        return ColumnRecord(
            name=self.name,
            type=str(self.type) if self.type is not None else "NullType",
            nullable=self.nullable is not False,
            primary_key=bool(self.primary_key),
            unique=bool(self.unique),
            index=bool(self.index),
            foreign_key=self.foreign_keys[0].target if self.foreign_keys else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A constraint or index over columns. `kind` is `primary`, `unique`, `foreign`, `check` or `index`.

    `columns` is empty where the key is over expressions; `targets` are a foreign key's columns.
    """

    kind: str
    columns: tuple[str, ...]
    place: Place
    name: str | None = None
    targets: tuple[str, ...] = ()
    ondelete: str | None = None
    unique: bool = False
