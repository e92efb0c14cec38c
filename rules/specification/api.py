"""The API specifications of a repository: those that the configuration names, or in the usual places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module

from rules.specification.operations import ApiSpecification
from rules.specification.places import api_candidates, is_of_feature
from rules.specification.problem import Doubt, Unreadable

_OPENAPI = re.compile(rb"""["']?\b(?:openapi|swagger)["']?\s*:\s*["']?\d""")


@dataclass(frozen=True, slots=True)
class ApiSpecifications:
    """What was read, and which files could not be."""

    read: tuple[ApiSpecification, ...]
    unread: tuple[Doubt, ...]


def api_specifications(files: Mapping[str, bytes], configured: tuple[str, ...]) -> ApiSpecifications:
    """Read the specifications among the files; a configured one that is missing is told."""
    paths = configured or tuple(path for path in api_candidates(files) if _looks_right(path, files[path]))
    found: list[ApiSpecification] = []
    unread: list[Doubt] = []
    for path in paths:
        try:
            made = _read(path, files.get(path))
        except Unreadable as problem:
            said = f"this specification was not read: {problem.reason}; the code was not held to it."
            unread.append(Doubt(path, problem.line, said))
            continue
        whole = bool(configured) or not is_of_feature(path)
        found.append(replace(made, is_whole=whole and not made.is_list, is_configured=bool(configured)))
    kept = [spec for spec in found if (spec.operations or spec.doubts) and not _is_documentation(spec)]
    return ApiSpecifications(tuple(kept), tuple(unread))


def _is_documentation(specification: ApiSpecification) -> bool:
    """Whether a document only shows what the application once was: written by FastAPI, to be read."""
    found = specification.is_generated and not specification.is_configured
    return found and not {"doc", "docs", "documentation"}.isdisjoint(specification.path.split("/")[:-1])


def _read(path: str, data: bytes | None) -> ApiSpecification:
    if data is None:
        raise Unreadable("the configuration names it, but no such file is read")
    if path.endswith(".md"):
        found: ApiSpecification = import_module(f"{__package__}.markdown_endpoints").read_endpoint_list(
            path, data
        )
    else:
        found = import_module(f"{__package__}.openapi").read_openapi(path, data)
    return found


def _looks_right(path: str, data: bytes) -> bool:
    return path.endswith(".md") or _OPENAPI.search(data) is not None
