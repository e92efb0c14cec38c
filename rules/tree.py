"""Which files of a repository a review reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

Tree = Mapping[str, bytes]
"""A project's files: path from its root with `/`, and content."""

_NAMES = frozenset(
    {
        "pyproject.toml", "setup.cfg", "uv.lock", "poetry.lock", "pdm.lock", "Pipfile", "Pipfile.lock",
        "alembic.ini",
    }
)  # fmt: skip
_REQUIREMENTS = re.compile(r"(?:.*[-_.])?(?:requirements|constraints)(?:[-_.].*)?\.(?:txt|in|lock)")
_CONFIGURATION = frozenset({".github/backend-architect.yml", ".github/backend-architect.yaml"})
_BASELINE = re.compile(r"[^/]*baseline[^/]*\.json", re.IGNORECASE)
_SPECIFICATION_SUFFIXES = frozenset({".sql", ".dbml"})
_SPECIFICATION = re.compile(
    r"(?:.*[-_.])?(?:openapi|swagger|api|schema|endpoints?|database|spec|specification)(?:[-_.].*)?"
    r"\.(?:json|ya?ml|md|mdx)",
    re.IGNORECASE,
)
_SPECIFICATION_FOLDERS = frozenset({"spec", "specs", "specification", "specifications", "contracts"})
_SPECIFICATION_FORMS = frozenset({".json", ".yaml", ".yml", ".md"})
_FOREIGN = frozenset(
    {"node_modules", "site-packages", ".venv", "venv", ".git", "__pycache__", ".tox", ".nox"}
)


def interesting(path: str) -> bool:
    """Whether a review reads it: Python, what pins versions, configuration, baseline, specifications."""
    if path in _CONFIGURATION:
        return True
    pure = PurePosixPath(path)
    if not _FOREIGN.isdisjoint(pure.parts[:-1]):
        return False
    return (
        pure.suffix == ".py"
        or pure.name in _NAMES
        or (pure.parent.name == "requirements" and pure.suffix in {".txt", ".in"})
        or pure.suffix in _SPECIFICATION_SUFFIXES
        or _REQUIREMENTS.fullmatch(pure.name) is not None
        or _BASELINE.fullmatch(pure.name) is not None
        or _is_in_specification(pure)
        or _SPECIFICATION.fullmatch(pure.name) is not None
    )


def _is_in_specification(pure: PurePosixPath) -> bool:
    folders = {part.lower() for part in pure.parts[:-1]}
    return pure.suffix in _SPECIFICATION_FORMS and not _SPECIFICATION_FOLDERS.isdisjoint(folders)
