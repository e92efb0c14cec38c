"""`/architect ignore FINDING reason…`: the finding does not count, as long as its code is what it is now.

The comment itself is what is remembered: each review reads it back. Here it is only checked and acknowledged.
"""

from __future__ import annotations

from bot.commands.desk import CLOSED, Declined, Desk, Done, Outcome
from bot.slash_commands import Ignore


def obey(desk: Desk, command: Ignore) -> Outcome:
    """See that the head has the finding, so that the acknowledgement means it."""
    if not desk.is_open:
        return Declined(CLOSED)
    _, made = desk.look()
    found = desk.named(command.finding, made.comparison.head.findings)
    return found if isinstance(found, Declined) else Done(review=desk.review())
