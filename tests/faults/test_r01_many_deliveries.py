"""Deliveries by the thousand: doubled, out of order, forged, oversized, and all the genuine ones taken."""

from __future__ import annotations

import random
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.deliveries import Letter, percentile, post
from tests.faults.crowd import crowd
from tests.faults.figures import Figures
from tests.faults.form import size
from tests.faults.outcome import assert_whole, count_effects, ends
from tests.service.running import SECRET, Service, serving
from tests.service.subject import FAULTIER, FAULTY, Subject

NUMBER = "R1"
CRITERION = (
    "10 000 deliveries, 5 % doubled, 5 % out of order, 5 % forged, 1 % oversized: valid ones 2xx, forged "
    "401, oversized 413, p99 < 250 ms, no 5xx; each pull request ends at its newest commit, nothing twice"
)
DELIVERIES = size(short=400, long=10_000)
PULL_REQUESTS = size(short=4, long=10)
A_SECOND = 60.0
TOO_LARGE = 26 * 1024 * 1024
EXPECTED = {"new": 202, "doubled": 202, "old": 202, "forged": 401, "oversized": 413}
SHARES = {"new": 84, "doubled": 5, "old": 5, "forged": 5, "oversized": 1}


@pytest.fixture
def own_service() -> Iterator[Service]:
    pace = {"COALESCE_SECONDS": "2", "WORKERS": "1", "LOG_LEVEL": "warning"}
    with tempfile.TemporaryDirectory(prefix="architect-") as folder, serving(Path(folder), **pace) as own:
        yield own


def bodies(subject: Subject) -> list[bytes]:
    """What GitHub delivered about the pull request, oldest first."""
    return [each.body for each in subject.deliveries("pull_request")]


def letters(subjects: list[Subject], kinds: list[str]) -> list[Letter]:
    """Genuine deliveries, disturbed; an old one tells of a commit that was pushed over."""
    seen = [str(uuid.uuid4())]
    told = {subject.repository.id: bodies(subject) for subject in subjects}
    written = []
    for number, kind in enumerate(kinds):
        held = told[subjects[number % len(subjects)].repository.id]
        guid = random.choice(seen) if kind == "doubled" else str(uuid.uuid4())
        seen.append(guid)
        written.append(
            Letter(
                body=b"{}" if kind == "oversized" else held[0] if kind == "old" else held[-1],
                guid=guid,
                secret="not the secret" if kind == "forged" else SECRET,
                length=TOO_LARGE if kind == "oversized" else None,
            )
        )
    return written


def test_many_deliveries(own_service: Service, figures: Figures) -> None:
    service = own_service
    subjects = crowd(service, PULL_REQUESTS)
    for subject in subjects:
        subject.push(FAULTIER)
        subject.push(FAULTY, "back")
    service.settle()
    random.seed(1)
    kinds = random.choices(list(SHARES), weights=list(SHARES.values()), k=DELIVERIES)
    answers = post(service.webhook, letters(subjects, kinds), connections=20, a_second=A_SECOND)
    ends(subjects)
    service.settle()
    figures.count("deliveries", len(answers))
    for kind, times in Counter(kinds).items():
        figures.count(f"sent {kind}", times)
    wrong = [
        (kind, answer.status)
        for kind, answer in zip(kinds, answers, strict=True)
        if answer.status != EXPECTED[kind]
    ]
    figures.count("answered otherwise", len(wrong))
    figures.at_most("p99, ms", 1_000 * percentile([each.seconds for each in answers], 0.99), 250)
    count_effects(figures, subjects)
    assert wrong == []
    assert {len(each.runs()) for each in subjects} == {1}
    assert_whole(service)
    assert figures.over() == {}
