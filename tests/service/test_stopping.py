from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.service import Role
from tests.service import processes
from tests.service.conftest import doubled, unfinished
from tests.service.running import Service, serving, until
from tests.service.subject import held_up

pytestmark = pytest.mark.thorough


@pytest.fixture
def own_service() -> Iterator[Service]:
    with (
        tempfile.TemporaryDirectory(prefix="architect-") as folder,
        serving(Path(folder), WORKERS="1") as own,
    ):
        yield own


def test_sigterm_lets_a_running_review_end_and_a_restart_goes_on(own_service: Service) -> None:
    service = own_service
    subject = held_up(service, "POST", r"\.git/git-upload-pack")
    assert service.process is not None
    everything = processes.descendants(service.process.pid)
    started = time.monotonic()
    assert service.stop() == 0
    assert time.monotonic() - started < 15
    assert [each for each in everything if processes.alive(each)] == []
    assert subject.ended() == [("completed", "failure")]
    assert len(subject.comments()) == 1
    service.start()
    subject.reviewed()
    assert len(subject.all_runs()) == 1
    assert subject.reviews() == 1


def test_a_stop_that_takes_too_long_is_cut_and_resumed(own_service: Service) -> None:
    service = own_service
    service.stop()
    service.pace["STOP_SECONDS"] = "0.2"
    service.start()
    subject = held_up(service, "POST", r"\.git/git-upload-pack")
    assert service.stop() == 0
    assert [run.status for run in subject.runs()] == ["in_progress"]
    service.start()
    (run,) = subject.reviewed()
    assert run.conclusion == "failure"
    assert len(subject.comments()) == 1


def test_a_worker_told_to_stop_ends_its_review_first(own_service: Service) -> None:
    service = own_service
    subject = held_up(service, "POST", r"\.git/git-upload-pack")
    (worker,) = service.role(Role.WORKER)
    processes.terminate(worker)
    subject.reviewed()
    assert subject.ended() == [("completed", "failure")]
    until(lambda: service.role(Role.WORKER) not in ([], [worker]), "another worker")
    assert (unfinished(service), doubled(service)) == ([], [])
