"""The sound applications of tests/apps/protected_*: their files, vocabulary, rows and probes."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from tests.mutations.probes import Probe, parsed

APPS = Path(__file__).parents[1] / "apps"
ISOLATION_RULES = (*(f"BA{number}" for number in range(301, 312)), "BA328")


class Description(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An application in its own words, as probes.toml gives them."""

    application: str
    metadata: str
    token: str
    header: str
    environment: dict[str, str]
    rows: dict[str, list[dict[str, Any]]]
    probes: dict[str, list[str]]
    root: str = ""
    prefix: str = ""
    session: str = ""
    owner_columns: frozenset[str]
    parent_columns: frozenset[str]
    deleted_columns: frozenset[str] = frozenset()
    privilege_columns: frozenset[str]
    guards: frozenset[str] = frozenset()
    authenticators: frozenset[str]
    principals: frozenset[str]
    writable: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    private_responses: tuple[str, ...] = ()
    privileges: dict[str, str]


class Source:
    """One file's text, its tree, and where its nodes stand."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.tree = ast.parse(text)
        self._starts = [0]
        for line in text.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def span(self, node: ast.expr | ast.stmt | ast.arg | ast.keyword) -> tuple[int, int]:
        """The node's offsets in the text."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return self._starts[node.lineno - 1] + node.col_offset, self._starts[end_line - 1] + end_column

    def segment(self, node: ast.expr | ast.stmt | ast.arg | ast.keyword) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    def definitions(self) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]]:
        """Every function and class with its qualified name, outer ones first."""
        yield from _definitions(self.tree, "")

    def functions(self) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
        for name, node in self.definitions():
            if not isinstance(node, ast.ClassDef):
                yield name, node

    def lines(self, name: str) -> tuple[int, int] | None:
        """First and last line of a definition, with its decorators."""
        for found, node in self.definitions():
            if found == name:
                first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                return first, node.end_lineno or node.lineno
        return None


def _definitions(
    node: ast.AST, prefix: str
) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield prefix + child.name, child
            yield from _definitions(child, f"{prefix}{child.name}.")


class SoundApplication:
    """One application with every protection in place."""

    def __init__(self, name: str, description: Description, files: Mapping[str, str]) -> None:
        self.name = name
        self.description = description
        self.files = dict(files)

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        return tuple(Source(path, text) for path, text in self.files.items() if text.strip())

    @cached_property
    def probes(self) -> tuple[Probe, ...]:
        """What must be refused. Whatever another user may not do, nobody may do without signing in."""
        given = [
            parsed(line, rule, self.description.prefix)
            for rule, lines in self.description.probes.items()
            for line in lines
        ]
        anonymous = [
            msgspec.structs.replace(probe, person="nobody", rule="BA301")
            for probe in given
            if probe.rule in {"BA305", "BA306", "BA328"}
        ]
        return tuple(dict.fromkeys([*given, *anonymous]))

    @property
    def key_type(self) -> str:
        """The annotation of a user's key."""
        return type(next(iter(self.description.rows.values()))[0]["id"]).__name__


def application(name: str) -> SoundApplication:
    """The application of one folder, without its `protected_`."""
    folder = APPS / f"protected_{name}"
    description = msgspec.convert(tomllib.loads((folder / "probes.toml").read_text()), Description)
    files = {path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("*.py"))}
    return SoundApplication(name, description, files)


def names() -> tuple[str, ...]:
    return tuple(sorted(path.name.removeprefix("protected_") for path in APPS.glob("protected_*")))
