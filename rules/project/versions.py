"""The FastAPI version that a project pins, and what depends on it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules.source import SourceFile

Version = tuple[int, ...]
_LAZY_INCLUSION: Version = (0, 137)
_RETURN_ANNOTATIONS: Version = (0, 89)
_REQUIREMENT = re.compile(r"^\s*fastapi(?:\[[^\]]*\])?\s*([<>=~!^][^;#]*)", re.IGNORECASE | re.MULTILINE)
_LOCKED = re.compile(r'^name\s*=\s*"fastapi"\s*\nversion\s*=\s*"([\d.]+)', re.MULTILINE)
_BOUND = re.compile(r"(===?|~=|\^|>=|<=|<|>|!=)?\s*v?(\d+(?:\.\d+)*)(\.\*)?")
_REQUIREMENT_FILES = re.compile(
    r"(?:^|/)(?:[\w.-]*requirements[\w.-]*|constraints[\w.-]*)\.(?:txt|in)$|(?:^|/)requirements/"
)
_LOCK_FILES = ("poetry.lock", "uv.lock", "pdm.lock", "pylock.toml")


@dataclass(frozen=True, slots=True)
class FrameworkVersion:
    """What is known of the installed FastAPI: an exact or lowest version; None for "the newest"."""

    version: Version | None = None

    @property
    def includes_lazily(self) -> bool:
        """Whether routes added after `include_router` count.

        They do from 0.137.0, whose `include_router` appends an `_IncludedRouter` (read in fastapi/routing.py
        of 0.136.3 and 0.137.0).
        """
        return self.version is None or self.version >= _LAZY_INCLUSION

    @property
    def reads_return_annotations(self) -> bool:
        """Whether a return annotation is the response model: from 0.89.0 (FastAPI's release notes)."""
        return self.version is None or self.version >= _RETURN_ANNOTATIONS


def fastapi_version(files: Mapping[str, SourceFile], root: str = "") -> FrameworkVersion:
    """The version by the locks and requirements nearest to the folder `root`; locks before ranges."""
    for directory in _upwards(root):
        locked = [_from_lock(files.get(_join(directory, name))) for name in _LOCK_FILES]
        versions = [version for version in locked if version is not None]
        if versions:
            return FrameworkVersion(max(versions))
        found = [v for path in _declarations(files, directory) if (v := _declared(path, files[path].text))]
        if found:
            exact = [version for version, is_exact in found if is_exact]
            return FrameworkVersion(max(exact) if exact else _open_range(found))
    return FrameworkVersion()


def _open_range(found: list[tuple[Version, bool]]) -> Version | None:
    capped = [version for version, _ in found if version]
    return max(capped) if capped else None


def _upwards(root: str) -> Iterator[str]:
    while root:
        yield root
        root = root.rpartition("/")[0]
    yield ""


def _join(directory: str, name: str) -> str:
    return f"{directory}/{name}" if directory else name


def _from_lock(source: SourceFile | None) -> Version | None:
    found = _LOCKED.search(source.text) if source is not None else None
    return _parse(found.group(1)) if found else None


def _declarations(files: Mapping[str, SourceFile], directory: str) -> Iterator[str]:
    for path in sorted(files):
        if directory and not path.startswith(directory + "/"):
            continue
        inner = path[len(directory) + 1 :] if directory else path
        if inner == "pyproject.toml" or (inner.count("/") <= 1 and _REQUIREMENT_FILES.search(inner)):
            yield path


def _declared(path: str, content: str) -> tuple[Version, bool] | None:
    """The version, and whether it is exact. An open range (`>=0.100`) gives the empty version: the newest."""
    specifiers = _toml_specifiers(content) if path.endswith(".toml") else _REQUIREMENT.findall(content)
    for specifier in specifiers:
        bounds = [
            (symbol or "==", _parse(number), star) for symbol, number, star in _BOUND.findall(specifier)
        ]
        for symbol, version, star in bounds:
            if symbol in {"==", "==="}:
                return version, not star
        capped = [_below(version) for symbol, version, _ in bounds if symbol in {"<", "<="}]
        caret = [version for symbol, version, _ in bounds if symbol in {"^", "~="}]
        if capped or caret:
            return max(capped + caret), False
        if bounds:
            return (), False
    return None


def _below(version: Version) -> Version:
    parts = list(version)
    for position in range(len(parts) - 1, -1, -1):
        if parts[position]:
            parts[position] -= 1
            return (*parts[: position + 1], 10_000)
    return ()


def _toml_specifiers(content: str) -> list[str]:
    try:
        document = tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError):
        return []
    found: list[str] = []
    _collect(document, found, 0)
    return found


def _collect(node: object, found: list[str], depth: int) -> None:
    if depth > 6:
        return
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "fastapi" and isinstance(value, str | dict):
                found.append(str(value.get("version", "") if isinstance(value, dict) else value))
            else:
                _collect(value, found, depth + 1)
    elif isinstance(node, list):
        for value in node:
            if isinstance(value, str):
                found.extend(_REQUIREMENT.findall(value))
            else:
                _collect(value, found, depth + 1)


def _parse(number: str) -> Version:
    return tuple(int(part) for part in number.split(".")[:4])
