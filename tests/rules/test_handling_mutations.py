"""Faults put into sound applications by another hand than the rules' are found by the right rule."""

from __future__ import annotations

import ast

import pytest

from tests.mutations.handling.campaign import SOUND, hits, outcomes, sound_tree
from tests.mutations.handling.operators import OPERATORS, mutations
from tests.rules.isolation_projects import ask, running

FOUND_AT_LEAST = 0.95
REFUSED = {
    "sound_bookings": ("/search?word=a", 401),
    "sound_documents": ("/titles?word=a&order=title", 401),
}


@pytest.fixture(autouse=True)
def given_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BOOKINGS_SECRET", "DOCUMENTS_SECRET"):
        monkeypatch.setenv(name, "for-this-test-alone-and-long-enough-for-hs256")


@pytest.mark.parametrize("application", SOUND)
def test_the_sound_applications_start_and_refuse_strangers(application: str) -> None:
    path, status = REFUSED[application]
    with running(application) as module:
        assert ask(module.app, "GET", path).status_code == status
        assert (
            ask(module.app, "GET", "/search?word=a", headers={"Authorization": "Bearer x.y.z"}).status_code
            >= 400
        )


@pytest.mark.parametrize("application", SOUND)
def test_the_sound_applications_get_no_finding(application: str) -> None:
    assert [(code, hit.place.path, hit.place.line) for code, hit in hits(sound_tree(application))] == []


@pytest.mark.thorough
def test_mutants_are_found() -> None:
    found = [outcome for application in SOUND for outcome in outcomes(application)]
    missed = [outcome.mutation.title for outcome in found if not outcome.found]
    assert len(found) > 90
    assert len(missed) <= (1 - FOUND_AT_LEAST) * len(found), missed


def test_every_operator_applies_and_leaves_a_program() -> None:
    made = [mutation for application in SOUND for mutation in mutations(sound_tree(application))]
    assert {(rule, name) for rule, name, _, _ in OPERATORS} == {(m.rule, m.operator) for m in made}
    assert all(ast.parse(m.tree[m.path]) for m in made)
