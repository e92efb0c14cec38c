"""What a finding is known by: the same through reformatting, moves and renames of files."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from rules.anchor import Anchor, anchor
from rules.finding import Hit
from rules.source import SourceFile

SHORT = 8
"""Hex digits that people write in slash commands; more on a collision."""


def identity(code: str, hit: Hit, source: SourceFile | None) -> str:
    """What the hit is about, without any position: equal for hits that only their order tells apart."""
    line, found = hit.place.line, _anchor(hit, source)
    if found is not None:
        about = f"{found.symbol}\0{found.form}"
    elif source is not None and line <= len(source.lines):
        about = " ".join(source.lines[line - 1].split())
    else:
        about = ""
    return f"{code}\0{hit.subject}\0{about}"


def function_around(hit: Hit, source: SourceFile | None) -> str:
    """The dotted name of the function that the hit stands in or that it is about; empty outside of one."""
    found = _anchor(hit, source)
    return "" if found is None else found.function


def _anchor(hit: Hit, source: SourceFile | None) -> Anchor | None:
    if source is None:
        return None
    line, column = hit.place.line, hit.place.column
    return anchor(source.module, line, source.byte_column(line, column))


def fingerprints(identities: Iterable[str]) -> list[str]:
    """A fingerprint of 32 hex digits for each identity; the ordinal tells equal ones apart, in order."""
    seen: Counter[str] = Counter()
    result: list[str] = []
    for known in identities:
        text = f"{known}\0{seen[known]}"
        seen[known] += 1
        result.append(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest())
    return result
