"""Runs the reviewer over projects and compares what it says with their truths."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

import msgspec

import rules
from bot.console.working_tree import read_tree
from rules.verdict import Review
from tools.accuracy.routes import compare_routes
from tools.accuracy.tables import compare_tables
from tools.accuracy.tally import Difference, Tally
from tools.accuracy.targets import STUBBED_RESPONSE_MODELS
from tools.accuracy.truth import Truth, read_truth


class Placement(msgspec.Struct, frozen=True):
    """Where a project's application is imported from, relative to the project."""

    root: str = ""


class Listed(msgspec.Struct, frozen=True):
    """A project of the manifest; without `placement` nobody ran it, without `commit` `source` tells which."""

    repo: str
    source: str
    commit: str | None = None
    placement: Placement | None = msgspec.field(name="import", default=None)

    @property
    def folder(self) -> str:
        """The name of its folder and of its truth."""
        return self.repo.replace("/", "__")


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """A project with what was extracted; `tallies` is empty where there is no truth."""

    project: Listed
    truth: Truth | None
    seconds: float
    review: Review
    tallies: dict[str, Tally]
    differences: tuple[Difference, ...]


def read_manifest(path: Path) -> tuple[Listed, ...]:
    """The projects. Raises OSError, and msgspec.MsgspecError for another form."""
    return msgspec.json.decode(path.read_bytes(), type=tuple[Listed, ...])


def measure(project: Listed, truths: Path, projects: Path) -> Measured:
    """Review a project's import root, as it lies in `projects`, and compare. Raises as `read_truth` does."""
    placement = project.placement or Placement()
    began = time.monotonic()
    review = rules.review(
        read_tree(projects / project.folder / placement.root, rules.interesting), rules.Options()
    )
    seconds = time.monotonic() - began
    truth = read_truth(truths / f"{project.folder}.json") if project.placement else None
    tallies: dict[str, Tally] = {}
    differences: tuple[Difference, ...] = ()
    if truth is not None:
        compared = compare_routes(truth, review.routes), compare_tables(truth, review.schema)
        tallies = {_fact(fact, truth): t for c in compared for fact, t in c.tallies.items()}
        differences = tuple(d for c in compared for d in c.differences)
    return Measured(
        project=project, truth=truth, seconds=seconds, review=review, tallies=tallies, differences=differences
    )


def summed(measured: Iterable[Measured]) -> dict[str, Tally]:
    """The tallies of all projects together."""
    total: dict[str, Tally] = {}
    for project in measured:
        for fact, tally in project.tallies.items():
            total[fact] = total.get(fact, Tally()) + tally
    return total


def _fact(fact: str, truth: Truth) -> str:
    return STUBBED_RESPONSE_MODELS if fact == "response models" and truth.stubbed_modules else fact
