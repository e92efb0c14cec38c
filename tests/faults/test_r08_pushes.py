"""Many pushes to one pull request within seconds."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.crowd import crowd
from tests.faults.figures import Figures
from tests.faults.form import size
from tests.faults.outcome import assert_whole
from tests.service.running import Service, serving
from tests.service.subject import MAIN
from tests.service.test_hosts import overlapping

NUMBER = "R8"
CRITERION = (
    "50 pushes in 10 s to one pull request: at most 3 analyses, the newest commit reviewed, never two jobs "
    "at once for a pull request, older runs ended"
)
ROUNDS = size(short=1, long=3)
PUSHES = 50
SECONDS = 10.0
ANALYSES = 3


@pytest.fixture
def own_service() -> Iterator[Service]:
    pace = {"COALESCE_SECONDS": "2", "WORKERS": "3"}
    with tempfile.TemporaryDirectory(prefix="architect-") as folder, serving(Path(folder), **pace) as own:
        yield own


def test_pushes(own_service: Service, figures: Figures) -> None:
    for _ in range(ROUNDS):
        (subject,) = crowd(own_service, 1)
        subject.reviewed()
        time.sleep(2.5)
        started = time.monotonic()
        for number in range(PUSHES):
            subject.push({"app/main.py": f"{MAIN}# {number}\n"})
            time.sleep(max(0.0, started + (number + 1) * SECONDS / PUSHES - time.monotonic()))
        took = time.monotonic() - started
        (run,) = subject.reviewed()
        figures.count("pushes", PUSHES)
        figures.count("analyses at the same time", len(overlapping(subject)))
        # Where the machine needs longer for the pushes, more pauses fall between them.
        figures.at_most("analyses", len(subject.all_runs()) - 1, ANALYSES + int(took // 15))
        assert (run.head_sha, run.conclusion) == (subject.pull.head_sha, "success")
    assert figures.counted["analyses at the same time"] == 0
    assert_whole(own_service)
    assert figures.over() == {}
