"""Payloads of partial updates, and whether what the client left out overwrites what is stored."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules.evaluation.values import Application, Const, Effect, Item, Symbol, Value
from rules.ir import nodes as ir
from rules.ir.walk import walk as walk_nodes
from rules.project.annotations import class_of, shape
from rules.project.call_frames import Frames, covers
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.roles import ClientInput, Input
from rules.project.isolation.terms import argument_values, called_name, receiver, walk
from rules.project.schema.schemas import Schema

_DUMPS = frozenset({"model_dump", "dict"})
_EXCLUDES = frozenset({"exclude_unset", "exclude_defaults", "include"})
_CHANGES = frozenset({"sqlmodel_update", "update", "values", "update_from_dict"})


class Update(enum.StrEnum):
    """What is wrong with a partial update."""

    OVERWRITES = "overwrites"  # what the client left out becomes the default
    CANNOT_CLEAR = "cannot clear"  # None is filtered out, so that nothing can be set to None
    PARTIAL_PUT = "partial put"  # a PUT that changes what was sent alone


@dataclass(frozen=True, slots=True, eq=False)
class PartialUpdate:
    """A dumped body that changes a row: `dump` makes the payload, `change` stores it."""

    inspection: Inspection
    kind: Update
    schema: Schema
    dump: Application
    made: Effect
    change: Effect


def partial_updates(
    inspection: Inspection, schemas: Mapping[int, Schema], frames: Frames
) -> Iterator[PartialUpdate]:
    """The faulty payloads of one PATCH or PUT; `schemas` are by the identity of their class."""
    route = inspection.route
    if route.kind != "api" or not {"PATCH", "PUT"} & set(route.methods):
        return
    seen: set[int] = set()
    for made in inspection.run.handler.effects:
        found = _dump(made, schemas)
        if found is None or id(found[0].origin.node) in seen:
            continue
        dump, schema = found
        change = _change(inspection, dump)
        if change is None:
            continue
        kind = _kind(route.methods, dump, schema, filtered=_is_filtered(dump, made, change, frames))
        if kind is not None:
            seen.add(id(dump.origin.node))
            yield PartialUpdate(inspection, kind, schema, dump, made, change)


def _dump(effect: Effect, schemas: Mapping[int, Schema]) -> tuple[Application, Schema] | None:
    """A body that becomes a dict, and its model."""
    call = effect.value
    if effect.kind != "call" or not isinstance(call, Application):
        return None
    name = called_name(call)
    of = receiver(call) if name in _DUMPS else None
    if name == "jsonable_encoder":
        of = call.arguments.get(0, "obj")
    if not isinstance(of, Symbol) or not isinstance(of.role, ClientInput) or of.annotation is None:
        return None
    cls = class_of(shape(of.annotation).base)
    schema = schemas.get(id(cls)) if cls is not None and of.role.kind is Input.BODY else None
    return (call, schema) if schema is not None and schema.complete and schema.fields else None


def _kind(methods: tuple[str, ...], dump: Application, schema: Schema, *, filtered: bool) -> Update | None:
    optional = [field for field in schema.fields.values() if not field.required]
    only = len(optional) == len(schema.fields)
    if dump.arguments.is_open or not optional or ("PATCH" not in methods and not only):
        return None
    if _EXCLUDES & dump.arguments.keywords.keys():
        excludes = _is_true(dump.arguments.keywords.get("exclude_unset"))
        return Update.PARTIAL_PUT if excludes and "PATCH" not in methods else None
    if filtered or "exclude_none" in dump.arguments.keywords:
        nullable = any(field.shape.optional and field.default is not None for field in optional)
        return Update.CANNOT_CLEAR if nullable and "PATCH" in methods else None
    return Update.OVERWRITES


def _is_true(value: Value | None) -> bool:
    return isinstance(value, Const) and value.value is True


def _change(inspection: Inspection, dump: Application) -> Effect | None:
    """The effect that stores the payload in a row or by a statement."""
    for effect in inspection.run.handler.effects:
        if effect.kind == "set" and effect.name == "*" and _holds(effect.value, dump):
            return effect
        call = effect.value
        if effect.kind != "call" or not isinstance(call, Application) or called_name(call) not in _CHANGES:
            continue
        if not _is_stored(inspection, call):
            continue
        if any(_holds(value, dump) for value in argument_values(call.arguments)):
            return effect
    return None


def _is_stored(inspection: Inspection, call: Application) -> bool:
    of = receiver(call)
    if of is None:
        return False
    statements = inspection.guards.statements.read(of)
    if called_name(call) == "values":
        return any(variant.statement.kind == "update" for variant in statements)
    return bool(statements) or inspection.guards.source(of) is not None


def _holds(value: Value, dump: Application) -> bool:
    return any(node is dump for node in walk(value))


def _is_filtered(dump: Application, made: Effect, change: Effect, frames: Frames) -> bool:
    """Whether values are tested before they are stored: in a comprehension, or in the loop that stores."""
    extra = change.conditions[len(made.conditions) :]
    if any(any(isinstance(n, Item) and _holds(n, dump) for n in walk(c.test)) for c in extra):
        return True
    if "model_fields_set" in made.origin.module.source.segment(change.origin.node):
        return True
    function = frames.enclosing(made.origin)
    body = made.origin.module.source.module.body(function) if function is not None else ()
    named = _assigned(body, dump)
    for node in walk_nodes(body):
        if isinstance(node, ir.Comprehension) and any(generator.conditions for generator in node.generators):
            names = {n.id for n in walk_nodes(node) if isinstance(n, ir.Name)}
            if covers(node, dump.origin.node) or names & named:
                return True
    return False


def _assigned(body: tuple[ir.Stmt, ...], dump: Application) -> set[str]:
    """The names that the dump was assigned to."""
    return {
        target.id
        for node in walk_nodes(body)
        if isinstance(node, ir.Assign) and covers(node, dump.origin.node)
        for target in node.targets
        if isinstance(target, ir.Name)
    }
