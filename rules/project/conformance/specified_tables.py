"""Tables as a specification of the schema has them; a flag that is None is not told."""

from __future__ import annotations

from dataclasses import dataclass

from rules.finding import Place
from rules.project.schema.columns import Column, Key
from rules.specification.problem import Doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecifiedTable:
    """A table: its name as it is written, with its schema in front where it has one.

    `is_named_table` is False for one that the text does not call a table, an entity or a model.
    """

    name: str
    place: Place
    columns: dict[str, Column]
    keys: tuple[Key, ...] = ()
    is_named_table: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaSpecification:
    """The tables of one file. `is_loose`: names may be those of classes, and in the singular or plural."""

    path: str
    tables: tuple[SpecifiedTable, ...]
    is_loose: bool = False
    is_configured: bool = False
    doubts: tuple[Doubt, ...] = ()
