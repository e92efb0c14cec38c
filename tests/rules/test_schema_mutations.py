"""Faults put into sound models and migrations are found by the right rule at the right line."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from rules import RegisteredRule, catalog_rules
from rules.configuration import Options
from rules.project.project import Project
from rules.source import SourceFile
from tests.rules.schema_mutations import Mutation, mutations

SAMPLES = Path(__file__).parent.parent / "apps"
SOUND = ["migrations_sound", "migrations_sound_mapped"]
RULES = {"BA151", "BA152", "BA153", "BA154", "BA155", "BA157", "BA158", "BA161", "BA164", "BA166"}
FOUND_AT_LEAST = 0.95


def sound_tree(sample: str) -> dict[str, str]:
    folder = SAMPLES / sample
    return {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*.py"))}


def registered_rules() -> list[RegisteredRule]:
    return [registered for registered in catalog_rules() if registered.code in RULES]


def findings(tree: dict[str, str]) -> set[tuple[str, str, int]]:
    files = {path: SourceFile(path, text.encode()) for path, text in tree.items()}
    project = Project(files, Options())
    return {
        (registered.code, hit.place.path, hit.place.line)
        for registered in registered_rules()
        for hit in registered.check(project)
    }


def is_found(mutation: Mutation) -> bool:
    return (mutation.rule, mutation.path, mutation.line) in findings(mutation.tree)


@pytest.mark.parametrize("sample", SOUND)
def test_sound_pairs_are_silent(sample: str) -> None:
    assert findings(sound_tree(sample)) == set()


@pytest.mark.parametrize("sample", SOUND)
def test_mutations_are_found(sample: str) -> None:
    made = list(mutations(sound_tree(sample)))
    assert all(ast.parse(text) for mutation in made for text in mutation.tree.values())
    missed = Counter(mutation.operator for mutation in made if not is_found(mutation))
    assert len(made) > 50
    assert missed.total() <= (1 - FOUND_AT_LEAST) * len(made), missed
