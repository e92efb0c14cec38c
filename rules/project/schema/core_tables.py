"""Tables of `Table(...)` calls, and the classes that are mapped to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rules.evaluation.values import Application, ClassValue, Value
from rules.project.annotations import called
from rules.project.schema.class_arguments import metadata_schema
from rules.project.schema.column_calls import COLUMN_CALLS, SQL_LIBRARIES, declared
from rules.project.schema.column_types import scalar
from rules.project.schema.columns import Column
from rules.project.schema.metadata_identity import metadata_identity
from rules.project.schema.table_arguments import TableArguments, add_key, place_of
from rules.project.schema.tables import Table

if TYPE_CHECKING:
    from rules.evaluation.machine import Machine


def core_tables(
    machine: Machine, classes: list[ClassValue], counts: Callable[[str], bool]
) -> Iterator[Table]:
    """The table of each `Table(...)` call that start-up runs in a file that `counts`."""
    names = _variable_names(machine)
    mapped = {id(given): cls for cls in classes if (given := cls.attributes.get("__table__")) is not None}
    for effect in machine.wiring.effects:
        call = effect.value
        if effect.kind != "call" or not isinstance(call, Application) or not counts(call.origin.module.path):
            continue
        if called(call, *SQL_LIBRARIES) == "Table":
            table = _table(call, names.get(id(call), ""))
            if table is not None:
                _adopt(table, mapped.get(id(call)))
                yield table


def map_imperatively(machine: Machine, tables: list[Table]) -> None:
    """Give each table the classes that `map_imperatively(Class, table)` maps to it."""
    by_call = {id(table.model): table for table in tables}
    for effect in machine.wiring.effects:
        call = effect.value
        if not isinstance(call, Application) or len(call.arguments.positional) < 2:
            continue
        cls, table = call.arguments.positional[0], by_call.get(id(call.arguments.positional[1]))
        if isinstance(cls, ClassValue) and table is not None:
            table.classes = (*table.classes, cls)


def _adopt(table: Table, cls: ClassValue | None) -> None:
    if cls is not None:
        table.classes = (cls,)
        table.qualified, table.place = cls.qualified, cls.module.source.place(cls.node)


def _variable_names(machine: Machine) -> dict[int, str]:
    names: dict[int, str] = {}
    for module in machine.index.modules.values():
        for name, value in machine.scope(module).bindings.items():
            if isinstance(value, Application) and value.origin.module is module:
                names.setdefault(id(value), f"{module.dotted}.{name}")
    return names


def _table(call: Application, name: str) -> Table | None:
    arguments = call.arguments
    text = scalar(arguments.get(0, "name"))
    if not isinstance(text, str):
        return None
    columns: dict[str, Column] = {}
    extra = TableArguments(complete=not arguments.is_open)
    for value in arguments.positional[2:]:
        column = core_column(value)
        if column is not None:
            columns[column.name] = column
        else:
            add_key(extra, value)
    schema = scalar(arguments.get(None, "schema"))
    reflected = any(n in arguments.keywords for n in ("autoload", "autoload_with", "reflect"))
    return Table(
        name=text,
        schema=str(schema) if schema else metadata_schema(arguments.get(1, "metadata")),
        model=call,
        qualified=name or f"{call.origin.module.dotted}.{text}",
        place=place_of(call),
        columns=columns,
        keys=tuple(extra.keys),
        complete=extra.complete and not reflected,
        metadata=metadata_identity(arguments.get(1, "metadata")),
    )


def core_column(call: Value | None) -> Column | None:
    """The column that a `Column(...)` call in a table or an operation makes."""
    if not isinstance(call, Application) or called(call) not in COLUMN_CALLS:
        return None
    found = declared(call)
    key = scalar(call.arguments.get(None, "key"))
    nullable = found.nullable if found.nullable is not None else not found.primary_key
    return Column(
        name=found.name or "",
        attribute=str(key) if key else found.name or "",
        place=place_of(call),
        type=found.type,
        nullable=None if "nullable" in found.unknown else nullable,
        primary_key=None if "primary_key" in found.unknown else bool(found.primary_key),
        unique=None if "unique" in found.unknown else bool(found.unique),
        index=None if "index" in found.unknown else bool(found.index),
        foreign_keys=found.foreign_keys,
        default=found.default,
        server_default=found.server_default,
    )
