"""Defaults of fields and columns that are computed once, when the module is imported."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import (
    Application,
    ClassValue,
    Dictionary,
    External,
    FieldValue,
    Member,
    Sequence,
    Value,
)
from rules.finding import Place
from rules.project.annotations import called
from rules.project.schema.column_calls import column_call
from rules.project.schema.schemas import FIELD_LIBRARIES, classes_of, is_model
from rules.project.schema.table_arguments import place_of
from rules.project.schema.table_names import is_declarative
from rules.project.schema.table_sources import declares_tables

if TYPE_CHECKING:
    from rules.project.project import Project

_CHANGING = frozenset(
    {
        "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
        "time.time", "time.time_ns", "time.monotonic", "time.perf_counter", "uuid.uuid1", "uuid.uuid4",
        "uuid.uuid6", "uuid.uuid7", "secrets.token_hex", "secrets.token_urlsafe", "secrets.token_bytes",
        "secrets.randbelow", "secrets.choice", "random.random", "random.randint", "random.choice",
        "os.urandom", "django.utils.timezone.now", "pendulum.now", "arrow.utcnow", "arrow.now",
    }
)  # fmt: skip
NAIVE = frozenset({"datetime.datetime.utcnow"})
"""Callables that give a UTC time which does not say so."""

_WRAPPERS = {"isoformat", "date", "time", "timestamp", "replace", "hex", "astimezone", "str"}


class Evaluated(enum.Enum):
    """What is the matter with a default."""

    ONCE = "computed at import"
    SHARED = "one mutable object for all rows"
    NAIVE = "a UTC time without a time zone"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTimeDefault:
    """A default. `call` is the library's name of what is called, `text` the source of the whole value."""

    what: Evaluated
    cls: ClassValue
    field: FieldValue
    place: Place
    call: str = ""
    value: Application | None = None
    in_column: bool = False


def import_time_defaults(project: Project) -> Iterator[ImportTimeDefault]:
    """Each such default of the project's models and schemas."""
    counts = declares_tables(project.index, project.options)
    for cls in classes_of(project.machine):
        if not counts(cls.module.path):
            continue
        mapped = is_declarative(cls)
        if mapped or is_model(cls):
            for item in cls.fields:
                if item.value is not None:
                    yield from _of_field(cls, item, item.value, is_mapped=mapped)


def _of_field(
    cls: ClassValue, item: FieldValue, value: Value, *, is_mapped: bool
) -> Iterator[ImportTimeDefault]:
    place = cls.module.source.place(item.node)
    for given, in_column in _defaults(value, is_mapped=is_mapped):
        call = _changing(given)
        if call is not None:
            yield ImportTimeDefault(
                what=Evaluated.ONCE,
                cls=cls,
                field=item,
                place=_inner_place(place, call),
                call=_name(call),
                value=call,
                in_column=in_column,
            )
        elif in_column and isinstance(given, Sequence | Dictionary) and not _is_copied(value):
            yield ImportTimeDefault(what=Evaluated.SHARED, cls=cls, field=item, place=place, in_column=True)
        elif isinstance(given, External) and given.name in NAIVE:
            yield ImportTimeDefault(
                what=Evaluated.NAIVE, cls=cls, field=item, place=place, call=given.name, in_column=in_column
            )


def _is_copied(value: Value) -> bool:
    """Whether the column's type, made by `as_mutable`, gives each row a copy of its own.

    Source: https://docs.sqlalchemy.org/en/20/orm/extensions/mutable.html (`Mutable.coerce`).
    """
    column = column_call(value)
    if column is None and isinstance(value, Application):
        column = column_call(value.arguments.get(None, "sa_column"))
    if column is None:
        return False
    given = (*column.arguments.positional, column.arguments.get(None, "type_"))
    return any(_called_name(each) == "as_mutable" for each in given)


def _called_name(value: Value | None) -> str:
    if not isinstance(value, Application):
        return ""
    match value.function:
        case External(name=name):
            return name.rpartition(".")[2]
        case Member(name=name):
            return name
        case _:
            return ""


def _inner_place(place: Place, call: Application) -> Place:
    """The line of the call where it stands inside the field's own statement."""
    at = place_of(call)
    inside = at.path == place.path and place.line <= at.line <= max(place.end_line, place.line)
    return at if inside else place


def _defaults(value: Value, *, is_mapped: bool) -> Iterator[tuple[Value, bool]]:
    """The defaults that a field's value gives, and whether SQLAlchemy's column holds them."""
    column = column_call(value)
    if column is not None:
        for name in ("default", "onupdate", "insert_default"):
            given = column.arguments.get(None, name)
            if given is not None:
                yield given, True
    elif called(value, *FIELD_LIBRARIES) == "Field" and isinstance(value, Application):
        yield from _of_field_call(value)
    elif not is_mapped:
        yield value, False


def _of_field_call(call: Application) -> Iterator[tuple[Value, bool]]:
    for position, name in ((0, "default"), (None, "default_factory")):
        given = call.arguments.get(position, name)
        if given is not None and not isinstance(given, Sequence | Dictionary):
            yield given, False
    column = column_call(call.arguments.get(None, "sa_column"))
    if column is not None:
        yield from _defaults(column, is_mapped=True)
    extra = call.arguments.get(None, "sa_column_kwargs")
    if isinstance(extra, Dictionary):
        for name in ("default", "onupdate"):
            given = extra.get(name)
            if given is not None:
                yield given, True


def _changing(value: Value) -> Application | None:
    """The call of something that gives another value each time, also inside `str(…)` or `.isoformat()`."""
    for _ in range(4):
        if not isinstance(value, Application):
            return None
        if _name(value) in _CHANGING:
            return value
        inner = getattr(value.function, "of", None)
        if inner is None and called(value) in _WRAPPERS and value.arguments.positional:
            inner = value.arguments.positional[0]
        if not isinstance(inner, Application):
            return None
        value = inner
    return None


def _name(call: Application) -> str:
    return call.function.name if isinstance(call.function, External) else ""
