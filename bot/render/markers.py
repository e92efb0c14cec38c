"""Hidden marks in what the bot posts, by which it is found again when Redis knows nothing."""

from __future__ import annotations

import re

_MARKER = re.compile(r"<!-- backend-architect:v1 (?P<kind>[a-z]+)=(?P<values>[\w:.+/,-]+) -->")
_UNFIT = re.compile(r"[^\w:.+/-]|--")


def marker(kind: str, *values: str) -> str:
    """The mark for what a text is about: findings' fingerprints, a review's key, an answered comment's id."""
    return f"<!-- backend-architect:v1 {kind}={','.join(_UNFIT.sub('_', value) for value in values)} -->"


def marked(body: str, kind: str) -> tuple[str, ...]:
    """The values of a kind that a body is marked with, if it is."""
    # The last line alone is always ours: above it stand names and paths of the pull request.
    return _values(body.rstrip().rpartition("\n")[2], kind)


def headed(body: str, kind: str) -> tuple[str, ...]:
    """The values of a kind that a body's first line is marked with, if it is: that line is ours too."""
    return _values(body.partition("\n")[0].rstrip(), kind)


def _values(line: str, kind: str) -> tuple[str, ...]:
    found = _MARKER.fullmatch(line)
    return tuple(found["values"].split(",")) if found and found["kind"] == kind else ()
