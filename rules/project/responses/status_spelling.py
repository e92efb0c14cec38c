"""How a project writes statuses: `201`, `status.HTTP_201_CREATED`, `HTTPStatus.CREATED`."""

from __future__ import annotations

import enum
import http
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.evaluation.machine import Machine
from rules.evaluation.modules import ModuleInfo
from rules.evaluation.values import External
from rules.finding import Edit
from rules.ir import nodes as ir
from rules.project.routing.framework import FRAMEWORK, split
from rules.project.routing.routes import Route


class Style(enum.Enum):
    """A way to write a status."""

    NUMBER = "number"
    NAME = "name"
    ENUM = "enum"


@dataclass(frozen=True, slots=True)
class Spelling:
    """A status as source text, with the edit that imports what it needs."""

    text: str
    added: Edit | None = None


def spelling(machine: Machine, routes: Iterable[Route], module: ModuleInfo, code: int) -> Spelling:
    """The status `code` as the module would write it, in the way that most decorators of the project do."""
    styles = Counter(_styles(routes))
    bound = _bound(machine, module)
    style = styles.most_common(1)[0][0] if styles else next(iter(bound), Style.NUMBER)
    if style is Style.NUMBER:
        return Spelling(str(code))
    if style in bound:
        return Spelling(f"{bound[style]}.{_name(style, code)}")
    added = _import(module, style)
    return Spelling(f"{_LAST[style]}.{_name(style, code)}", added) if added else Spelling(str(code))


_LAST = {Style.NAME: "status", Style.ENUM: "HTTPStatus"}


def _name(style: Style, code: int) -> str:
    name = http.HTTPStatus(code).name
    return f"HTTP_{code}_{name}" if style is Style.NAME else name


def _styles(routes: Iterable[Route]) -> Iterator[Style]:
    for route in routes:
        node = route.origin.node
        written = node.keyword("status_code") if isinstance(node, ir.Call) else None
        if isinstance(written, ir.Constant):
            yield Style.NUMBER
        elif isinstance(written, ir.Attribute):
            yield Style.NAME if written.name.startswith("HTTP_") else Style.ENUM


def _bound(machine: Machine, module: ModuleInfo) -> dict[Style, str]:
    """What the module calls FastAPI's `status` and the standard library's `HTTPStatus`."""
    found: dict[Style, str] = {}
    for name, value in machine.scope(module).bindings.items():
        top, last = split(value.name) if isinstance(value, External) else ("", "")
        if last == "status" and top in FRAMEWORK:
            found.setdefault(Style.NAME, name)
        elif last == "HTTPStatus" and top == "http":
            found.setdefault(Style.ENUM, name)
    return found


def _import(module: ModuleInfo, style: Style) -> Edit | None:
    """The edit of the line that imports from `fastapi`, or `http`, already."""
    source, last = module.source, _LAST[style]
    package = "fastapi" if style is Style.NAME else "http"
    for statement in source.module.statements:
        if isinstance(statement, ir.ImportFrom) and statement.module == package:
            line = source.lines[statement.line - 1]
            if statement.line == statement.end_line and not any(c in line for c in "(#;\\*"):
                return Edit(source.path, statement.line, statement.line, f"{line}, {last}\n")
    return None
