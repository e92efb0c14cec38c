"""`/architect fix [FINDING]`: proved fixes as a commit on the reviewed head, or as one patch."""

from __future__ import annotations

import rules
from bot.commands.committing import Change, bring, committed_before
from bot.commands.desk import CLOSED, Declined, Desk, Done, Outcome
from bot.slash_commands import Fix
from rules.finding import Finding, Safety

BOUNDS = rules.ProofBounds(reviews=24, seconds=90.0)
"""What the proof of the fixes of one command may cost."""

_NONE_SAFE = "There is no safe fix that could be proved for what this change introduces."
_LISTED = 30


def obey(desk: Desk, command: Fix) -> Outcome:
    """Fix what the change introduces as far as that is safe, or the named finding in any proved way."""
    if not desk.is_open:
        return Declined(CLOSED)
    if committed_before(desk):
        return Done()
    snapshot, made = desk.look()
    wanted = _wanted(desk, command, made.comparison.head.findings)
    if isinstance(wanted, Declined):
        return wanted
    tree = snapshot.head.contents
    proof = rules.prove_fixes(
        tree, made.terms.options, made.head, wanted, cache=desk.services.facts, bounds=BOUNDS
    )
    if not proof.applied:
        return Declined(_NONE_SAFE if command.finding is None else "Its fix could not be proved.")
    changed = {path: text for path, text in proof.tree.items() if tree.get(path) != text}
    change = Change(before=tree, after=changed, message=_message(proof.applied))
    brought = bring(desk, change)
    return Done(text=brought.text and f"{_subject(proof.applied)}. {brought.text}")


def _wanted(desk: Desk, command: Fix, findings: tuple[Finding, ...]) -> tuple[Finding, ...] | Declined:
    if command.finding is not None or desk.request.thread is not None:
        named = desk.named(command.finding, findings)
        if isinstance(named, Declined):
            return named
        fixable = tuple(found for found in named if found.fix is not None)
        return fixable or Declined(f"There is no fix for {named[0].rule} {named[0].name} here.")
    safe = tuple(
        found
        for found in findings
        if found.introduced
        and found.suppressed is None
        and found.fix is not None
        and found.fix.safety is Safety.SAFE
    )
    return safe or Declined(_NONE_SAFE)


def _subject(applied: tuple[Finding, ...]) -> str:
    return "Fixes 1 finding" if len(applied) == 1 else f"Fixes {len(applied)} findings"


def _message(applied: tuple[Finding, ...]) -> str:
    listed = [f"- {found.rule} {found.name} in {found.path}" for found in applied[:_LISTED]]
    more = [f"- and {len(applied) - _LISTED} more"] if len(applied) > _LISTED else []
    return "\n".join([f"{_subject(applied)} of Backend Architect", "", *dict.fromkeys(listed), *more])
