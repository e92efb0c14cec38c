"""Tables that no migration creates, as a migration would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rules.project.comparison.key_differences import model_indexes, model_references
from rules.project.drafting.calls import Change, call, text, texts
from rules.project.drafting.column_changes import column_source
from rules.project.drafting.key_changes import composite_members
from rules.project.schema.columns import ForeignKey, Key
from rules.project.schema.tables import Table


def new_tables(tables: Iterable[Table]) -> Iterator[Change]:
    """Each table that can be written in full, after those that it refers to."""
    waiting = {table.key: table for table in tables}
    while waiting:
        ready = [t for t in waiting.values() if not (_referred(t) - {t.key}) & waiting.keys()]
        for table in ready or list(waiting.values()):
            del waiting[table.key]
            change = _creation(table) if ready else None
            if change is not None:
                yield change


def _referred(table: Table) -> set[str]:
    return {key.table for column in table.columns.values() for key in column.foreign_keys}


def _creation(table: Table) -> Change | None:
    columns = [column_source(table, column) for column in table.columns.values()]
    _, unread = model_references(table)
    indexes, doubtful = model_indexes(table)
    if not table.complete or unread or doubtful or composite_members(table) or None in columns:
        return None
    primary = [c.name for c in table.columns.values() if c.primary_key]
    arguments = [
        text(table.name),
        *(column for column in columns if column is not None),
        *_references(table),
        f"sa.PrimaryKeyConstraint({', '.join(text(name) for name in primary)})" if primary else "",
    ]
    outside: list[str] = []
    for over, unique in indexes.items():
        if unique and not _is_index(table, over):
            arguments.append(f"sa.UniqueConstraint({', '.join(text(name) for name in over)})")
        else:
            outside.append(_index(table, over, "unique=True" if unique else ""))
    return Change(
        up=(call("op.create_table", *arguments, schema=table.schema), *outside),
        down=(call("op.drop_table", text(table.name), schema=table.schema),),
        cures=frozenset({("table", table.key)}),
    )


def _references(table: Table) -> Iterator[str]:
    for column in table.columns.values():
        for key in column.foreign_keys:
            yield call("sa.ForeignKeyConstraint", texts([column.name]), texts([key.target]), _action(key))


def _action(key: ForeignKey) -> str:
    return f"ondelete={text(key.ondelete)}" if key.ondelete else ""


def _is_index(table: Table, over: tuple[str, ...]) -> bool:
    """Whether what makes the columns unique is an index and no constraint."""
    alone = table.columns[over[0]] if len(over) == 1 else None
    return bool(alone is not None and alone.index) or _named(table, over) is not None


def _named(table: Table, over: tuple[str, ...]) -> Key | None:
    return next((k for k in table.keys if k.kind == "index" and set(k.columns) == set(over)), None)


def _index(table: Table, over: tuple[str, ...], unique: str) -> str:
    given = _named(table, over)
    name = text(given.name) if given is not None and given.name else f'op.f("ix_{table.name}_{over[0]}")'
    return call("op.create_index", name, text(table.name), texts(over), unique, schema=table.schema)
