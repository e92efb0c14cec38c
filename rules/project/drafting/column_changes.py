"""Changes that give a migrated table the columns, types and nullability that its model declares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rules.project.comparison.pairs import column_pairs
from rules.project.comparison.type_differences import Aspect, TypeDifference, type_difference
from rules.project.drafting.calls import Change, call, text
from rules.project.drafting.declared_arguments import server_default_source
from rules.project.drafting.row_values import row_value
from rules.project.drafting.type_source import type_source
from rules.project.schema.columns import Column
from rules.project.schema.drift import Pair
from rules.project.schema.tables import Table


def column_source(table: Table, column: Column) -> str | None:
    """`sa.Column(…)` as the model says it, without its keys; None where a part of it cannot be written."""
    kind = type_source(column.type)
    if kind is None or column.nullable is None:
        return None
    default = server_default_source(table, column) if column.server_default else ""
    if default is None:
        return None
    given = f", server_default={default}" if default else ""
    return f"sa.Column({text(column.name)}, {kind}, nullable={column.nullable}{given})"


def added_columns(pair: Pair) -> Iterator[tuple[Column, Change]]:
    """Each column that the migrated table lacks; a required one comes with a value for the rows there are.

    Where the database alone has a column of such a type, a person knows whether it was renamed.
    """
    for column in pair.missing_columns():
        source = _addable(pair.table, column)
        if source is not None and not column.primary_key and not _may_be_renamed(pair, column):
            table, schema = text(pair.table.name), pair.table.schema
            yield (
                column,
                Change(
                    up=(call("op.add_column", table, source, schema=schema),),
                    down=(call("op.drop_column", table, text(column.name), schema=schema),),
                    cures=frozenset({("column", f"{pair.table.key}.{column.name}")}),
                ),
            )


def _may_be_renamed(pair: Pair, column: Column) -> bool:
    migrated = pair.migrated.columns.values() if pair.migrated is not None else ()
    surplus = [c for c in migrated if c.name not in pair.table.columns]
    return any(type_difference(column.type, c.type) is None for c in surplus)


def _addable(table: Table, column: Column) -> str | None:
    source = column_source(table, column)
    if source is None or column.nullable or column.server_default:
        return source
    value = row_value(table, column)
    return source.removesuffix(")") + f", server_default=sa.text({text(value)}))" if value else None


def altered_columns(pair: Pair) -> Iterator[Change]:
    """Types that can take all values there are, and nullability."""
    for column, migrated in column_pairs(pair):
        difference = type_difference(column.type, migrated.type)
        if difference is not None and _takes_all_values(column, migrated, difference):
            yield from _typed(pair, column, migrated, difference)
        if column.primary_key or column.nullable is None or migrated.nullable is None:
            continue
        if column.nullable != migrated.nullable:
            yield from _nullable(pair, column, migrated)


def _takes_all_values(column: Column, migrated: Column, difference: TypeDifference) -> bool:
    """Whether the database can go from its type to the model's without losing or refusing a value."""
    if not difference.certain or difference.aspect is Aspect.VALUES:
        return False
    if difference.aspect in {Aspect.SPELLING, Aspect.TIMEZONE}:
        return True
    back = type_difference(migrated.type, column.type)
    return back is not None and not back.narrower


def _typed(pair: Pair, column: Column, migrated: Column, difference: TypeDifference) -> Iterator[Change]:
    new, old = type_source(column.type), type_source(migrated.type)
    if new is None or old is None:
        return
    using = ""
    if difference.aspect is Aspect.TIMEZONE:
        using = f"postgresql_using={text(f'{column.name} AT TIME ZONE ' + repr('UTC'))}"
    elif difference.aspect is Aspect.SPELLING and column.type is not None:
        using = (
            f"postgresql_using={text(f'{column.name}::{column.type.name.lower()}')}" if _casts(new) else ""
        )
    yield _alteration(
        pair,
        column,
        "type",
        (f"type_={new}", f"existing_type={old}", using),
        (f"type_={old}", f"existing_type={new}", using if difference.aspect is Aspect.TIMEZONE else ""),
    )


def _casts(kind: str) -> bool:
    return kind in {"sa.JSON()", "postgresql.JSONB()"}


def _nullable(pair: Pair, column: Column, migrated: Column) -> Iterator[Change]:
    kind = type_source(migrated.type)
    existing = f"existing_type={kind}" if kind else ""
    fill: tuple[str, ...] = ()
    if not column.nullable:
        value = row_value(pair.table, column)
        if value is None:
            return
        fill = (_filling(pair.table, column, value),)
    change = _alteration(
        pair,
        column,
        "nullability",
        (existing, f"nullable={column.nullable}"),
        (existing, f"nullable={not column.nullable}"),
    )
    yield replace(change, up=(*fill, *change.up))


def _filling(table: Table, column: Column, value: str) -> str:
    named = f'"{table.schema}"."{table.name}"' if table.schema else f'"{table.name}"'
    name = f'"{column.name}"'
    statement = f"UPDATE {named} SET {name} = {value} WHERE {name} IS NULL"  # noqa: S608 - text of a file, never run
    return call("op.execute", repr(statement) if "'" not in statement else f'"""{statement}"""')


def _alteration(pair: Pair, column: Column, what: str, up: tuple[str, ...], down: tuple[str, ...]) -> Change:
    table, schema = pair.table, pair.table.schema
    named = (text(table.name), text(column.name))
    return Change(
        up=(call("op.alter_column", *named, *up, schema=schema),),
        down=(call("op.alter_column", *named, *down, schema=schema),),
        cures=frozenset({(what, f"{table.key}.{column.name}")}),
    )
