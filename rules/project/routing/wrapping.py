"""Edits that wrap an expression in a call of `fastapi.Depends`, importing the name where that is needed."""

from __future__ import annotations

from rules.evaluation.machine import Machine
from rules.evaluation.modules import ModuleInfo
from rules.evaluation.values import External
from rules.finding import Edit
from rules.ir import nodes as ir
from rules.project.routing.framework import FRAMEWORK, split


def wrap_in_depends(machine: Machine, module: ModuleInfo, expression: ir.Expr) -> tuple[Edit, ...]:
    """The edits; none where the expression goes over several lines."""
    source = module.source
    if expression.line != expression.end_line:
        return ()
    name, added = _name(machine, module)
    place = source.place(expression)
    line = source.lines[place.line - 1]
    inner = line[place.column - 1 : place.end_column - 1]
    wrapped = f"{line[: place.column - 1]}{name}({inner}){line[place.end_column - 1 :]}\n"
    edit = Edit(source.path, place.line, place.line, wrapped)
    return (edit,) if added is None else (added, edit)


def _name(machine: Machine, module: ModuleInfo) -> tuple[str, Edit | None]:
    for name, bound in machine.scope(module).bindings.items():
        if isinstance(bound, External):
            top, last = split(bound.name)
            if top in FRAMEWORK and last == "Depends":
                return name, None
            if bound.name == "fastapi":
                return f"{name}.Depends", None
    return "Depends", _import(module)


def _import(module: ModuleInfo) -> Edit:
    """`from fastapi import Depends`, in the import of FastAPI that is there, else before the first import."""
    source = module.source
    imports = [s for s in source.module.statements if isinstance(s, ir.Import | ir.ImportFrom)]
    for statement in imports:
        line = source.lines[statement.line - 1]
        plain = statement.line == statement.end_line and not any(c in line for c in "(#;\\")
        if isinstance(statement, ir.ImportFrom) and statement.module == "fastapi" and plain:
            names = [f"{a.name} as {a.bound}" if a.bound else a.name for a in statement.names]
            extended = [*names, "Depends"]
            if names == sorted(names):
                extended.sort()
            text = f"from fastapi import {', '.join(extended)}\n"
            return Edit(source.path, statement.line, statement.line, text)
    later = [s for s in imports if not (isinstance(s, ir.ImportFrom) and s.module == "__future__")]
    number = later[0].line if later else 1
    line = source.lines[number - 1] if source.lines else ""
    return Edit(source.path, number, number, f"from fastapi import Depends\n{line}\n")
