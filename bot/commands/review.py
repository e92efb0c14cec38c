"""`/architect review [full]`: a fresh review with a check run of its own."""

from __future__ import annotations

from bot.commands.desk import CLOSED, Declined, Desk, Done, Outcome
from bot.slash_commands import Review


def obey(desk: Desk, command: Review) -> Outcome:
    """Ask for the review; `full` uses nothing that is remembered of files."""
    return Done(review=desk.review(full=command.full)) if desk.is_open else Declined(CLOSED)
