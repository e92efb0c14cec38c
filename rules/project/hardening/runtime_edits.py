"""Edits of cookies and connections: flags added, switched-off verification taken out."""

from __future__ import annotations

from rules.finding import Edit, Fix, Safety
from rules.ir import nodes as ir
from rules.project.hardening.library_uses import Use
from rules.project.source_edits import replaced
from rules.source import SourceFile


def with_flags(use: Use, flags: tuple[str, ...]) -> Fix | None:
    """The call with the flags on."""
    node, source = use.effect.origin.node, use.effect.origin.module.source
    if not isinstance(node, ir.Call) or not (node.arguments or node.keywords):
        return None
    given = {k.name: k for k in node.keywords if k.name in flags}
    missing = [f"{flag}=True" for flag in flags if flag not in given]
    last = max((*node.arguments, *node.keywords), key=lambda n: (n.end_line, n.end_column))
    changes: dict[ir.Node, str] = {k: f"{k.name}=True" for k in given.values()}
    if missing:
        changes[last] = ", ".join([changes.get(last, source.segment(last)), *missing])
    edits = _rewritten(source, changes)
    named = " and ".join(f"`{flag}`" for flag in flags)
    return Fix(f"Set {named}", Safety.SUGGEST, edits) if edits else None


def _rewritten(source: SourceFile, changes: dict[ir.Node, str]) -> tuple[Edit, ...]:
    """The lines with each node's text replaced; none where a node takes several lines."""
    lines: dict[int, str] = {}
    for node, text in sorted(changes.items(), key=lambda change: -change[0].column):
        place = source.place(node)
        if place.line != place.end_line:
            return ()
        line = lines.get(place.line, source.lines[place.line - 1])
        lines[place.line] = line[: place.column - 1] + text + line[place.end_column - 1 :]
    return tuple(Edit(source.path, n, n, f"{line}\n") for n, line in sorted(lines.items()))


def verified(use: Use, option: str) -> Fix | None:
    """The call without the option that switches verification off."""
    node, source = use.effect.origin.node, use.effect.origin.module.source
    written = (
        next((k for k in node.keywords if k.name == option), None) if isinstance(node, ir.Call) else None
    )
    if written is None:
        return None
    place, text = source.place(written), source.segment(written)
    line = source.lines[place.line - 1]
    edits: tuple[Edit, ...]
    if line.strip().rstrip(",") == text:
        edits = (Edit(source.path, place.line, place.line, ""),)
    elif f", {text}" in line:
        edits = replaced(source, place, f", {text}", "")
    elif f"{text}, " in line:
        edits = replaced(source, place, f"{text}, ", "")
    else:
        edits = replaced(source, place, f"({text})", "()")
    return Fix("Verify certificates", Safety.SUGGEST, edits) if edits else None
