"""The fix for values in a SQL text: named parameters, bound where the statement is run."""

from __future__ import annotations

import re

from rules.finding import Edit, Fix, Safety
from rules.ir import nodes as ir
from rules.project.taint.injections import Injection
from rules.source import SourceFile

_VALUE_BEFORE = re.compile(
    r"(=|<|>|\blike|\bilike|\(|,|\bvalues\s*\(|\blimit|\boffset|\bbetween|\band)\s*$", re.IGNORECASE
)
_NO_VALUE = re.compile(r"(order\s+by|group\s+by|from|into|update|table|select)\s[^=<>]*$", re.IGNORECASE)


def bound(found: Injection) -> Fix | None:
    """The edit that binds every value of `execute(text(f"…"))`; None where the text is written otherwise.

    Only where each value stands alone, as a whole value of the statement: names cannot be bound.
    """
    source, run = found.effect.origin.module.source, found.effect.origin.node
    if not isinstance(run, ir.Call) or len(run.arguments) != 1 or run.keywords:
        return None
    made = run.arguments[0]
    if not isinstance(made, ir.Call) or len(made.arguments) != 1 or made.keywords:
        return None
    template = made.arguments[0]
    if not isinstance(template, ir.Template) or run.line != run.end_line:
        return None
    written = _bound_text(source, template)
    if written is None:
        return None
    text, values = written
    passed = ", ".join(f'"{name}": {expression}' for name, expression in values.items())
    keyword = "params=" if isinstance(run.function, ir.Attribute) and run.function.name == "exec" else ""
    new = f"{source.segment(run.function)}({source.segment(made.function)}({text}), {keyword}{{{passed}}})"
    place = source.place(run)
    line = source.lines[place.line - 1]
    edit = Edit(
        source.path,
        place.line,
        place.line,
        line[: place.column - 1] + new + line[place.end_column - 1 :] + "\n",
    )
    return Fix("Bind the values as parameters", Safety.SUGGEST, (edit,))


def _bound_text(source: SourceFile, template: ir.Template) -> tuple[str, dict[str, str]] | None:
    """The text with named parameters, and what each one is bound to."""
    pieces: list[str] = []
    values: dict[str, str] = {}
    for position, part in enumerate(template.parts):
        if isinstance(part, ir.Constant):
            pieces.append(str(part.value))
            continue
        name = _parameter_name(part)
        before = "".join(pieces)
        following = template.parts[position + 1] if position + 1 < len(template.parts) else None
        after = str(following.value) if isinstance(following, ir.Constant) else ""
        if name is None or (name in values and values[name] != source.segment(part)):
            return None
        if before.endswith("'") and after.startswith("'"):
            pieces[-1] = pieces[-1][:-1]
            before = before[:-1]
        elif before.endswith(("'", "%")) or after.startswith(("'", "%")):
            return None
        if not _VALUE_BEFORE.search(before) or _NO_VALUE.search(before):
            return None
        values[name] = source.segment(part)
        pieces.append(f":{name}\0")
    text = "".join(pieces).replace("\0'", "").replace("\0", "")
    quotes = '"' if '"' not in text else '"""'
    if not values or "\n" in text or "\\" in text or text.endswith('"'):
        return None
    return f"{quotes}{text}{quotes}", values


def _parameter_name(part: ir.Expr) -> str | None:
    match part:
        case ir.Name(id=name) | ir.Attribute(value=ir.Name(), name=name):
            return name
        case _:
            return None
