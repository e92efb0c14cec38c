"""Why single facts differ, as somebody found out by reading: told beside the figures."""

from __future__ import annotations

from pathlib import Path

import msgspec

_FILE = Path(__file__).with_name("reasons.toml")


class Reason(msgspec.Struct, frozen=True):
    """A project, the kind of fact that falls short there, and why."""

    project: str
    fact: str
    text: str


class _Reasons(msgspec.Struct, frozen=True):
    reason: tuple[Reason, ...] = ()


def read_reasons(path: Path = _FILE) -> tuple[Reason, ...]:
    """The known reasons. Raises OSError, and msgspec.MsgspecError for another form."""
    return msgspec.toml.decode(path.read_bytes(), type=_Reasons).reason
