"""How the API's surface changed: for people, for programs, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

import rules
from bot.console.local_page import LocalPage
from bot.console.style import Style
from bot.console.table import aligned
from bot.render.endpoints import endpoint_table
from bot.render.surface import surface_change
from rules.inventory import OperationRecord

HEADER = ("CHANGE", "ENDPOINT", "FOR CLIENTS", "WHAT")


class ChangedOperation(msgspec.Struct, frozen=True, kw_only=True):
    """One operation that changed; `breaking` and `opens` as in its worst change."""

    before: OperationRecord | None
    after: OperationRecord | None
    breaking: bool
    opens: bool
    changes: tuple[rules.Change, ...]


class SurfaceDocument(msgspec.Struct, frozen=True):
    """The JSON of `routes --base`."""

    added: tuple[ChangedOperation, ...]
    removed: tuple[ChangedOperation, ...]
    changed: tuple[ChangedOperation, ...]


def change_document(changes: Sequence[rules.OperationChange]) -> SurfaceDocument:
    """Return the change for programs."""
    return SurfaceDocument(*(tuple(_of_kind(changes, kind)) for kind in ("added", "removed", "changed")))


def change_text(changes: Sequence[rules.OperationChange], style: Style) -> str:
    """Return a line for each change of each operation, what breaks clients or opens endpoints in colour."""
    if not changes:
        return "The API's surface did not change.\n"
    breaking, opening = sum(c.breaking for c in changes), sum(c.opens for c in changes)
    rows = [row for change in changes for row in _rows(change)]
    weight = f", {breaking} breaking" * bool(breaking) + f", {opening} less protected" * bool(opening)
    noun = "operation" if len(changes) == 1 else "operations"
    said = style.paint("high" if breaking or opening else "strong", f"{len(changes)} {noun}{weight}.")
    return f"{aligned(HEADER, rows, style)}\n{said}\n"


def change_markdown(changes: Sequence[rules.OperationChange], head: rules.Review) -> str:
    """Return the change as the check run tells it, with the endpoints that are new or changed."""
    touched = {(c.after.app, c.after.method, c.after.path) for c in changes if c.after is not None}
    operations = [one for one in head.surface if (one.app, one.method, one.path) in touched]
    rows = rules.endpoints(operations, head.findings)
    blocks = [
        *surface_change(changes, max(len(changes), 1)),
        *endpoint_table(rows, LocalPage("", ""), len(rows)),
    ]
    return "\n\n".join(blocks) + "\n"


def _of_kind(changes: Sequence[rules.OperationChange], kind: str) -> Iterator[ChangedOperation]:
    for change in changes:
        if change.kind == kind:
            yield ChangedOperation(
                before=change.before,
                after=change.after,
                breaking=change.breaking,
                opens=change.opens,
                changes=change.changes,
            )


def _rows(change: rules.OperationChange) -> Iterator[tuple[str, str, str, str]]:
    told = change.changes
    if not told:
        one = change.after or change.before
        facts = "" if one is None else f"authentication {one.auth}, scope {one.scope}"
        yield change.kind, change.title, _weight(breaking=change.breaking, opens=change.opens), facts
    for number, each in enumerate(sorted(told, key=lambda each: (not each.opens, not each.breaking))):
        first = number == 0
        weight = _weight(breaking=each.breaking, opens=each.opens)
        yield (
            change.kind if first else "",
            change.title if first else "",
            weight,
            f"{each.place}: {each.said}",
        )


def _weight(*, breaking: bool, opens: bool) -> str:
    return ", ".join([*["breaking"] * breaking, *["less protected"] * opens])
