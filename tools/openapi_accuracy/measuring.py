"""Extracts the documents of projects and holds them against their dumps."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import msgspec

import rules
from bot.console.working_tree import read_tree
from rules import OpenapiRecord
from tools.accuracy.tally import Difference, Tally
from tools.openapi_accuracy.comparison import Document, compare_documents, unknown_operations


class Dump(msgspec.Struct, frozen=True, kw_only=True):
    """What an application said of itself: its document, and by mount path those of mounted ones."""

    fastapi: str
    pydantic: str
    documents: dict[str, dict[str, Any]]
    root: str = ""


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """A project held against its dump; `unknown` counts operations with a part that is marked unknown."""

    repo: str
    dump: Dump
    tallies: dict[str, Tally]
    differences: tuple[Difference, ...]
    operations: int
    unknown: int
    seconds: float


def read_dump(path: Path) -> Dump:
    """Read a dump. Raises OSError, and msgspec.MsgspecError for another form."""
    return msgspec.json.decode(path.read_bytes(), type=Dump)


def measure(path: Path, projects: Path) -> Measured:
    """Hold the project of a dump against it. Raises as `read_dump` does."""
    dump = read_dump(path)
    began = time.monotonic()
    tree = read_tree(projects / path.stem / dump.root, rules.interesting)
    found = rules.openapi(tree, rules.Options())
    seconds = time.monotonic() - began
    tallies: dict[str, Tally] = {}
    differences: list[Difference] = []
    unknown = 0
    for mount, truth in dump.documents.items():
        said = _counterpart(truth, found, is_mounted=bool(mount))
        compared = compare_documents(truth, said)
        unknown += unknown_operations(said)
        differences += compared.differences
        for fact, tally in compared.tallies.items():
            tallies[fact] = tallies.get(fact, Tally()) + tally
    return Measured(
        repo=path.stem.replace("__", "/"),
        dump=dump,
        tallies=tallies,
        differences=tuple(differences),
        operations=tallies["operations"].truth,
        unknown=unknown,
        seconds=seconds,
    )


def _counterpart(truth: Document, found: tuple[OpenapiRecord, ...], *, is_mounted: bool) -> Document:
    """The extracted document of the same application: the one that shares most paths with the truth."""
    candidates = [record.document for record in found if record.is_mounted == is_mounted]
    shared = [len(document.get("paths", {}).keys() & truth["paths"].keys()) for document in candidates]
    return candidates[shared.index(max(shared))] if candidates else {}
