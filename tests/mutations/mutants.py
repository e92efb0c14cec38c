"""A mutant: a sound application with one protection removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

Edit = tuple[str, int, int, str]
"""Path, start and end offset, replacement."""


class Mutant(msgspec.Struct, frozen=True, kw_only=True):
    """What was removed and where.

    `rules` are those whose probes may show it; `speaks` is the rule that must name it, where it is not the
    probe's own. `moved` maps the old start of paths to the new one. `structural` ones change what the
    database refuses, not what a request does.
    """

    application: str
    operator: str
    path: str
    function: str
    line: int
    edits: tuple[Edit, ...]
    rules: tuple[str, ...]
    speaks: str = ""
    moved: tuple[str, str] | None = None
    forged: bool = False
    structural: bool = False

    @property
    def title(self) -> str:
        return f"{self.application}: {self.operator} at {self.path}:{self.line} {self.function}"


def mutated(files: Mapping[str, str], edits: Iterable[Edit]) -> dict[str, str]:
    """The files with the edits made, each at the offsets of the original text."""
    changed = dict(files)
    for path, start, end, replacement in sorted(edits, key=lambda edit: edit[1:3], reverse=True):
        changed[path] = changed[path][:start] + replacement + changed[path][end:]
    return changed
