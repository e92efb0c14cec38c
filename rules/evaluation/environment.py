"""Defaults of settings that libraries read from the environment; the deployment may override them."""

from __future__ import annotations

from rules.evaluation.values import Application, Arguments, Const, External, Instance, Member, Value

_READERS = {
    "starlette.config.Config": 2,
    "decouple.Config": 1,
    "decouple.AutoConfig": 1,
    "environs.Env": 1,
    "environs.env": 1,
    "environ.Env": 1,
}
"""Where a reader's calls have the default: `Config(".env")("NAME", cast, x)`, `Env().str("NAME", x)`."""


def default(function: Value, arguments: Arguments) -> Const | None:
    """What a call of a reader gives where the environment is silent; None for any other call."""
    reader = function.of if isinstance(function, Member) else function
    made_by = reader.function if isinstance(reader, Application) else reader
    position = _READERS.get(made_by.name) if isinstance(made_by, External) else None
    if position is None:
        return None
    found = arguments.get(position, "default")
    return overridable(found) if found is not None else None


def overridable(value: Value) -> Const | None:
    """A default as a value that the deployment may override; a member of an enum counts as its value."""
    plain = member_value(value) or value
    return Const(plain.value, configurable=True) if isinstance(plain, Const) else None


def member_value(value: Value) -> Const | None:
    """The value of a member of an enum; None for anything else."""
    found = value.attributes.get("_value_") if isinstance(value, Instance) else None
    return found if isinstance(found, Const) else None
