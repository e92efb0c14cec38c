"""JSON for programs: two-space indented, one newline at the end."""

from __future__ import annotations

import msgspec


def to_json(document: object) -> str:
    """Return the document as JSON."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
