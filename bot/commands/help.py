"""`/architect help`: the commands, and who may give them."""

from __future__ import annotations

TEXT = """Write one of these as the first line of a comment:

| command | what it does |
|---|---|
| `/architect review` | review this pull request again |
| `/architect review full` | the same, without anything remembered |
| `/architect help` | this list |

They need write permission; the pull request's author may use them too."""
