from __future__ import annotations

from collections import Counter

import pytest

from tests.mutations.__main__ import PAGE
from tests.mutations.applications import ISOLATION_RULES, Source, application, names
from tests.mutations.campaign import probed, run
from tests.mutations.judgement import Judgement, isolation_findings
from tests.mutations.mutants import Mutant, mutated
from tests.mutations.operators.catalogue import mutants

pytestmark = pytest.mark.thorough

EVERY = {name: mutants(application(name)) for name in names()}


def some(count: int, offset: int) -> list[Mutant]:
    """So many mutants, evenly from all applications and operators."""
    flat = [mutant for group in EVERY.values() for mutant in group]
    return flat[offset :: len(flat) // count][:count]


@pytest.mark.parametrize("name", names())
def test_the_sound_application_refuses_every_probe(name: str) -> None:
    observations = probed(name)
    assert len(observations) > 40
    assert [found.probe for found in observations if found.breached] == []
    lost = [found for found in observations if found.endpoint is None and found.status in {404, 405}]
    assert [(found.probe.path, found.status) for found in lost] == []
    assert [found.probe for found in observations if found.status in {422, 500}] == []


@pytest.mark.parametrize("name", names())
def test_the_sound_application_gets_no_finding(name: str) -> None:
    assert [(f.rule, f.path, f.line) for f in isolation_findings(application(name).files)] == []


@pytest.mark.parametrize("name", names())
def test_every_mutant_still_parses_and_differs(name: str) -> None:
    sound = application(name)
    for mutant in EVERY[name]:
        files = mutated(sound.files, mutant.edits)
        assert files != sound.files, mutant.title
        for path, text in files.items():
            assert Source(path, text).tree is not None, mutant.title


def test_every_rule_has_mutants() -> None:
    meant = Counter(
        mutant.speaks or rule
        for group in EVERY.values()
        for mutant in group
        for rule in mutant.rules or ("BA309",)
    )
    assert {rule for rule in ISOLATION_RULES if meant[rule] == 0} == set()


def lost(judgements: list[Judgement]) -> list[str]:
    """What is missed and does not stand among the known misses of the page."""
    known = PAGE.read_text(encoding="utf-8").partition("## Not found")[2]
    rows = [
        f"| {judgement.mutant.title} | {judgement.rule} |" for judgement in judgements if not judgement.found
    ]
    return [row for row in rows if row not in known]


def test_what_some_mutants_open_is_found() -> None:
    judgements = list(run(some(10, 3)))
    assert judgements
    assert lost(judgements) == []


@pytest.mark.thorough
def test_what_many_mutants_open_is_found() -> None:
    judgements = list(run(some(40, 1)))
    assert len(judgements) > 12
    assert lost(judgements) == []
