"""Which application a specification is about, and under which prefix its paths are served there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rules.project.conformance.extracted import Surface, plain_path
from rules.specification.operations import ApiSpecification, Operation

_MAXIMUM_PREFIXES = 12
_SMALLEST_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Match:
    """A specification's application; `prefix` is put before its paths there or, after a `-`, taken off."""

    surface: Surface
    prefix: str
    count: int

    def key(self, operation: Operation) -> tuple[str, str]:
        """How the code knows a specified operation."""
        return operation.method, plain_path(_joined(self.prefix, operation.path))

    def path(self, operation: Operation) -> str:
        """The path of a specified operation in the code."""
        return _joined(self.prefix, operation.path)


def best_match(specification: ApiSpecification, surfaces: Iterable[Surface]) -> Match | None:
    """The application that serves the most of a specification's operations; None where none serves any."""
    found: Match | None = None
    for surface in surfaces:
        for prefix in _prefixes(specification, surface):
            served = (_joined(prefix, o.path) for o in specification.operations)
            keys = zip((o.method for o in specification.operations), map(plain_path, served), strict=True)
            count = sum(key in surface.operations for key in keys)
            if count and (found is None or count > found.count):
                found = Match(surface, prefix, count)
    return found


def describes(specification: ApiSpecification, match: Match | None) -> bool:
    """Whether enough of a specification is served for it to be one of the application."""
    if match is None:
        return specification.is_configured or not specification.operations
    return specification.is_configured or match.count >= _SMALLEST_SHARE * len(specification.operations)


def _prefixes(specification: ApiSpecification, surface: Surface) -> list[str]:
    """The prefixes to try: none, those of its servers, then those that most of the operations suggest."""
    stated = ["", *specification.bases]
    paths = {plain_path(o.path) for o in specification.operations}
    suggested: Counter[str] = Counter()
    for _, path in surface.operations:
        for wanted in paths:
            if wanted not in {"/", path} and path.endswith(wanted):
                suggested[path.removesuffix(wanted)] += 1
            elif path not in {"/", wanted} and wanted.endswith(path):
                suggested[f"-{wanted.removesuffix(path)}"] += 1
    return [*dict.fromkeys([*stated, *(p for p, _ in suggested.most_common(_MAXIMUM_PREFIXES))])]


def _joined(prefix: str, path: str) -> str:
    if prefix.startswith("-"):
        return path.removeprefix(prefix[1:])
    return f"{prefix}{path}"
