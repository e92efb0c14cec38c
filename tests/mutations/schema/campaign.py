"""Every mutant of the sound pairs under the schema rules, and a few of them under Alembic."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rules import catalog_rules
from rules.configuration import Options
from rules.finding import Hit
from rules.project.project import Project
from rules.source import SourceFile
from tests.rules.autogenerate_truth import Change, autogenerate_truth
from tests.rules.schema_mutations import Mutation, mutations

SAMPLES = Path(__file__).parents[2] / "apps"
SOUND = ("migrations_sound", "migrations_sound_mapped")
DRIFT = frozenset({"BA151", "BA152", "BA153", "BA154", "BA155"})
RULES = DRIFT | {"BA157", "BA158", "BA161", "BA164", "BA166"}


@dataclass(frozen=True, slots=True)
class Result:
    """One mutant, and whether the right rule stands on the right line."""

    sample: str
    mutation: Mutation
    found: bool


@dataclass(frozen=True, slots=True)
class Agreement:
    """What Alembic and the drift rules say of one tree."""

    title: str
    alembic: frozenset[Change]
    rules: frozenset[Change]


def tree_of(sample: str) -> dict[str, str]:
    """The sample's Python files by path."""
    folder = SAMPLES / sample
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*.py"))}


def hits(tree: Mapping[str, str], codes: frozenset[str]) -> list[tuple[str, Hit]]:
    """What those rules find in a tree."""
    files = {path: SourceFile(path, text.encode()) for path, text in tree.items()}
    project = Project(files, Options())
    return [(r.code, hit) for r in catalog_rules() if r.code in codes for hit in r.check(project)]


def results(sample: str) -> Iterator[Result]:
    """Every mutant of a sound pair."""
    for mutation in mutations(tree_of(sample)):
        found = {(code, hit.place.path, hit.place.line) for code, hit in hits(mutation.tree, RULES)}
        yield Result(sample, mutation, (mutation.rule, mutation.path, mutation.line) in found)


def said_by_rules(tree: Mapping[str, str]) -> frozenset[Change]:
    """The drift that the rules report, in Alembic's terms."""
    return frozenset((code, _subject(hit.subject)) for code, hit in hits(tree, DRIFT))


def _subject(subject: str) -> str:
    over, closed, _ = subject.partition(")")
    return over + closed


def samples() -> list[str]:
    """The migration samples with models."""
    return sorted(folder.parent.name for folder in SAMPLES.glob("migrations_*/models.py"))


def one_of_each(sample: str) -> dict[str, Mutation]:
    """The last mutant of each operator that makes drift; the first ones hit keys, which a server refuses."""
    found: dict[str, Mutation] = {}
    for mutation in mutations(tree_of(sample)):
        if mutation.rule in DRIFT:
            found[mutation.operator] = mutation
    return found


def agreement(title: str, tree: Mapping[str, str], server: Any) -> Agreement:
    """Alembic upgrades a PostgreSQL by the tree's migrations, and compares it with the models."""
    name = title.replace(" ", "_").replace(",", "").lower()
    server.psql(f'CREATE DATABASE "{name}";')
    with tempfile.TemporaryDirectory() as folder:
        for path, text in tree.items():
            file = Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        truth = autogenerate_truth(Path(folder), server.get_uri(database=name, driver="psycopg"))
    return Agreement(title, frozenset(truth), said_by_rules(tree))
