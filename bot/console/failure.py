"""What ends a command with exit code 2: one line that says what is wrong and how to mend it."""

from __future__ import annotations


class CommandFailure(Exception):
    """The command cannot do its work; the message is one line and names the remedy."""
