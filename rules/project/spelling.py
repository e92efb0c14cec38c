"""The one name among those that exist that a misspelt name can only have meant."""

from __future__ import annotations

from collections.abc import Iterable

_SHORTEST = 3


def meant(written: str, existing: Iterable[str]) -> str | None:
    """The only existing name that is one insertion, deletion, replacement or swap away; else None."""
    if len(written) < _SHORTEST:
        return None
    near = [name for name in dict.fromkeys(existing) if _is_one_step(written, name)]
    return near[0] if len(near) == 1 else None


def _is_one_step(left: str, right: str) -> bool:
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), len(left))
    rest, other = left[at:], right[at:]
    if rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]:
        return True
    return rest[:2] == other[:2][::-1] and rest[2:] == other[2:]
