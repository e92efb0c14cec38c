"""Several hosts on one Redis: they share the work, and one worker at a time has a pull request."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service import processes
from tests.service.conftest import doubled, unfinished
from tests.service.hosts import joined, mirrors
from tests.service.running import Service, serving, until
from tests.service.subject import FAULTIER, FAULTY, Subject, held_up, opened

pytestmark = pytest.mark.thorough

PULL_REQUESTS = 9


@pytest.fixture
def own_service() -> Iterator[Service]:
    with tempfile.TemporaryDirectory(prefix="architect-") as folder, serving(Path(folder)) as own:
        yield own


def overlapping(subject: Subject) -> list[tuple[str, str]]:
    """Reviews of the pull request that were under way at the same time."""
    runs = subject.all_runs()
    return [
        (one.external_id, other.external_id)
        for index, one in enumerate(runs)
        for other in runs[index + 1 :]
        if one.completed_at is None or (other.started_at or other.created_at) < one.completed_at
    ]


def test_three_hosts_share_the_work_and_never_a_pull_request(tmp_path: Path) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="architect-") as folder,
        serving(Path(folder), WORKERS="1") as service,
        joined(service, tmp_path / "one") as one,
        joined(service, tmp_path / "two") as two,
    ):
        subjects = [opened(service) for _ in range(PULL_REQUESTS)]
        for subject in subjects[::3]:
            subject.push(FAULTIER)
            subject.push(FAULTY, "back")
        for subject in subjects:
            subject.reviewed()
        assert [subject.ended()[-1] for subject in subjects] == [("completed", "failure")] * PULL_REQUESTS
        assert [overlapping(subject) for subject in subjects] == [[]] * PULL_REQUESTS
        assert [len(subject.comments()) for subject in subjects[1::3]] == [1, 1, 1]
        assert (unfinished(service), doubled(service)) == ([], [])
        assert min(mirrors(data) for data in (service.folder / "data", one, two)) >= 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/pulls/1$"),
        ("POST", "/check-runs$"),
        ("POST", r"\.git/git-upload-pack"),
        ("POST", "/pulls/1/reviews$"),
    ],
)
def test_a_paused_worker_writes_nothing_when_it_goes_on(own_service: Service, method: str, path: str) -> None:
    service = own_service
    subject = held_up(service, method, path)
    paused = service.horse()
    for process in paused:
        os.kill(process, signal.SIGSTOP)
    subject.completed()
    until(lambda: not service.waiting(), "another worker did it")
    written = subject.writes()
    for process in paused:
        os.kill(process, signal.SIGCONT)
    until(lambda: not processes.alive(paused[1]), "the paused job ends")
    service.settle()
    assert subject.writes() == written
    assert subject.ended()[-1] == ("completed", "failure")
    assert len(subject.comments()) == 1
    assert (unfinished(service), doubled(service)) == ([], [])
