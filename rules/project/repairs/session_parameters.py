"""The injected session in place of one that a handler opens: `with Session(engine) as session:` goes."""

from __future__ import annotations

import dataclasses

from rules.finding import Edit, Fix, Safety
from rules.ir import nodes as ir
from rules.project.isolation.isolation import Isolation
from rules.project.repairs.authentication_fixes import importing
from rules.project.repairs.caller_names import Handler, handler_of
from rules.project.repairs.signature_edits import with_dependency
from rules.project.repairs.written_dependencies import WrittenForms
from rules.project.routing.dependants import Dependant
from rules.project.sessions.opened_in_handlers import Opened
from rules.project.sessions.session_values import session_of
from rules.source import SourceFile

_QUOTES = ('"""', "'''")


def injected_session(isolation: Isolation, found: Opened) -> Fix | None:
    """The session as the project's handlers ask for it most; None unless a plain `with` opens it."""
    handler = handler_of(found.inspection)
    if handler is None or found.is_engine or found.site.module is not handler.value.module:
        return None
    opened = _with_statement(handler, found)
    if opened is None:
        return None
    statement, name = opened
    body = _dedented(handler.value.module.source, statement)
    made = session_of(found.effect.value)

    def wanted(dependant: Dependant) -> bool:
        value = isolation.requests.step(dependant).value
        given = None if value is None else session_of(value)
        return given is not None and made is not None and given.mode is made.mode

    for written in WrittenForms(isolation.inspections(), wanted).near(found.inspection):
        if not body or not written.form.name or any(p.name == name for p in handler.function.parameters):
            return None
        form = dataclasses.replace(written.form, name=name)
        imports = importing(handler.value.module, handler.function, written)
        signature = with_dependency(handler, found.inspection.route.origin, form)
        if imports is not None and signature:
            title = f"Take the injected session: `{form.parameter(name)}`"
            return Fix(title, Safety.SUGGEST, (*imports, *signature, *body))
    return None


def _with_statement(handler: Handler, found: Opened) -> tuple[ir.With, str] | None:
    for statement in handler.value.module.source.module.body(handler.function):
        if isinstance(statement, ir.With) and len(statement.items) == 1:
            item = statement.items[0]
            opens = item.context is found.site.node is found.effect.origin.node
            if opens and isinstance(item.target, ir.Name) and statement.body:
                return statement, item.target.id
    return None


def _dedented(source: SourceFile, statement: ir.With) -> tuple[Edit, ...]:
    """The body without the `with`; none where moving its lines would change a text in it."""
    lines = source.lines[statement.line - 1 : statement.end_line]
    start = statement.body[0].line - statement.line
    head, body = lines[:start], lines[start:]
    indent = len(head[0]) - len(head[0].lstrip()) if head else -1
    cut = len(body[0]) - len(body[0].lstrip()) - indent
    texts = any(quotes in line for line in body for quotes in _QUOTES)
    if indent < 0 or len(head) != 1 or texts or any(line[:cut].strip() for line in body):
        return ()
    text = "".join(f"{line[cut:]}\n" for line in body)
    return (Edit(source.path, statement.line, statement.end_line, text),)
