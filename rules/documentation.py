"""A rule's documentation: the sections of its module's docstring."""

from __future__ import annotations

import re
from dataclasses import dataclass

SECTIONS = ("What", "Why", "Bad", "Good", "Fix", "References")
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Documentation:
    """The docstring as a whole, its first line, and each section's Markdown by heading."""

    text: str
    title: str
    sections: dict[str, str]


def read_documentation(docstring: str) -> Documentation:
    """A rule's docstring in sections. Raises ValueError unless they are `SECTIONS`, in order, all filled."""
    title, *_ = docstring.strip().splitlines() or [""]
    pieces = _HEADING.split(docstring)
    headings, bodies = tuple(pieces[1::2]), [body.strip() for body in pieces[2::2]]
    if headings != SECTIONS:
        raise ValueError(f"its sections are {', '.join(headings) or 'missing'}, not {', '.join(SECTIONS)}")
    empty = [heading for heading, body in zip(headings, bodies, strict=True) if not body]
    if empty or not title or title.startswith("#"):
        raise ValueError(f"it says nothing under {', '.join(empty) or 'its title'}")
    return Documentation(docstring.strip(), title, dict(zip(headings, bodies, strict=True)))
