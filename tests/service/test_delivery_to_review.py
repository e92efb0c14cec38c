from __future__ import annotations

from bot.demo import sample
from tests.service.running import Service, until
from tests.service.subject import FAULTIER, FAULTY, MAIN, MENDED, opened

LATEST_LINE = len(MAIN.splitlines()) + 3


def test_a_pull_request_gets_one_check_run_and_one_review(service: Service) -> None:
    subject = opened(service)
    (run,) = subject.reviewed()
    assert (run.conclusion, run.name, run.head_sha) == ("failure", "Backend Architect", subject.pull.head_sha)
    assert subject.writes() == [
        "POST check-runs",
        "PATCH check-runs",
        "PATCH check-runs",
        "PATCH check-runs",
        "POST reviews",
    ]
    (comment,) = subject.comments()
    assert "BA204" in comment.body
    assert comment.thread.original.path == "app/main.py"
    assert subject.reviews() == 1
    assert [mark["path"] for mark in run.annotations] == ["app/main.py"]
    summary = run.summary or ""
    for section in (
        "Backend Architecture Validation",
        "API Correctness Confirmation",
        "Security & Data Isolation Report",
    ):
        assert f"## {section}" in summary


def test_a_check_run_goes_from_queued_to_in_progress_to_completed(service: Service) -> None:
    seen: list[str] = []
    subject = opened(service)

    def completed() -> bool:
        for run in subject.runs():
            if seen[-1:] != [run.status]:
                seen.append(run.status)
        return seen[-1:] == ["completed"]

    until(completed, "a completed check run")
    # Looking from outside may miss a state, never see them in another order.
    order = ["queued", "in_progress", "completed"]
    assert [order.index(state) for state in seen] == sorted(order.index(state) for state in seen)
    (run,) = subject.reviewed()
    assert run.started_at is not None
    assert run.completed_at is not None


def test_a_delivery_that_comes_again_changes_nothing(service: Service) -> None:
    subject = opened(service)
    subject.reviewed()
    before = subject.writes()
    (delivery,) = subject.deliveries("pull_request")
    again = [service.github.hub.redeliver(delivery) for _ in range(3)]
    service.settle()
    assert [each.status_code for each in again] == [202, 202, 202]
    assert subject.writes() == before


def test_a_delivery_that_comes_twice_at_once_is_one_review(service: Service) -> None:
    subject = opened(service)
    (delivery,) = subject.deliveries("pull_request")
    for _ in range(3):
        service.github.hub.redeliver(delivery)
    assert len(subject.reviewed()) == 1
    assert subject.reviews() == 1


def test_a_push_adds_what_is_new_and_repeats_nothing(service: Service) -> None:
    subject = opened(service, FAULTY)
    subject.reviewed()
    subject.push(FAULTIER)
    (run,) = subject.reviewed()
    assert run.conclusion == "failure"
    assert len(run.annotations) == 2
    assert len(subject.comments()) == 2
    assert subject.reviews() == 2
    subject.push(MENDED)
    (run,) = subject.reviewed()
    assert run.conclusion == "success"
    assert len(subject.all_runs()) == 3
    assert len(subject.comments()) == 2


def test_the_demos_change_and_its_repair(service: Service) -> None:
    subject = opened(service, {**sample.overlay(sample.Stage.CHANGE)}, start=sample.tree(sample.Stage.BASE))
    (run,) = subject.reviewed()
    assert run.conclusion == "failure"
    told = "".join([run.summary or "", *(mark["title"] for mark in run.annotations)])
    assert [code for code in ("BA108", "BA151", "BA204", "BA301", "BA305", "BA306") if code not in told] == []
    changed = set(sample.overlay(sample.Stage.CHANGE))
    assert {comment.thread.original.path for comment in subject.comments()} <= changed
    subject.push({**sample.overlay(sample.Stage.FIX)})
    (run,) = subject.reviewed()
    assert run.conclusion == "success"
