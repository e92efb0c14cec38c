"""`session.get(Note, key)` written as a query by key and owner."""

from __future__ import annotations

from rules.evaluation.values import External, Origin
from rules.finding import Edit
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.call_frames import covers
from rules.project.isolation.accesses import Access
from rules.project.isolation.isolation import Isolation
from rules.project.repairs.caller_names import Handler
from rules.project.repairs.owner_clauses import model_name

_SENDING = {"sqlmodel.select": "exec", "sqlalchemy.select": "scalars"}
_TAKING = {"get": "first", "get_one": "one"}


def as_query(
    isolation: Isolation, access: Access, handler: Handler, attribute: str, key: str
) -> tuple[Edit, ...]:
    """The edit; none where the fetch is not that plain call, or `select` is not there to be used."""
    origin = access.query.effect.origin
    call = origin.node
    if origin.module is not handler.value.module or not covers(handler.function, call):
        return ()
    if not _is_plain(handler, origin) or not isinstance(call, ir.Call):
        return ()
    assert isinstance(call.function, ir.Attribute)
    source, bindings = origin.module.source, isolation.machine.scope(origin.module).bindings
    select = bindings.get("select")
    sending = _SENDING.get(select.name, "") if isinstance(select, External) else ""
    model, keys = model_name(isolation, origin, access.table), _primary_keys(access)
    place = source.place(call)
    if not sending or len(keys) != 1 or place.line != place.end_line:
        return ()
    wanted = source.segment(call.arguments[1])
    criteria = f"{model}.{keys[0]} == {wanted}, {model}.{attribute} == {key}"
    sent = f"{source.segment(call.function.value)}.{sending}(select({model}).where({criteria}))"
    line = source.lines[place.line - 1]
    text = f"{line[: place.column - 1]}{sent}.{_TAKING[call.function.name]}(){line[place.end_column - 1 :]}\n"
    return (Edit(source.path, place.line, place.line, text),)


def _is_plain(handler: Handler, origin: Origin) -> bool:
    """`session.get(Model, key)`, not awaited."""
    call = origin.node
    plain = (
        isinstance(call, ir.Call)
        and isinstance(call.function, ir.Attribute)
        and call.function.name in _TAKING
        and len(call.arguments) == 2
        and not call.keywords
    )
    body = origin.module.source.module.body(handler.function)
    return plain and not any(isinstance(n, ir.Await) and n.value is call for n in walk(body))


def _primary_keys(access: Access) -> list[str]:
    return [c.attribute or c.name for c in access.table.columns.values() if c.primary_key]
