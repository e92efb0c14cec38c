"""Reading the arguments of Alembic's operations."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rules.evaluation.values import Application, Arguments, Choice, Const, External, Member, Sequence, Value
from rules.project.annotations import called
from rules.project.schema.columns import Key
from rules.project.schema.table_arguments import key_of


@dataclass(slots=True)
class Call:
    """One operation: its name, its arguments, and the table that a batch block fixed."""

    name: str
    arguments: Arguments
    batch: Application | None = None

    def value(self, position: int, name: str) -> Value | None:
        """An argument; `position` counts as on `op`, so inside a batch what names the table is skipped."""
        return self.arguments.get(position, name)

    def text(self, position: int | None, name: str) -> str | None:
        """A string argument, `op.f(...)` and `quoted_name(...)` looked through."""
        return text(self.arguments.get(position, name))

    def flag(self, name: str) -> bool:
        """Whether a keyword is the constant True."""
        found = self.arguments.get(None, name)
        return isinstance(found, Const) and found.value is True


def text(value: Value | None) -> str | None:
    """The string that a value is, `op.f(...)` looked through."""
    if isinstance(value, Application):
        name = value.function.name if isinstance(value.function, Member) else called(value)
        if name in {"f", "quoted_name", "conv"}:
            return text(value.arguments.get(0, "name"))
    if isinstance(value, Choice):
        found = {text(a.value) for a in value.alternatives}
        return found.pop() if len(found) == 1 else None
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else None


def names(value: Value | None) -> tuple[str, ...] | None:
    """Column names of a list; `()` where it holds expressions, None where it could not be read."""
    single = text(value)
    if single is not None:
        return (single,)
    if not isinstance(value, Sequence) or value.is_open:
        return None
    found = [text(item) for item in value.items]
    return () if None in found else tuple(n for n in found if n is not None)


def operation(value: Value) -> Call | None:
    """The Alembic operation that a call is; None for any other call."""
    if not isinstance(value, Application):
        return None
    function = value.function
    if isinstance(function, External):
        parts = function.name.split(".")
        if len(parts) >= 3 and parts[0] == "alembic" and parts[-2] == "op":
            return Call(parts[-1], value.arguments)
        return None
    if isinstance(function, Member):
        batch = batch_of(function.of)
        if batch is not None:
            return Call(function.name, value.arguments, batch)
        if _is_operations(function.of):
            return Call(function.name, value.arguments)
    return None


def batch_of(value: Value) -> Application | None:
    """The `batch_alter_table(...)` call whose block a value is."""
    if isinstance(value, Application):
        name = value.function.name if isinstance(value.function, External | Member) else ""
        if name.rpartition(".")[2] == "batch_alter_table":
            return value
        if name.rpartition(".")[2] == "__enter__" and isinstance(value.function, Member):
            return batch_of(value.function.of)
    return None


def _is_operations(value: Value) -> bool:
    """`Operations(context)` made by hand."""
    return isinstance(value, Application) and called(value, "alembic") == "Operations"


def key_in(value: Value) -> Key | None:
    """The constraint or index that an argument is."""
    key = key_of(value)
    if key is None or not isinstance(value, Application):
        return None
    given = text(value.arguments.get(None, "name"))
    if key.kind == "index" and value.arguments.positional:
        given = text(value.arguments.positional[0])
    return replace(key, name=given)
