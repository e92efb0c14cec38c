"""`/architect help`: the commands, and who may give them."""

from __future__ import annotations

from bot.commands.desk import Desk, Done, Outcome
from bot.slash_commands import Help

TEXT = """Write one of these as the first line of a comment, or of an answer in a thread of mine:

| command | what it does |
|---|---|
| `/architect review` | review this pull request again |
| `/architect review full` | the same, without anything remembered |
| `/architect explain BA305` | what a rule looks for, and why |
| `/architect ignore 1a2b3c4d reason` | a finding does not count while its code stays as it is |
| `/architect unignore 1a2b3c4d` | it counts again |
| `/architect fix` | commit every safe fix, or post them as a patch |
| `/architect fix 1a2b3c4d` | the same for one finding, a suggested fix too |
| `/architect config` | the configuration that counts, and where it comes from |
| `/architect help` | this list |

A finding is named by the first 8 digits of its fingerprint; in its own thread it need not be named.
They need write permission; the pull request's author may `review`, `explain` and `help` too."""


def obey(_desk: Desk, _command: Help) -> Outcome:
    """Answer with the list."""
    return Done(text=TEXT)
