"""What the change means to the API's clients: operations added, removed and changed."""

from __future__ import annotations

from collections.abc import Sequence

from bot.render.markdown import clip, code, folded, plain, row
from rules import Change, OperationChange

_MOST_CHANGES = 8


def surface_change(changes: Sequence[OperationChange] | None, cap: int) -> list[str]:
    """One sentence, and a folded table with what breaks or opens first; nothing without a base."""
    if changes is None:
        return []
    if not changes:
        return ["API surface: not changed."]
    kinds = [f"{number} {kind}" for kind in ("added", "removed", "changed") if (number := _of(changes, kind))]
    breaking, opening = sum(c.breaking for c in changes), sum(c.opens for c in changes)
    weight = [f"**{breaking} breaking**"] * bool(breaking) + [f"**{opening} less protected**"] * bool(opening)
    sentence = f"API surface: {', '.join([*kinds, *weight])}."
    return [sentence, folded("What changes for clients", _table(changes, cap))] if cap else [sentence]


def _of(changes: Sequence[OperationChange], kind: str) -> int:
    return sum(change.kind == kind for change in changes)


def _table(changes: Sequence[OperationChange], cap: int) -> str:
    ordered = sorted(changes, key=lambda change: (not change.opens, not change.breaking))
    lines = [row("Endpoint", "Change", "What"), row("---", "---", "---")]
    lines += [row(code(clip(change.title, 160)), _kind(change), _details(change)) for change in ordered[:cap]]
    more = len(ordered) - cap
    return "\n".join(lines) + (f"\n\n… and {more} more." if more > 0 else "")


def _kind(change: OperationChange) -> str:
    words = [change.kind, *(["**breaking**"] * change.breaking), *(["**less protected**"] * change.opens)]
    return ", ".join(words)


def _details(change: OperationChange) -> str:
    if change.before is None and change.after is not None:
        return f"authentication {plain(change.after.auth)}, scope {plain(change.after.scope)}"
    shown = sorted(change.changes, key=lambda each: (not each.opens, not each.breaking))[:_MOST_CHANGES]
    more = [f"{len(change.changes) - len(shown)} more"] if len(change.changes) > len(shown) else []
    return "; ".join([*map(_said, shown), *more])


def _said(change: Change) -> str:
    text = f"{code(clip(change.place, 80))} {plain(clip(change.said, 200))}"
    return f"**{text}**" if change.opens or change.breaking else text
