"""A finding as the outside sees it, and the `Hit` that a rule yields and the engine completes."""

from __future__ import annotations

import enum

import msgspec

from rules.rule import Confidence, Section, Severity


class Place(msgspec.Struct, frozen=True, order=True):
    """A span of a file: path relative to the reviewed root with `/`, 1-based lines and columns."""

    path: str
    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0


class TrailStep(msgspec.Struct, frozen=True):
    """One place in the chain that proves a finding, with what happens there."""

    path: str
    line: int
    note: str


class Safety(enum.StrEnum):
    """Whether a fix may be applied unasked."""

    SAFE = "safe"
    SUGGEST = "suggest"


class Edit(msgspec.Struct, frozen=True):
    """Replace the whole lines `start_line..end_line`; `replacement` ends in a newline or is empty.

    Lines 1 to 0 of a path that is not there: a file to be created.
    """

    path: str
    start_line: int
    end_line: int
    replacement: str

    @property
    def creates(self) -> bool:
        """Whether the edit creates its file."""
        return (self.start_line, self.end_line) == (1, 0)


class Fix(msgspec.Struct, frozen=True):
    """A repair. `proved`: it was applied, parsed and reviewed again, cured its finding and brought none."""

    title: str
    safety: Safety
    edits: tuple[Edit, ...]
    proved: bool = False


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule yields. The engine adds code, name, section, fingerprint and suppression.

    `severity` overrides the rule's own for this hit. `subject` is what the hit is about in words that
    survive reformatting (a route's method and path, a table's column): a part of the fingerprint.
    """

    place: Place
    message: str
    subject: str = ""
    severity: Severity | None = None
    confidence: Confidence = Confidence.HIGH
    trail: tuple[TrailStep, ...] = ()
    guards_searched: tuple[str, ...] = ()
    fix: Fix | None = None


class Suppression(msgspec.Struct, frozen=True):
    """Why a finding does not count: an inline comment, the configuration, a baseline, or a person.

    `by`, `at` (ISO time) and `link` say who decided it, when and where, for `person` alone.
    """

    kind: str
    reason: str
    by: str | None = None
    at: str | None = None
    link: str | None = None


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One violation, as `check --format json` shows it; `function`: the dotted name of what it stands in."""

    rule: str
    name: str
    section: Section
    severity: Severity
    confidence: Confidence
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    function: str = ""
    message: str
    trail: tuple[TrailStep, ...] = ()
    guards_searched: tuple[str, ...] = ()
    cwe: tuple[int, ...] = ()
    owasp: tuple[str, ...] = ()
    fingerprint: str
    introduced: bool = True
    suppressed: Suppression | None = None
    fix: Fix | None = None


class Question(msgspec.Struct, frozen=True, order=True):
    """What the reviewer cannot decide and a person should."""

    kind: str
    path: str
    line: int
    message: str
