"""Hidden marks in what the bot posts, by which it is found again when Redis knows nothing."""

from __future__ import annotations

import re

_MARKER = re.compile(r"<!-- backend-architect:v1 (?P<kind>[a-z]+)=(?P<value>[\w:.+/-]+) -->")
_UNFIT = re.compile(r"[^\w:.+/-]|--")


def marker(kind: str, value: str) -> str:
    """The mark for a value: a finding's fingerprint, a review's key, an answered comment's id."""
    return f"<!-- backend-architect:v1 {kind}={_UNFIT.sub('_', value)} -->"


def marked(body: str, kind: str) -> tuple[str, ...]:
    """The value of a kind that a body is marked with, if it is."""
    # The last line alone is always ours: above it stand names and paths of the pull request.
    found = _MARKER.fullmatch(body.rstrip().rpartition("\n")[2])
    return (found["value"],) if found and found["kind"] == kind else ()
