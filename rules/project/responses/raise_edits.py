"""The statement that raises an HTTP error, as a module would write it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.evaluation.machine import Machine
from rules.evaluation.modules import ModuleInfo
from rules.evaluation.values import External
from rules.finding import Edit
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.responses.status_spelling import spelling
from rules.project.routing.framework import FRAMEWORK, split
from rules.project.routing.routes import Route

_NOT_FOUND = ("404", "NOT_FOUND", "NotFound")


@dataclass(frozen=True, slots=True)
class Raising:
    """A `raise` statement on one line, with the edits that import what it needs."""

    text: str
    added: tuple[Edit, ...] = ()


def raising(
    machine: Machine, routes: Iterable[Route], module: ModuleInfo, code: int, detail: str
) -> Raising | None:
    """`raise HTTPException(…)`, `detail` being source text; None where the module cannot simply import it."""
    name, added = _http_exception(machine, module)
    if not name:
        return None
    status = spelling(machine, routes, module, code)
    imports = [edit for edit in (added, status.added) if edit is not None]
    if len(imports) > 1:
        return None
    return Raising(f"raise {name}(status_code={status.text}, detail={detail})", tuple(imports))


def not_found(
    machine: Machine, routes: Iterable[Route], module: ModuleInfo, model: str, models: frozenset[str]
) -> Raising | None:
    """The module's own way to say that a `model` is not there, else an `HTTPException` of status 404."""
    own = list(_own(machine, module))
    about = next((text for text in own if model.lower() in text.lower()), None)
    others = {name.lower() for name in models} - {model.lower()}
    plain = (text for text in own if not any(name in text.lower() for name in others))
    found = about or next(plain, None)
    return (
        Raising(found) if found is not None else raising(machine, routes, module, 404, f'"{model} not found"')
    )


def _own(machine: Machine, module: ModuleInfo) -> Iterator[str]:
    """The statements of the module that raise "not found" and use nothing but names of the module."""
    bound = machine.scope(module).bindings
    for statement in _statements(module):
        if not isinstance(statement, ir.Raise) or not isinstance(statement.exception, ir.Call):
            continue
        text = " ".join(module.source.segment(statement.exception).split())
        nodes = list(walk(statement.exception))
        names = [node.id for node in nodes if isinstance(node, ir.Name)]
        if any(isinstance(node, ir.Template) for node in nodes) or any(name not in bound for name in names):
            continue
        if any(mark in text for mark in _NOT_FOUND):
            yield "raise " + text.replace("( ", "(").replace(", )", ")").replace(" )", ")")


def _statements(module: ModuleInfo) -> Iterator[ir.Node]:
    """The statements of a module, those in functions too."""
    pending: list[tuple[ir.Stmt, ...]] = [module.source.module.statements]
    while pending:
        for node in walk(pending.pop()):
            yield node
            if isinstance(node, ir.Function):
                pending.append(module.source.module.body(node))


def _http_exception(machine: Machine, module: ModuleInfo) -> tuple[str, Edit | None]:
    """The module's name for `HTTPException`, or the edit that imports it."""
    for name, value in machine.scope(module).bindings.items():
        top, last = split(value.name) if isinstance(value, External) else ("", "")
        if top in FRAMEWORK and last == "HTTPException":
            return name, None
    source = module.source
    for statement in source.module.statements:
        if isinstance(statement, ir.ImportFrom) and statement.module == "fastapi":
            line = source.lines[statement.line - 1]
            if statement.line == statement.end_line and not any(c in line for c in "(#;\\*"):
                added = Edit(source.path, statement.line, statement.line, f"{line}, HTTPException\n")
                return "HTTPException", added
    return "", None
