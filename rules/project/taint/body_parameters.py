"""The fix for a credential in the query string: the parameter is read from a form."""

from __future__ import annotations

import re

from rules.evaluation.values import Origin
from rules.finding import Edit, Fix, Safety
from rules.project.taint.query_credentials import QueryCredential

_FASTAPI = re.compile(r"^from fastapi import (?P<names>[\w, ]+)$")
_TYPING = re.compile(r"^from typing import (?P<names>[\w, ]+)$")
_PLAIN = re.compile(r"\bstr( \| None)?(?=\s*(,|\)|$|=|#))")
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def read_from_form(found: QueryCredential) -> Fix | None:
    """The edits that mark the parameter with `Form()` and import it; None where it is written otherwise.

    Only for routes with a body, whose other parameters come from neither a model nor `Body(…)`.
    """
    parameter = found.parameter
    if parameter is None or parameter.origin is None:
        return None
    for route in found.routes:
        locations = {p.location for p in route.dependant.all_parameters()}
        if not route.methods or _READING & set(route.methods) or "body" in locations:
            return None
    edits = _marked(parameter.origin, parameter.name)
    return Fix("Read it from a form", Safety.SUGGEST, edits) if edits else None


def _marked(origin: Origin, name: str) -> tuple[Edit, ...]:
    source = origin.module.source
    place = source.place(origin.node)
    line = source.lines[place.line - 1]
    written = re.search(rf"\b{re.escape(name)}\s*:\s*", line)
    if written is None or (annotation := _PLAIN.match(line, written.end())) is None:
        return ()
    rest = line[annotation.end() :]
    if "Query(" in rest or "Annotated" in source.segment(origin.node):
        return ()
    new = f"{line[: written.end()]}Annotated[{annotation[0]}, Form()]{rest}"
    imports = _imports(source.lines, source.path)
    return (*imports, Edit(source.path, place.line, place.line, new + "\n")) if imports is not None else ()


def _imports(lines: list[str], path: str) -> tuple[Edit, ...] | None:
    """What imports `Annotated` and `Form`; None where FastAPI is not imported on one line."""
    edits: list[Edit] = []
    fastapi = _found(lines, _FASTAPI)
    typing = _found(lines, _TYPING)
    if fastapi is None:
        return None
    before = ""
    if typing is None:
        before = "from typing import Annotated\n\n"
    elif "Annotated" not in typing[1]:
        names = ", ".join(sorted([*typing[1], "Annotated"], key=str.lower))
        edits.append(Edit(path, typing[0], typing[0], f"from typing import {names}\n"))
    names = ", ".join(sorted({*fastapi[1], "Form"}, key=str.lower))
    edits.append(Edit(path, fastapi[0], fastapi[0], f"{before}from fastapi import {names}\n"))
    return tuple(edits)


def _found(lines: list[str], pattern: re.Pattern[str]) -> tuple[int, list[str]] | None:
    for number, line in enumerate(lines, 1):
        match = pattern.match(line)
        if match is not None:
            return number, [name.strip() for name in match["names"].split(",")]
    return None
