"""Faults in methods, statuses, parameters, order, None checks, errors and models are found where they are."""

from __future__ import annotations

import ast

import pytest

from tests.mutations.answers.campaign import PLAIN, PROTECTED, Outcome, outcomes, sound_tree
from tests.mutations.answers.operators import RULES, mutations

FOUND_AT_LEAST = 0.95


def missed(found: list[Outcome]) -> list[str]:
    return [outcome.mutation.title for outcome in found if not outcome.found]


def test_every_rule_has_mutants_and_all_of_them_parse() -> None:
    made = [m for name in ("sound_bookings", "protected_notes") for m in mutations(sound_tree(name))]
    assert {mutation.rule for mutation in made} == RULES
    assert all(ast.parse(mutation.tree[mutation.path]) for mutation in made)


def test_mutants_of_the_consistent_application_are_found() -> None:
    found = list(outcomes("consistency_sound"))
    assert len(found) >= 40
    assert missed(found) == []


@pytest.mark.thorough
@pytest.mark.parametrize("application", ["sound_bookings", "protected_files"])
def test_mutants_are_found(application: str) -> None:
    found = list(outcomes(application))
    assert application in (*PLAIN, *PROTECTED)
    assert len(missed(found)) <= (1 - FOUND_AT_LEAST) * len(found), missed(found)
