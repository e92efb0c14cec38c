"""Edits that raise an error instead of returning it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rules.evaluation.modules import ModuleInfo
from rules.finding import Edit, Fix, Safety
from rules.ir import nodes as ir
from rules.project.isolation.placement import place_of
from rules.project.responses.raise_edits import raising
from rules.project.responses.wrong_errors import WrongError
from rules.project.source_edits import replaced

if TYPE_CHECKING:
    from rules.project.project import Project

_TITLE = "Raise the exception"
_WIDTH = 110
_TEXTS = frozenset({"error", "detail", "errors", "message"})
_ABSENT = re.compile(r"not found|no such|does(n't| not) exist|unknown|not exist", re.IGNORECASE)


def raised_instead(project: Project, found: WrongError) -> Fix | None:
    """The fix for an exception, a tuple or an error's text that is returned."""
    if found.way == "returned":
        place = place_of(found.origin)
        edits = replaced(
            project.files.get(place.path), place, "return HTTPException(", "raise HTTPException("
        )
        return Fix(_TITLE, Safety.SUGGEST, edits) if edits else None
    node = found.origin.node
    if found.way not in {"tuple", "dict"} or not isinstance(node, ir.Return) or node.value is None:
        return None
    module = found.origin.module
    if found.way == "dict":
        text = _only_text(node.value)
        return _raise(project, module, node, 404, _quoted(text)) if text and _ABSENT.search(text) else None
    if not isinstance(node.value, ir.Collection) or len(node.value.items) != 2 or found.code is None:
        return None
    first = node.value.items[0]
    text = _only_text(first)
    detail = _quoted(text) if text else " ".join(module.source.segment(first).split())
    return _raise(project, module, node, found.code, detail)


def _only_text(node: ir.Expr) -> str:
    """`no` of `"no"` and of `{"error": "no"}`; empty for what holds more."""
    if isinstance(node, ir.Mapping) and len(node.values) == 1:
        key = node.keys[0]
        return _only_text(node.values[0]) if isinstance(key, ir.Constant) and key.value in _TEXTS else ""
    return node.value if isinstance(node, ir.Constant) and isinstance(node.value, str) else ""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _raise(project: Project, module: ModuleInfo, node: ir.Return, code: int, detail: str) -> Fix | None:
    raised = raising(project.machine, project.routes, module, code, detail)
    first, last = module.source.lines[node.line - 1], module.source.lines[node.end_line - 1]
    alone = (
        first.lstrip().startswith("return") and not last[module.source.place(node).end_column - 1 :].strip()
    )
    if raised is None or not alone or any(edit.start_line >= node.line for edit in raised.added):
        return None
    text = first[: len(first) - len(first.lstrip())] + raised.text
    if len(text) > _WIDTH or "\n" in detail:
        return None
    edit = Edit(module.source.path, node.line, node.end_line, text + "\n")
    return Fix(_TITLE, Safety.SUGGEST, (*raised.added, edit))
