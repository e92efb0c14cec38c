"""The specification's "When to Escalate": what a person must decide is asked, and nothing else is."""

from __future__ import annotations

import pytest

from rules.finding import Question
from tests.questions.escalations import BREAKING, CONFLICTS, COSTS, UNCLEAR, Escalation
from tests.rules.isolation_projects import project

KINDS = {
    "isolation-cost": COSTS,
    "security-against-function": CONFLICTS,
    "breaking-schema-change": BREAKING,
    "specification-": UNCLEAR,
}


def asked(kind: str, escalation: Escalation) -> list[Question]:
    found = project(escalation.files, escalation.options).questions()
    return [question for question in found if question.kind.startswith(kind)]


def samples() -> list[pytest.ParameterSet]:
    return [
        pytest.param(kind, escalation, id=f"{kind} {escalation.title}")
        for kind, escalations in KINDS.items()
        for escalation in escalations
    ]


@pytest.mark.parametrize(("kind", "escalation"), samples())
def test_a_person_is_asked_where_one_must_decide(kind: str, escalation: Escalation) -> None:
    found = asked(kind, escalation)
    if escalation.at is None:
        assert found == []
        return
    path, marker = escalation.at
    assert [question.path for question in found] == [path]
    assert found[0].message.count("?") or kind == "specification-"
    line = escalation.files[path].split("\n")[found[0].line - 1]
    assert marker.rstrip("\n") in line


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_three_samples_and_one_of_silence(kind: str) -> None:
    told = [escalation.at is not None for escalation in KINDS[kind]]
    assert told.count(True) >= 3
    assert told.count(False) >= 1
