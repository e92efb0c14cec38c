"""A field left out of what a handler copies from its client: `data.model_dump(exclude={"owner_id"})`."""

from __future__ import annotations

from rules.evaluation.values import Instance
from rules.finding import Edit, Fix, Safety
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.call_frames import covers
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.writable_fields import Writable
from rules.project.repairs.caller_names import Handler, caller_key, handler_of
from rules.project.repairs.insertions import Insertion, after, inserted
from rules.project.schema.columns import Column
from rules.source import SourceFile

_DUMPS = {"model_dump", "dict"}
_CONVERSIONS = {"model_validate", "from_orm"}


def left_out(isolation: Isolation, writable: Writable) -> Fix | None:
    """The copy without the field, of a new row with the caller in its place; None where neither can be."""
    handler = handler_of(writable.inspection)
    column = writable.copy.table.of_attribute(writable.name)
    origin = writable.copy.effect.origin
    if handler is None or column is None or origin.module is not handler.value.module:
        return None
    if not covers(handler.function, origin.node):
        return None
    key = "" if writable.grants else caller_key(isolation, writable.inspection, column)
    edits = _edits(handler, writable, column, key)
    title = f"Leave `{writable.name}` out of the copy" if not key else f"Take `{key}` for `{writable.name}`"
    return Fix(title, Safety.SUGGEST, edits) if edits else None


def _edits(handler: Handler, writable: Writable, column: Column, key: str) -> tuple[Edit, ...]:
    source, call = handler.value.module.source, writable.copy.effect.origin.node
    if isinstance(call, ir.Call) and _last(call) in _CONVERSIONS:
        return inserted(source, _updated(source, call, writable.name, key)) if key else ()
    made = isinstance(writable.copy.row, Instance) and writable.copy.effect.kind == "call"
    dumps = _dumps(handler, writable.copy.source.parameter.name)
    if len(dumps) != 1 or (made and not key and not _optional(column)):
        return ()
    insertions = _excluded(source, dumps[0], writable.name)
    if made and key:
        if not isinstance(call, ir.Call) or not call.keywords:
            return ()
        insertions += [after(source.place(call.keywords[-1]), f", {writable.name}={key}")]
    return inserted(source, insertions)


def _optional(column: Column) -> bool:
    return bool(column.default or column.server_default or column.nullable)


def _last(call: ir.Call) -> str:
    return call.function.name if isinstance(call.function, ir.Attribute) else ""


def _dumps(handler: Handler, parameter: str) -> list[ir.Call]:
    """The calls that turn the client's model into a dictionary."""
    return [
        node
        for node in walk(handler.value.module.source.module.body(handler.function))
        if isinstance(node, ir.Call)
        and isinstance(node.function, ir.Attribute)
        and node.function.name in _DUMPS
        and isinstance(node.function.value, ir.Name)
        and node.function.value.id == parameter
    ]


def _excluded(source: SourceFile, dump: ir.Call, name: str) -> list[Insertion]:
    given = dump.keyword("exclude")
    if isinstance(given, ir.Collection) and given.kind == "set" and given.items:
        return [after(source.place(given.items[-1]), f', "{name}"')]
    if given is not None:
        return []
    parts = [*dump.arguments, *dump.keywords]
    if parts:
        return [after(source.place(parts[-1]), f', exclude={{"{name}"}}')]
    place = source.place(dump)
    return [Insertion(place.end_line, place.end_column - 1, f'exclude={{"{name}"}}')]


def _updated(source: SourceFile, call: ir.Call, name: str, key: str) -> list[Insertion]:
    given = call.keyword("update")
    if isinstance(given, ir.Mapping) and given.values:
        return [after(source.place(given.values[-1]), f', "{name}": {key}')]
    parts = [*call.arguments, *call.keywords]
    if given is not None or not parts or _last(call) != "model_validate":
        return []
    return [after(source.place(parts[-1]), f', update={{"{name}": {key}}}')]
