"""Operations of migrations that break on a database with rows in it, or lock it.

The replay runs on an empty database; here each `upgrade()` is looked at as it meets a full one. Tables that
the same revision creates are empty and exempt.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rules.evaluation.values import Application, Const, Effect, Value
from rules.finding import Place
from rules.project.comparison.type_differences import Aspect, type_difference
from rules.project.migrations.conditions import Happens, happens
from rules.project.migrations.operation_arguments import Call, names, operation, text
from rules.project.migrations.operations import altered, table_key
from rules.project.migrations.replay import Replay
from rules.project.migrations.revisions import Environment, Revision
from rules.project.schema.column_types import column_type
from rules.project.schema.columns import Column
from rules.project.schema.core_tables import core_column

_RECENT = 4


class Hazard(enum.Enum):
    """What an operation does to a database in use."""

    REQUIRED_COLUMN = "adds a NOT NULL column without a default"
    NOT_NULL = "makes a column NOT NULL"
    NARROWER_TYPE = "narrows a type"
    OTHER_TYPE = "changes the class of a type"
    DROPS_COLUMN = "drops a column"
    DROPS_TABLE = "drops a table"
    UNIQUE = "demands uniqueness of rows that exist"
    LOCKING_INDEX = "locks the table against writes while it builds an index"


BREAKS_DATA = frozenset(Hazard) - {Hazard.LOCKING_INDEX}
"""What fails on rows that exist, or destroys them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardousOperation:
    """One operation. `name` is `table` or `table.column`; `certain` is False under a condition not known."""

    hazard: Hazard
    revision: Revision
    place: Place
    table: str
    name: str
    certain: bool = True


@dataclass(slots=True)
class _Run:
    """One revision as it runs: the tables it made, the columns it added, whether it fills rows.

    `columns` are those of all revisions so far, by `table.column`.
    """

    columns: dict[str, Column]
    created: set[str] = field(default_factory=set)
    added: set[str] = field(default_factory=set)
    filled: bool = False


def hazards(replay: Replay) -> Iterator[HazardousOperation]:
    """Each hazardous operation of the newest revisions; older ones have run, and first ones meet no rows."""
    recent = _recent(replay.environment)
    columns: dict[str, Column] = {}
    for revision in replay.revisions:
        found = list(_of_revision(revision, replay.effects[revision.path], columns))
        if revision.downs and revision.identifier in recent:
            restored = set(_restored(replay.effects[revision.path]))
            yield from (f for f in found if f.hazard is not Hazard.DROPS_COLUMN or f.name not in restored)


def _of_revision(
    revision: Revision, effects: list[Effect], columns: dict[str, Column]
) -> Iterator[HazardousOperation]:
    run = _Run(columns)
    for effect in effects:
        for hazard, table, name in _of_effect(run, effect):
            yield HazardousOperation(
                hazard=hazard,
                revision=revision,
                place=_place(revision, effect),
                table=table,
                name=name,
                certain=happens(effect.conditions) is not Happens.UNKNOWN,
            )


def _restored(effects: list[Effect]) -> Iterator[str]:
    """The columns that a revision renames or adds, and so puts in the place of one that it drops."""
    for effect in effects:
        call = operation(effect.value) if isinstance(effect.value, Application) else None
        if call is None:
            continue
        table, new = table_key(call, 0, "table_name"), call.text(None, "new_column_name")
        if call.name == "alter_column" and new is not None:
            yield f"{table}.{new}"
        elif call.name == "add_column":
            column = core_column(call.arguments.get(0 if call.batch is not None else 1, "column"))
            yield f"{table}.{column.name if column is not None else ''}"


def _recent(environment: Environment) -> set[str]:
    """The revisions that only a few follow: older ones have long run everywhere."""
    found = {head.identifier for head in environment.heads()}
    by_identifier = {r.identifier: r for r in environment.revisions}
    layer = set(found)
    for _ in range(_RECENT):
        layer = {down for name in layer if name in by_identifier for down in by_identifier[name].downs}
        found |= layer
    return found


def _place(revision: Revision, effect: Effect) -> Place:
    origin = effect.origin
    if origin.module is not revision.module:
        origin = next((o for o in reversed(effect.stack) if o.module is revision.module), origin)
    return origin.module.source.place(origin.node)


def _of_effect(run: _Run, effect: Effect) -> Iterator[tuple[Hazard, str, str]]:
    if effect.kind != "call" or not isinstance(effect.value, Application):
        return
    call = operation(effect.value)
    if call is None:
        run.filled = run.filled or _runs_statement(effect.value)
    elif happens(effect.conditions) is not Happens.NEVER:
        yield from _of_call(run, call)


def _runs_statement(value: Application) -> bool:
    return getattr(value.function, "name", "") in {"execute", "exec_driver_sql"}


def _of_call(run: _Run, call: Call) -> Iterator[tuple[Hazard, str, str]]:
    if call.name in {"execute", "bulk_insert"}:
        run.filled = True
        return
    position = 1 if call.name in {"create_index", "create_unique_constraint", "drop_constraint"} else 0
    table = table_key(call, position, "table_name")
    if call.name == "create_table":
        run.created.add(table or call.text(0, "name") or "")
    if table is None:
        return
    if table not in run.created:
        for hazard, column in _hazards(run, call, table):
            yield hazard, table, f"{table}.{column}" if column else table
    _follow(run.columns, call, table)


def _follow(columns: dict[str, Column], call: Call, table: str) -> None:
    """What the columns are after the operation."""
    shift = 1 if call.batch is not None else 0
    if call.name in {"create_table", "add_column"}:
        made = (core_column(value) for value in call.arguments.positional)
        columns.update({f"{table}.{column.name}": column for column in made if column is not None})
    elif call.name == "alter_column":
        name = text(call.arguments.get(1 - shift, "column_name")) or ""
        column = columns.pop(f"{table}.{name}", None)
        if column is not None:
            new = call.text(None, "new_column_name") or name
            columns[f"{table}.{new}"] = altered(replace(column, name=new), call)


def _hazards(run: _Run, call: Call, table: str) -> Iterator[tuple[Hazard, str]]:
    shift = 1 if call.batch is not None else 0
    match call.name:
        case "add_column":
            column = core_column(call.arguments.get(1 - shift, "column"))
            if column is not None:
                run.added.add(column.name)
            if column is not None and column.nullable is False and not column.server_default:
                yield Hazard.REQUIRED_COLUMN, column.name
        case "alter_column":
            yield from _altered(run, call, table, text(call.arguments.get(1 - shift, "column_name")) or "")
        case "drop_column":
            yield Hazard.DROPS_COLUMN, text(call.arguments.get(1 - shift, "column_name")) or ""
        case "drop_table":
            yield Hazard.DROPS_TABLE, ""
        case "create_unique_constraint" | "create_index" if _is_unique(call):
            columns = names(call.arguments.get(2 - shift, "columns")) or ("",)
            if not set(columns) <= run.added:
                yield Hazard.UNIQUE, ", ".join(columns)
        case "create_index" if not call.flag("postgresql_concurrently"):
            yield Hazard.LOCKING_INDEX, ""
        case _:
            return


def _is_unique(call: Call) -> bool:
    return call.name == "create_unique_constraint" or call.flag("unique")


def _altered(run: _Run, call: Call, table: str, column: str) -> Iterator[tuple[Hazard, str]]:
    nullable = call.arguments.get(None, "nullable")
    was = call.arguments.get(None, "existing_nullable")
    known = run.columns.get(f"{table}.{column}")
    is_required = _is_false(was) or (known is not None and known.nullable is False)
    if _is_false(nullable) and not is_required and not run.filled:
        yield Hazard.NOT_NULL, column
    new = column_type(call.arguments.get(None, "type_"))
    old = column_type(call.arguments.get(None, "existing_type")) or (
        known.type if known is not None else None
    )
    difference = type_difference(old, new)
    if difference is None or difference.aspect in {Aspect.SPELLING, Aspect.TIMEZONE}:
        return
    if difference.narrower and "postgresql_using" not in call.arguments.keywords:
        yield Hazard.OTHER_TYPE if difference.aspect is Aspect.CLASS else Hazard.NARROWER_TYPE, column


def _is_false(value: Value | None) -> bool:
    return isinstance(value, Const) and value.value is False
