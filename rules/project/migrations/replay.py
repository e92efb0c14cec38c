"""Replay of an environment's migrations: every `upgrade()` in order, on an empty database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import (
    Application,
    Arguments,
    ClassValue,
    Condition,
    Const,
    Dictionary,
    Effect,
    External,
    FunctionValue,
    Instance,
    Member,
    Origin,
    Value,
)
from rules.project.annotations import called
from rules.project.migrations import key_operations, operations
from rules.project.migrations.conditions import Happens, happens
from rules.project.migrations.operation_arguments import Call, operation, text
from rules.project.migrations.operations import SHAPELESS, Applied, Operation
from rules.project.migrations.raw_sql import apply_sql, doubt_sql
from rules.project.migrations.replayed import ReplayedSchema, Step
from rules.project.migrations.revisions import Environment, Revision

if TYPE_CHECKING:
    from rules.evaluation.machine import Machine

_BUDGET = 60_000
_OPERATIONS: dict[str, Operation] = {
    "create_table": operations.create_table,
    "drop_table": operations.drop_table,
    "rename_table": operations.rename_table,
    "add_column": operations.add_column,
    "drop_column": operations.drop_column,
    "alter_column": operations.alter_column,
    "create_index": key_operations.create_index,
    "drop_index": key_operations.drop_index,
    "create_unique_constraint": key_operations.create_unique_constraint,
    "create_primary_key": key_operations.create_primary_key,
    "create_foreign_key": key_operations.create_foreign_key,
    "drop_constraint": key_operations.drop_constraint,
}
_TABLE_POSITION = {"create_index": 1, "drop_index": 1, "drop_constraint": 1}
_TABLE_POSITION |= {"create_unique_constraint": 1, "create_primary_key": 1, "create_foreign_key": 1}


@dataclass(slots=True)
class Replay:
    """An environment with the schema that its migrations leave, and what each file's `upgrade` did."""

    environment: Environment
    schema: ReplayedSchema
    revisions: tuple[Revision, ...]
    effects: dict[str, list[Effect]]


def replay(machine: Machine, environment: Environment) -> Replay:
    """Run every revision in order and interpret what it does."""
    schema = ReplayedSchema(convention=naming_convention(machine, environment))
    ordered = environment.ordered()
    effects = {revision.path: _run(machine, schema, revision) for revision in ordered}
    if len(ordered) < len(environment.revisions):
        first = environment.revisions[0]
        schema.opaque.append(
            Step(first.place, first.identifier, "is in a cycle, or has another one's identifier")
        )
    return Replay(environment, schema, tuple(ordered), effects)


def _run(machine: Machine, schema: ReplayedSchema, revision: Revision) -> list[Effect]:
    effects: list[Effect] = []
    if revision.upgrade is None:
        schema.opaque.append(Step(revision.place, revision.identifier, "has no `upgrade` that could be read"))
        return effects
    for function in _upgrades(machine, revision, revision.upgrade):
        origin = Origin(revision.module, function.node)
        trace = machine.trace(function, Arguments(), origin, budget=_BUDGET)
        known: dict[Condition, Happens] = {}
        for effect in trace.effects:
            _apply(schema, revision, effect, known)
        effects += trace.effects
        if not trace.complete:
            schema.opaque.append(
                Step(revision.place, revision.identifier, "could not be followed to its end")
            )
    return effects


def _upgrades(machine: Machine, revision: Revision, upgrade: FunctionValue) -> Iterator[FunctionValue]:
    """`upgrade`, or with Alembic's template for several databases each `upgrade_<engine>`."""
    bindings = machine.scope(revision.module).bindings
    engines = [v for k, v in bindings.items() if k.startswith("upgrade_") and isinstance(v, FunctionValue)]
    if engines and any(p.name == "engine_name" for p in upgrade.node.parameters):
        yield from engines
    else:
        yield upgrade


def _apply(
    schema: ReplayedSchema, revision: Revision, effect: Effect, known: dict[Condition, Happens]
) -> None:
    if effect.kind != "call" or not isinstance(effect.value, Application | Instance):
        return
    answer = happens(effect.conditions, known)
    if answer is Happens.NEVER:
        return
    place = effect.origin.module.source.place(effect.origin.node)
    if effect.stack and effect.origin.module is not revision.module:
        place = next(
            (o.module.source.place(o.node) for o in reversed(effect.stack) if o.module is revision.module),
            place,
        )
    applied = Applied(schema, Step(place, revision.identifier, ""), if_needed=answer is Happens.IF_NEEDED)
    call = operation(effect.value)
    if answer is Happens.UNKNOWN:
        _doubt(applied, call, effect.value)
    elif call is not None:
        _operate(applied, call)
    elif isinstance(effect.value, Application):
        _outside(applied, effect.value)


def _operate(applied: Applied, call: Call) -> None:
    if call.name in _OPERATIONS:
        _OPERATIONS[call.name](applied, call)
    elif call.name == "execute":
        apply_sql(applied, call.arguments.get(0, "sqltext"))
    elif call.name not in SHAPELESS:
        applied.schema.opaque.append(applied.noted(f"calls `op.{call.name}`"))


def _doubt(applied: Applied, call: Call | None, value: Value) -> None:
    """What may or may not have happened leaves its table unknown."""
    statement = _statement(value) if call is None else None
    if call is not None and call.name == "execute":
        statement = call.arguments.get(0, "sqltext")
    if statement is not None:
        doubt_sql(applied, statement)
        return
    if call is None or call.name in SHAPELESS:
        return
    key = operations.table_key(call, _TABLE_POSITION.get(call.name, 0), "table_name")
    if key is None:
        applied.schema.opaque.append(applied.noted("runs under a condition that is not known"))
        return
    for name in (key, call.text(1, "new_table_name") if call.name == "rename_table" else None):
        if name is not None:
            applied.schema.mark_unknown(name, "changed under a condition that is not known")


def _outside(applied: Applied, value: Application) -> None:
    """Calls past `op`: SQL on the connection, tables that models create by themselves."""
    statement = _statement(value)
    if statement is not None:
        apply_sql(applied, statement)
        return
    function = value.function
    if not isinstance(function, Member) and not isinstance(function, External):
        return
    last = function.name.rpartition(".")[2]
    if last in {"create_all", "drop_all"}:
        applied.schema.opaque.append(applied.noted("creates or drops whatever the models declare"))
    elif last in {"create", "drop"} and isinstance(function, Member):
        name = _created(function.of)
        if name is not None:
            applied.schema.mark_unknown(name, "created or dropped from its model")


def _statement(value: Value) -> Value | None:
    """The statement that a connection, session or engine runs."""
    if not isinstance(value, Application) or not isinstance(value.function, Member):
        return None
    if value.function.name not in {"execute", "exec_driver_sql", "scalar", "scalars", "exec"}:
        return None
    return value.arguments.get(0, "statement")


def _created(value: Value) -> str | None:
    if isinstance(value, Application) and called(value) == "Table":
        return text(value.arguments.get(0, "name"))
    if isinstance(value, Member) and value.name == "__table__" and isinstance(value.of, ClassValue):
        return text(value.of.attributes.get("__tablename__")) or value.of.node.name.lower()
    return None


def naming_convention(machine: Machine, environment: Environment) -> dict[str, str]:
    """The `naming_convention` of the environment's `target_metadata`; empty where there is none."""
    if environment.env is None:
        return {}
    metadata = machine.scope(environment.env).bindings.get("target_metadata")
    if isinstance(metadata, Member) and isinstance(metadata.of, ClassValue):
        metadata = _class_metadata(metadata.of)
    elif isinstance(metadata, Member) and isinstance(metadata.of, Application):
        metadata = metadata.of.arguments.get(None, "metadata")
    if not isinstance(metadata, Application):
        return {}
    given = metadata.arguments.get(None, "naming_convention")
    pairs = given.items if isinstance(given, Dictionary) else []
    return {str(k.value): str(v.value) for k, v in pairs if isinstance(k, Const) and isinstance(v, Const)}


def _class_metadata(cls: ClassValue) -> Value | None:
    for base in cls.linearized():
        if isinstance(base, ClassValue) and "metadata" in base.attributes:
            return base.attributes["metadata"]
        if isinstance(base, Application):
            return base.arguments.get(None, "metadata")
    return None
