"""Changes that give a migrated table the indexes and foreign keys that its model declares."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from rules.project.comparison.key_differences import (
    Fault,
    KeyDifference,
    key_differences,
    migrated_indexes,
    model_indexes,
    model_references,
)
from rules.project.drafting.calls import Change, call, text, texts
from rules.project.migrations.constraint_names import conventional_name, default_name
from rules.project.migrations.replayed import ReplayedTable
from rules.project.schema.columns import ForeignKey, Key
from rules.project.schema.drift import Pair
from rules.project.schema.tables import Table


def key_subject(table: str, found: KeyDifference) -> str:
    """What tells one differing key of a table from the others."""
    return f"{table}({', '.join(found.columns)}) {found.kind} {found.target}".rstrip()


def added_keys(pair: Pair, migrated: ReplayedTable, added: Collection[str]) -> Iterator[Change]:
    """The keys that the migrated table, with its `added` columns, lacks, or has with another ON DELETE.

    A unique one over columns with rows is left out: the rows may break it, which a person has to settle.
    """
    differences = list(key_differences(pair.table, migrated))
    for found in differences:
        if found.kind == "index" and found.fault is Fault.MISSING:
            yield index_change(pair, found.columns, {("key", key_subject(pair.table.key, found))})
        elif found.kind == "foreign" and found.fault is not Fault.EXTRA:
            yield from _reference(pair, migrated, found)
    yield from _over_added(pair, migrated, set(added))


def _over_added(pair: Pair, migrated: ReplayedTable, added: set[str]) -> Iterator[Change]:
    """Keys over columns that are added with them."""
    table = pair.table
    present = {*migrated.columns, *added}
    indexes, doubtful = model_indexes(table)
    known = migrated_indexes(migrated)
    for columns, unique in indexes.items():
        if columns in doubtful or columns in known or not set(columns) & added or not set(columns) <= present:
            continue
        yield _unique(pair, columns) if unique else index_change(pair, columns)
    references, unread = model_references(table)
    for (column, _), key in references.items():
        if column in added - unread - composite_members(table):
            yield reference_change(pair, column, key)


def composite_members(table: Table) -> set[str]:
    """Columns of foreign keys over several columns, which are not drafted."""
    return {c for key in table.keys if key.kind == "foreign" and len(key.columns) > 1 for c in key.columns}


def index_change(pair: Pair, columns: tuple[str, ...], cures: Collection[tuple[str, str]] = ()) -> Change:
    """A plain index, built without a lock against writes."""
    table = pair.table
    name, options = _index_name(pair, columns), "postgresql_concurrently=True"
    schema = table.schema
    return Change(
        up=(call("op.create_index", name, text(table.name), texts(columns), options, schema=schema),),
        down=(call("op.drop_index", name, f"table_name={text(table.name)}", options, schema=schema),),
        cures=frozenset(cures),
        concurrent=True,
    )


def _unique(pair: Pair, columns: tuple[str, ...]) -> Change:
    table, schema = pair.table, pair.table.schema
    alone = table.columns[columns[0]] if len(columns) == 1 else None
    if alone is not None and alone.index:
        name = _index_name(pair, columns)
        return Change(
            up=(
                call("op.create_index", name, text(table.name), texts(columns), "unique=True", schema=schema),
            ),
            down=(call("op.drop_index", name, f"table_name={text(table.name)}", schema=schema),),
        )
    name = f"op.f({text(_constraint_name(pair, 'unique', columns))})"
    return Change(
        up=(call("op.create_unique_constraint", name, text(table.name), texts(columns), schema=schema),),
        down=(call("op.drop_constraint", name, text(table.name), 'type_="unique"', schema=schema),),
    )


def _index_name(pair: Pair, columns: tuple[str, ...]) -> str:
    """The name that the model gives, else the one that SQLAlchemy would."""
    given = next(
        (k.name for k in pair.table.keys if k.kind == "index" and k.name and set(k.columns) == set(columns)),
        None,
    )
    return text(given) if given else f"op.f({text(_constraint_name(pair, 'index', columns))})"


def _constraint_name(pair: Pair, kind: str, columns: tuple[str, ...], targets: tuple[str, ...] = ()) -> str:
    schema = pair.history.replay.schema
    table = pair.table.name
    agreed = conventional_name(schema.convention, kind, table, columns, targets)
    taken = {k.name or "" for t in schema.tables.values() for k in t.keys}
    return agreed or default_name(kind, table, columns, taken)


def _reference(pair: Pair, migrated: ReplayedTable, found: KeyDifference) -> Iterator[Change]:
    (column,) = found.columns
    references, _ = model_references(pair.table)
    key = references[column, found.target]
    if column in composite_members(pair.table):
        return
    cures = frozenset({("key", key_subject(pair.table.key, found))})
    if found.fault is Fault.MISSING:
        yield reference_change(pair, column, key, cures)
        return
    old = next((k for k in migrated.keys if k.kind == "foreign" and k.columns == (column,)), None)
    if old is None or not old.name:
        return
    drop = _dropped(pair, text(old.name))
    yield Change(
        up=(drop, _creation(pair, column, text(old.name), key)),
        down=(drop, _creation(pair, column, text(old.name), _as_reference(old))),
        cures=cures,
    )


def _as_reference(key: Key) -> ForeignKey:
    return ForeignKey(key.targets[0], key.ondelete, key.name)


def reference_change(
    pair: Pair, column: str, key: ForeignKey, cures: frozenset[tuple[str, str]] = frozenset()
) -> Change:
    """A foreign key from a column of the pair's table."""
    name = key.name or _constraint_name(pair, "foreign", (column,), (key.target,))
    quoted = text(name) if key.name else f"op.f({text(name)})"
    return Change(up=(_creation(pair, column, quoted, key),), down=(_dropped(pair, quoted),), cures=cures)


def _creation(pair: Pair, column: str, name: str, key: ForeignKey) -> str:
    schema, _, table = key.table.rpartition(".")
    schemas = (("source_schema", pair.table.schema), ("referent_schema", schema or None))
    return call(
        "op.create_foreign_key",
        name,
        text(pair.table.name),
        text(table),
        texts([column]),
        texts([key.column]),
        f"ondelete={text(key.ondelete)}" if key.ondelete else "",
        *(f"{argument}={text(value)}" for argument, value in schemas if value),
    )


def _dropped(pair: Pair, name: str) -> str:
    table = pair.table
    return call("op.drop_constraint", name, text(table.name), 'type_="foreignkey"', schema=table.schema)
