"""A check run that stays in progress, known to nobody but GitHub."""

from __future__ import annotations

import datetime
from pathlib import Path

from bot.demo.github.checks import CheckRun
from bot.healing.wiring import healer
from bot.settings import load
from tests.faults.crowd import crowd
from tests.faults.figures import Figures
from tests.faults.form import size
from tests.faults.outcome import count_effects, ends, longest_open
from tests.service.running import Service, until
from tests.service.subject import Subject

NUMBER = "R7"
CRITERION = "no check run is in progress for longer than the job limit + 120 s; it is closed, with a reason"
SPARE = 120.0
STUCK = size(short=2, long=10)
REVIEW_SECONDS = 20.0


def test_a_stuck_run_is_found(service: Service, figures: Figures) -> None:
    subjects = crowd(service, STUCK)
    ends(subjects)
    service.settle()
    stuck: list[CheckRun] = [run for subject in subjects for run in subject.runs()]
    with service.github.state.lock:
        for run in stuck:
            run.status, run.conclusion, run.completed_at = "in_progress", None, None
            run.started_at = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)
    forget(service, subjects)
    until(lambda: all(run.status == "completed" for run in stuck), "stuck runs are completed")
    service.settle()
    figures.count("stuck", len(stuck))
    count_effects(figures, subjects)
    assert all(run.title for run in stuck)


def forget(service: Service, subjects: list[Subject]) -> None:
    """Redis knows nothing any more of these installations, and all else."""
    with service.redis() as redis:
        for subject in subjects:
            place = service.scope.place(subject.installation.id)
            redis.delete(*redis.scan_iter(f"{place}*"))


def test_nothing_was_open_for_long_in_the_other_tests(service: Service, figures: Figures) -> None:
    figures.at_most("longest in progress, s", longest_open(service), 600 + SPARE)
    assert figures.over() == {}


def test_by_computation_with_the_shipped_intervals(figures: Figures, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text("-----BEGIN RSA PRIVATE KEY-----\n")
    shipped = load(
        {"GITHUB_APP_ID": "1", "GITHUB_PRIVATE_KEY_PATH": str(key), "REDIS_URL": "redis://localhost"}
    )
    pace = healer(shipped).pace
    found = pace.patience + pace.reconciliation + shipped.sweep_seconds
    figures.at_most(
        "shipped: found beyond the job limit, s", found + REVIEW_SECONDS - shipped.job_seconds, SPARE
    )
    assert figures.over() == {}
