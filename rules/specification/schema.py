"""The schema specifications of a repository: those that the configuration names, or in the usual places."""

from __future__ import annotations

from collections.abc import Mapping

from rules.specification.places import schema_candidates

MAXIMUM_BYTES = 400_000


def schema_specification_paths(files: Mapping[str, bytes], configured: tuple[str, ...]) -> tuple[str, ...]:
    """The files to read, missing ones that the configuration names too."""
    return configured or tuple(path for path in schema_candidates(files) if len(files[path]) <= MAXIMUM_BYTES)
