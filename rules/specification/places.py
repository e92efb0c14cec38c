"""Where specifications usually lie, and where documents lie that only look like one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

_FOREIGN = frozenset(
    {
        "frontend", "front-end", "front", "client", "clients", "web", "webapp", "website", "ui", "sdk",
        "sdks", "mobile", "generated", "gen", "vendor", "vendored", "third_party", "third-party", "external",
        "mocks", "fixtures", "test", "tests", "testing", "__tests__", "testdata", "examples", "example",
        "samples", "static", "public", "dist", "build", "node_modules", "site-packages", "prisma",
        "supabase", "templates", ".github", ".claude",
    }
)  # fmt: skip
_FOLDERS = frozenset(
    {"spec", "specs", "specification", "specifications", ".specify", "contracts", "contract"}
)
_OPENAPI = re.compile(
    r"(?:.*[-_.])?(?:openapi|swagger|api[-_]?spec)(?:[-_.].*)?\.(?:json|ya?ml)", re.IGNORECASE
)
_STRUCTURED = frozenset({".json", ".yaml", ".yml"})
_LISTS = re.compile(
    r"(?:.*[-_.])?(?:endpoints?|api[-_]?spec(?:ification)?|api)(?:[-_.].*)?\.md", re.IGNORECASE
)
_TABLES = re.compile(
    r"(?:.*[-_.])?(?:schema|database|data[-_]?model|tables)(?:[-_.].*)?\.(?:sql|md)|.*\.dbml", re.IGNORECASE
)
_STEPS = frozenset(
    {"migrations", "migration", "versions", "revisions", "alembic", "seeds", "seed", "queries"}
)


def api_candidates(paths: Iterable[str]) -> list[str]:
    """The files that may be specifications of an API, by their names alone, most exact form first."""
    found = [path for path in paths if _is_structured_api(path) or is_endpoint_list(path)]
    return sorted(found, key=lambda path: (path.endswith(".md"), path))


def schema_candidates(paths: Iterable[str]) -> list[str]:
    """The files that may be specifications of a schema, by their names alone."""
    return sorted(path for path in paths if _is_schema(path))


def _is_structured_api(path: str) -> bool:
    pure = PurePosixPath(path)
    if pure.suffix not in _STRUCTURED or _is_foreign(pure):
        return False
    return _OPENAPI.fullmatch(pure.name) is not None or not _FOLDERS.isdisjoint(pure.parts[:-1])


def is_endpoint_list(path: str) -> bool:
    """Whether a Markdown file may list endpoints: by its name, in a folder of specifications."""
    pure = PurePosixPath(path)
    if pure.suffix != ".md" or _is_foreign(pure) or _LISTS.fullmatch(pure.name) is None:
        return False
    return not _FOLDERS.isdisjoint(pure.parts[:-1])


def _is_schema(path: str) -> bool:
    pure = PurePosixPath(path)
    if _is_foreign(pure) or _TABLES.fullmatch(pure.name) is None or not _STEPS.isdisjoint(pure.parts[:-1]):
        return False
    return pure.suffix != ".md" or not _FOLDERS.isdisjoint(pure.parts[:-1])


def is_of_feature(path: str) -> bool:
    """Whether a specification is one of several: of a feature, and not of the whole."""
    folders = PurePosixPath(path).parts[:-1]
    inner = [index for index, part in enumerate(folders) if part in _FOLDERS]
    return bool(inner) and (folders[-1] in {"contracts", "contract"} or len(folders) - 1 > inner[0])


def _is_foreign(pure: PurePosixPath) -> bool:
    return not _FOREIGN.isdisjoint(part.lower() for part in pure.parts[:-1])
