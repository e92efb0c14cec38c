"""A dependency put into a handler's signature or into its decorator."""

from __future__ import annotations

import re

from rules.evaluation.values import Origin
from rules.finding import Edit
from rules.ir import nodes as ir
from rules.project.repairs.caller_names import Handler
from rules.project.repairs.insertions import Insertion, after, before, inserted
from rules.project.repairs.written_dependencies import Form
from rules.source import SourceFile

_OPEN = re.compile(r"^\s*(?:async\s+)?def\s+\w+\s*(?:\[[^\]]*\])?\(")


def with_dependency(handler: Handler, route: Origin, form: Form) -> tuple[Edit, ...]:
    """The edits that make the handler ask for it; none where the signature is not plain enough."""
    if not form.name:
        return _listed(route, form.default)
    known = next((p for p in handler.function.parameters if p.name == form.name), None)
    if known is not None:
        return _rewritten(handler, known, form)
    return _added(handler, form)


def _listed(route: Origin, text: str) -> tuple[Edit, ...]:
    call, source = route.node, route.module.source
    if not isinstance(call, ir.Call):
        return ()
    given = call.keyword("dependencies")
    if isinstance(given, ir.Collection) and given.kind == "list":
        if not given.items:
            return ()
        return inserted(source, [after(source.place(given.items[-1]), f", {text}")])
    parts = [*call.arguments, *call.keywords]
    if given is not None or not parts or any(k.name is None for k in call.keywords):
        return ()
    last = max(parts, key=lambda part: (part.end_line, part.end_column))
    return inserted(source, [after(source.place(last), f", dependencies=[{text}]")])


def _rewritten(handler: Handler, parameter: ir.Parameter, form: Form) -> tuple[Edit, ...]:
    """The parameter of that name, when it is a dependency already, asks for this one."""
    source = handler.value.module.source
    start, end = source.place(parameter), source.place(parameter.default or parameter)
    if start.line != end.end_line:
        return ()
    line = source.lines[start.line - 1]
    text = line[: start.column - 1] + form.parameter(parameter.name) + line[end.end_column - 1 :] + "\n"
    return (Edit(source.path, start.line, start.line, text),)


def _added(handler: Handler, form: Form) -> tuple[Edit, ...]:
    source, parameters = handler.value.module.source, handler.function.parameters
    if any(p.kind in {"*", "**", "positional"} for p in parameters):
        return ()
    text = form.parameter(form.name)
    insertion = _into_empty(source, handler.function, text)
    if parameters and form.default:
        insertion = _behind(source, parameters[-1], text)
    elif parameters:
        plain = [p for p in parameters if p.default is None and p.kind == "any"]
        insertion = _behind(source, plain[-1], text) if plain else _in_front(source, parameters[0], text)
    return inserted(source, [insertion]) if insertion is not None else ()


def _into_empty(source: SourceFile, function: ir.Function, text: str) -> Insertion | None:
    found = _OPEN.match(source.lines[function.line - 1])
    return Insertion(function.line, found.end() + 1, text) if found is not None else None


def _behind(source: SourceFile, parameter: ir.Parameter, text: str) -> Insertion:
    place = source.place(parameter.default or parameter)
    return after(place, f",{_gap(source, parameter)}{text}")


def _in_front(source: SourceFile, parameter: ir.Parameter, text: str) -> Insertion:
    return before(source.place(parameter), f"{text},{_gap(source, parameter)}")


def _gap(source: SourceFile, parameter: ir.Parameter) -> str:
    """A new line where each parameter has one of its own, else a blank."""
    place = source.place(parameter)
    indent = source.lines[place.line - 1][: place.column - 1]
    end = source.place(parameter.default or parameter)
    rest = source.lines[end.end_line - 1][end.end_column - 1 :].strip()
    return f"\n{indent}" if not indent.strip() and rest in {"", ","} else " "
