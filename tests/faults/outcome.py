"""What every fault must leave behind: nothing open, nothing twice, nothing open for long."""

from __future__ import annotations

import time
from collections import Counter

from tests.faults.figures import Figures
from tests.service.conftest import doubled, unfinished
from tests.service.running import PATIENCE, Service, until
from tests.service.subject import Subject


def assert_whole(service: Service) -> None:
    until(lambda: unfinished(service) == [], "no check run is left open")
    assert doubled(service) == []


def longest_open(service: Service) -> float:
    """Seconds for which the check run stood open that stood open longest."""
    state = service.github.state
    with state.lock:
        held = list(state.runs.values())
    spans = [
        (run.completed_at - run.created_at).total_seconds() for run in held if run.completed_at is not None
    ]
    return max(spans, default=0.0)


def attempts(subject: Subject) -> Counter[tuple[str, str]]:
    """How many completed check runs there are for each commit and attempt."""
    return Counter((run.head_sha, run.external_id) for run in subject.all_runs() if run.status == "completed")


def ends(subjects: list[Subject], *, within: float = 2 * PATIENCE) -> None:
    """Until each pull request's head has a completed review."""
    left = list(subjects)
    deadline = time.monotonic() + within
    while left := [each for each in left if not _reviewed(each)]:
        assert time.monotonic() < deadline, "\n".join(_state(each) for each in left)
        time.sleep(0.05)


def _state(subject: Subject) -> str:
    """What the log tells of a pull request that was not completed."""
    place = f"/{subject.repository.id}/"
    told = [line for line in subject.service.log.read_text().splitlines() if place in line]
    waiting = {item: due for item, due in subject.service.waiting().items() if place in item}
    return "\n".join([f"{subject.repository.full_name}: {subject.ended()}, due {waiting}", *told[-12:]])


def _reviewed(subject: Subject) -> bool:
    runs = subject.runs()
    return any(run.conclusion in {"success", "failure"} for run in runs) and all(
        run.status == "completed" for run in runs
    )


def count_effects(figures: Figures, subjects: list[Subject]) -> None:
    """Each head has one completed run of each attempt, and each finding was posted once."""
    figures.count("pull requests", len(subjects))
    figures.count("lost", sum(not _reviewed(each) for each in subjects))
    figures.count("doubled", sum(times > 1 for each in subjects for times in attempts(each).values()))
    figures.count("comments doubled", sum(_repeated(each) for each in subjects))
    assert [figures.counted[name] for name in ("lost", "doubled", "comments doubled")] == [0, 0, 0]


def _repeated(subject: Subject) -> int:
    bodies = Counter((each.thread.original.path, each.body) for each in subject.comments())
    return sum(times - 1 for times in bodies.values())
