"""Edits of cookies and connections: flags added, switched-off verification taken out."""

from __future__ import annotations

from rules.finding import Edit, Fix, Safety
from rules.ir import nodes as ir
from rules.project.hardening.library_uses import Use
from rules.project.source_edits import replaced


def with_flags(use: Use, flags: tuple[str, ...]) -> Fix | None:
    """The call with the flags on."""
    node, source = use.effect.origin.node, use.effect.origin.module.source
    if not isinstance(node, ir.Call) or not (node.arguments or node.keywords):
        return None
    edits: tuple[Edit, ...] = ()
    missing: list[str] = []
    for flag in flags:
        written = next((k for k in node.keywords if k.name == flag), None)
        if written is None:
            missing.append(f"{flag}=True")
        else:
            edits += replaced(source, source.place(written), source.segment(written), f"{flag}=True")
    last = max((*node.arguments, *node.keywords), key=lambda n: (n.end_line, n.end_column))
    if missing:
        text = source.segment(last)
        place = source.place(last)
        if place.line != place.end_line or (edits and place.line in {e.start_line for e in edits}):
            return None
        added = replaced(source, place, text, ", ".join([text, *missing]))
        if not added:
            return None
        edits += added
    named = " and ".join(f"`{flag}`" for flag in flags)
    return Fix(f"Set {named}", Safety.SUGGEST, edits) if edits else None


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
