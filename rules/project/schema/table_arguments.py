"""Constraints, indexes and options of a table: `__table_args__` and the arguments of `Table(...)`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rules.evaluation.values import Application, Const, Dictionary, Sequence, Value
from rules.finding import Place
from rules.project.annotations import called
from rules.project.schema.column_calls import target_of, texts
from rules.project.schema.column_types import scalar
from rules.project.schema.columns import Key

_KINDS = {
    "UniqueConstraint": "unique",
    "PrimaryKeyConstraint": "primary",
    "ForeignKeyConstraint": "foreign",
    "CheckConstraint": "check",
    "ExcludeConstraint": "exclude",
    "Index": "index",
}


@dataclass(slots=True)
class TableArguments:
    """What stands beside the columns of a table; `complete` where all of it could be read."""

    schema: str | None = None
    keys: list[Key] = field(default_factory=list)
    is_view: bool = False
    complete: bool = True


def place_of(call: Application) -> Place:
    """Where a call stands."""
    return call.origin.module.source.place(call.origin.node)


def table_arguments(value: Value | None) -> TableArguments:
    """Read `__table_args__`: a dict, or a tuple whose last item may be one."""
    found = TableArguments()
    if value is None:
        return found
    if isinstance(value, Dictionary):
        _options(found, value)
    elif isinstance(value, Sequence):
        found.complete = not value.is_open
        _items(found, value.items)
    elif not isinstance(value, Const):
        found.complete = False
    return found


def _items(found: TableArguments, items: Iterable[Value]) -> None:
    for item in items:
        if isinstance(item, Dictionary):
            _options(found, item)
        else:
            add_key(found, item)


def add_key(found: TableArguments, item: Value) -> None:
    """Take up one constraint or index."""
    key = key_of(item)
    if key is not None:
        found.keys.append(key)
    elif not isinstance(item, Const):
        found.complete = False


def key_of(item: Value) -> Key | None:
    """The constraint or index that a call declares; None where it is no such call."""
    if not isinstance(item, Application):
        return None
    kind = _KINDS.get(called(item))
    if kind is None:
        return None
    arguments = item.arguments
    positional = list(arguments.positional)
    name = scalar(arguments.get(None, "name"))
    if kind == "index" and positional:
        name = scalar(positional.pop(0))
    columns, targets = _columns(kind, positional, arguments.keywords)
    ondelete = scalar(arguments.get(None, "ondelete"))
    return Key(
        kind=kind,
        columns=columns,
        place=place_of(item),
        name=str(name) if name is not None else None,
        targets=targets,
        ondelete=str(ondelete) if ondelete is not None else None,
        unique=kind == "unique" or bool(scalar(arguments.get(None, "unique"))),
    )


def _columns(
    kind: str, positional: list[Value], keywords: dict[str, Value]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if kind in {"check", "exclude"}:
        return (), ()
    if kind != "foreign":
        return texts(positional) or (), ()
    local = positional[0] if positional else keywords.get("columns")
    remote = positional[1] if len(positional) > 1 else keywords.get("refcolumns")
    columns = texts(local.items) if isinstance(local, Sequence) else None
    targets = tuple(target_of(v) for v in remote.items) if isinstance(remote, Sequence) else ()
    return columns or (), targets


def _options(found: TableArguments, options: Dictionary) -> None:
    schema = options.get("schema")
    if isinstance(schema, Const):
        found.schema = str(schema.value) if schema.value else None
    elif schema is not None:
        found.complete = False
    info = options.get("info")
    if isinstance(info, Dictionary):
        found.is_view = any(
            scalar(info.get(k)) is True for k in ("is_view", "skip_autogenerate", "is_materialized")
        )
