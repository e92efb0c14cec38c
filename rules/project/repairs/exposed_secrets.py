"""A secret kept out of an answer: its field taken from the schema, or the project's own schema without it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from rules.evaluation.values import ClassValue
from rules.finding import Edit, Fix, Safety
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.isolation.exposed_fields import Exposed
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.response_fields import model_classes, secrets_of
from rules.project.repairs.caller_names import handler_of
from rules.project.repairs.imports import bound_before, imports_from
from rules.project.repairs.insertions import after, inserted, instead
from rules.project.routing.routes import Route
from rules.project.schema.schemas import schema_of
from rules.project.schema.tables import Table
from rules.source import SourceFile

_BYPASSING = re.compile(r"Response\(|__dict__|jsonable_encoder")
"""What answers past any response model, or with what the model may not take."""
_LISTS = re.compile(r"\b(list|List|Sequence)\[")


def withheld(isolation: Isolation, found: Exposed, files: Mapping[str, SourceFile]) -> Fix | None:
    """The field taken out of a schema that only answers have; else the schema of other answers instead."""
    if found.is_declared and found.place != found.routes[0].place:
        edits = _without_field(files.get(found.place.path), found)
        return (
            Fix(f"Take `{found.names[0]}` out of `{found.model}`", Safety.SUGGEST, edits) if edits else None
        )
    table = next((t for t in isolation.tables if t.model_name == found.model), None)
    schema = _public_schema(isolation, table) if table is not None else None
    if table is None or schema is None or len(found.routes) != 1:
        return None
    edits = _answering_with(isolation, found.routes[0], table, *schema)
    return Fix(f"Answer with `{schema[0].qualname}`", Safety.SUGGEST, edits) if edits else None


def _without_field(source: SourceFile | None, found: Exposed) -> tuple[Edit, ...]:
    if source is None or found.place.line != max(found.place.end_line, found.place.line):
        return ()
    number, name = found.place.line, found.names[0]
    written = re.match(rf"\s+{re.escape(name)}\s*:", source.lines[number - 1])
    classes = [node for node in walk(source.module.statements) if isinstance(node, ir.Class)]
    cls = next((c for c in classes if any(s.line == s.end_line == number for s in c.body)), None)
    if written is None or cls is None or len(cls.body) < 2:
        return ()
    if any("Settings" in source.segment(base) for base in cls.bases):
        return ()  # the program itself reads them
    if re.search(rf"[\"']{re.escape(name)}[\"']", source.segment(cls)):
        return ()
    return (Edit(source.path, number, number, ""),)


def _public_schema(isolation: Isolation, table: Table) -> tuple[ClassValue, Route] | None:
    """The schema of the table's columns without secrets that most routes answer with, and one of them."""
    counted: Counter[int] = Counter()
    known: dict[int, tuple[ClassValue, Route]] = {}
    columns = {column.attribute or column.name for column in table.columns.values()}
    for route in isolation.routes:
        for cls in model_classes(route.response_type) if route.response_type is not None else ():
            fields = schema_of(isolation.machine, cls).fields
            fits = len(fields) > 1 and set(fields) <= columns and isolation.ownership.table(cls) is None
            if fits and not any(secrets_of(isolation.machine, cls)):
                counted[id(cls.node)] += 1
                known.setdefault(id(cls.node), (cls, route))
    return known[counted.most_common(1)[0][0]] if counted else None


def _answering_with(
    isolation: Isolation, route: Route, table: Table, schema: ClassValue, example: Route
) -> tuple[Edit, ...]:
    call, module, name = route.origin.node, route.origin.module, schema.qualname
    missing = {name} - bound_before(module, call)
    imports = imports_from(module, example.origin.module, missing) if missing else ()
    if imports is None or not isinstance(call, ir.Call) or not call.arguments or "." in name:
        return ()
    given = call.keyword("response_model")
    if given is not None:
        places = [n for n in walk(given) if isinstance(n, ir.Name) and n.id == table.model_name]
        replaced = [instead(module.source.place(node), name) for node in places]
        found = [insertion for insertion in replaced if insertion is not None]
        return (*imports, *inserted(module.source, found)) if found else ()
    shape = _shape(isolation, route, table)
    if not shape:
        return ()
    last = max((*call.arguments, *call.keywords), key=lambda part: (part.end_line, part.end_column))
    text = f", response_model={shape.replace('{T}', name)}"
    return (*imports, *inserted(module.source, [after(module.source.place(last), text)]))


def _shape(isolation: Isolation, route: Route, table: Table) -> str:
    """Whether one row or a list is returned; empty where that is not clear."""
    inspection = isolation.inspect(route)
    handler = handler_of(inspection)
    source = handler.value.module.source if handler is not None else None
    if handler is None or source is None or _BYPASSING.search(source.segment(handler.function)):
        return ""
    if handler.function.returns is not None:
        written = source.segment(handler.function.returns)
        plain = re.fullmatch(rf"(list|List|Sequence)\[{table.model_name}\]|{table.model_name}", written)
        return ("list[{T}]" if _LISTS.match(written) else "{T}") if plain else ""
    kinds = {
        query.kind
        for query in inspection.guards.queries
        if query.position >= inspection.run.log.handler
        and any(isolation.ownership.table(part) is table for part in query.tables)
    }
    return {"row": "{T}", "rows": "list[{T}]"}.get(kinds.pop(), "") if len(kinds) == 1 else ""
