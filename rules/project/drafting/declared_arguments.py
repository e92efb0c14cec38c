"""What a model's field says about its column beyond the column's facts: the values of its defaults."""

from __future__ import annotations

from rules.evaluation.values import Application, ClassValue, Const, Dictionary, FieldValue, Value
from rules.project.annotations import called, external_name
from rules.project.drafting.calls import text
from rules.project.schema.column_calls import column_call
from rules.project.schema.column_types import scalar
from rules.project.schema.columns import Column
from rules.project.schema.schemas import FIELD_LIBRARIES
from rules.project.schema.tables import Table


def declared_argument(table: Table, column: Column, name: str) -> Value | None:
    """The argument of that name of the field's `Column(...)`, `mapped_column(...)` or `Field(...)`.

    A plain value is the field's `default`.
    """
    item = _field(table, column)
    value = item.value if item is not None else None
    if value is None:
        return None
    call = column_call(value)
    if call is not None:
        return call.arguments.get(None, name)
    if called(value, *FIELD_LIBRARIES) == "Field" and isinstance(value, Application):
        return _of_field_call(value, name)
    return value if name == "default" else None


def _field(table: Table, column: Column) -> FieldValue | None:
    bases = table.model.linearized() if isinstance(table.model, ClassValue) else ()
    for base in bases:
        if isinstance(base, ClassValue) and base.qualified == column.source:
            return next((f for f in base.fields if f.name == column.attribute), None)
    return None


def _of_field_call(call: Application, name: str) -> Value | None:
    found = call.arguments.get(0 if name == "default" else None, name)
    column = column_call(call.arguments.get(None, "sa_column"))
    if found is None and column is not None:
        found = column.arguments.get(None, name)
    extra = call.arguments.get(None, "sa_column_kwargs")
    if found is None and isinstance(extra, Dictionary):
        found = extra.get(name)
    return found


def server_default_source(table: Table, column: Column) -> str | None:
    """The model's own server default as a migration writes it; None where it is not a simple one."""
    value = declared_argument(table, column, "server_default")
    match value:
        case Const(value=str(given), configurable=False):
            return text(given)
        case Application() if called(value, "sqlalchemy", "sqlmodel") == "text":
            inner = scalar(value.arguments.get(0, "text"))
            return f"sa.text({text(inner)})" if isinstance(inner, str) else None
        case Application() if not (value.arguments.positional or value.arguments.keywords):
            name = external_name(value.function) or ""
            return f"sa.func.{name}()" if _is_function(value) else None
        case _:
            return None


def _is_function(value: Application) -> bool:
    return ".func." in getattr(value.function, "name", "")
