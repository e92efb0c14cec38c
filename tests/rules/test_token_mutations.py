"""Faults put into sound handling of tokens and passwords are found by the right rule on the right line."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from rules import RegisteredRule, catalog_rules
from rules.rule import Severity
from tests.mutations.tokens.operators import OPERATORS, Mutation, mutations
from tests.rules.isolation_projects import project, running

SAMPLES = Path(__file__).parent.parent / "apps"
SOUND = ["tokens_inline", "tokens_layers"]
RULES = {"BA312", "BA313", "BA314", "BA315", "BA316", "BA329"}
FOUND_AT_LEAST = 0.95


def sound_tree(sample: str) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted((SAMPLES / sample).glob("*.py"))}


def registered_rules() -> list[RegisteredRule]:
    return [registered for registered in catalog_rules() if registered.code in RULES]


def findings(tree: dict[str, str]) -> set[tuple[str, str, int]]:
    reviewed = project(tree)
    return {
        (registered.code, hit.place.path, hit.place.line)
        for registered in registered_rules()
        for hit in registered.check(reviewed)
        if (hit.severity or registered.rule.severity) is not Severity.INFO
    }


def missed(mutation: Mutation) -> bool:
    found = findings(mutation.tree)
    return not any((mutation.rule, path, line) in found for path, line in mutation.places)


@pytest.mark.parametrize("sample", SOUND)
def test_the_sound_applications_start_and_are_silent(sample: str) -> None:
    with running(sample) as module:
        assert module.app.routes
    assert findings(sound_tree(sample)) == set()


@pytest.mark.parametrize("sample", SOUND)
def test_mutations_are_found(sample: str) -> None:
    made = list(mutations(sound_tree(sample)))
    assert all(ast.parse(text) for mutation in made for text in mutation.tree.values())
    not_found = [f"{mutation.rule} {mutation.operator}" for mutation in made if missed(mutation)]
    assert len(made) > 10
    assert len(not_found) <= (1 - FOUND_AT_LEAST) * len(made), not_found


def test_every_operator_applies_somewhere() -> None:
    made = {m.operator.partition(" (")[0] for sample in SOUND for m in mutations(sound_tree(sample))}
    assert {name for _, name, _, _ in OPERATORS} - made == set()
