"""`/architect unignore FINDING`: what a person let go counts again."""

from __future__ import annotations

from bot.commands.desk import CLOSED, Declined, Desk, Done, Outcome
from bot.dismissals import KIND
from bot.slash_commands import Unignore


def obey(desk: Desk, command: Unignore) -> Outcome:
    """See that a person ignored the finding; what the code or the configuration suppresses stays so."""
    if not desk.is_open:
        return Declined(CLOSED)
    _, made = desk.look()
    found = desk.named(command.finding, made.comparison.head.findings)
    if isinstance(found, Declined):
        return found
    if not any(each.suppressed and each.suppressed.kind == KIND for each in found):
        return Declined(f"Nobody ignored `{found[0].fingerprint[:8]}` by a command.")
    return Done(review=desk.review())
