"""GitHub fails in each of its ways at each of our writes: all is there in the end, and nothing twice."""

from __future__ import annotations

import pytest

from bot.demo.github.faults import Fault
from tests.service.running import Service, until
from tests.service.subject import MENDED, NAMES, Subject, opened

pytestmark = pytest.mark.thorough

SHORT = [
    Fault.SERVER_ERROR,
    Fault.DROP_BEFORE,
    Fault.DROP_AFTER,
    Fault.RETRY_AFTER,
    Fault.TOO_MANY,
    Fault.UNAUTHORIZED,
]
WRITES = {
    "making the check run": ("POST", "/check-runs$", 0),
    "starting the check run": ("PATCH", r"/check-runs/\d+$", 0),
    "annotating": ("PATCH", r"/check-runs/\d+$", 1),
    "completing the check run": ("PATCH", r"/check-runs/\d+$", 2),
    "posting the review": ("POST", "/pulls/1/reviews$", 0),
}
READS = {
    "the pull request": ("GET", "/pulls/1$"),
    "the check runs": ("GET", "/check-runs$"),
    "the merge base": ("GET", "/compare/"),
    "the comments": ("GET", "/pulls/1/comments$"),
    "git's advertisement": ("GET", r"\.git/info/refs$"),
    "git's pack": ("POST", r"\.git/git-upload-pack$"),
}


def faulty(
    service: Service, fault: Fault, method: str, path: str, *, after: int = 0, times: int = 1
) -> Subject:
    """A pull request at whose n-th such request GitHub fails."""
    name = f"octo-org/{next(NAMES)}"
    place = f"/{name}{path}"
    if after:
        service.github.faults.next(method, place, Fault.SLOW, times=after, seconds=0)
    service.github.faults.next(method, place, fault, times=times)
    return opened(service, full_name=name)


def shown(subject: Subject) -> tuple[list[tuple[str, str | None]], int, int, int]:
    annotations = sum(len(run.annotations) for run in subject.all_runs())
    return subject.ended(), annotations, len(subject.comments()), subject.reviews()


COMPLETE = ([("completed", "failure")], 1, 1, 1)


@pytest.mark.parametrize("write", WRITES)
def test_failing_at_a_write_loses_and_doubles_nothing(service: Service, write: str) -> None:
    method, path, after = WRITES[write]
    subjects = {fault: faulty(service, fault, method, path, after=after) for fault in SHORT}
    for subject in subjects.values():
        subject.completed()
    service.settle()
    assert {fault: shown(subject) for fault, subject in subjects.items()} == dict.fromkeys(SHORT, COMPLETE)
    assert service.github.faults.remaining() == 0


@pytest.mark.parametrize("fault", [Fault.SECONDARY, Fault.ABUSE])
def test_a_limit_without_a_time_is_waited_for_a_minute(service: Service, fault: Fault) -> None:
    subjects = {
        write: faulty(service, fault, method, path, after=after)
        for write, (method, path, after) in WRITES.items()
    }
    until(lambda: sum(each > 45 for each in service.waiting().values()) == len(WRITES), "all wait")
    assert max(service.waiting().values()) <= 61
    service.let_time_pass()
    service.settle()
    assert {write: shown(subject) for write, subject in subjects.items()} == dict.fromkeys(WRITES, COMPLETE)


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.UNAUTHORIZED])
def test_failing_at_a_read_is_tried_again(service: Service, fault: Fault) -> None:
    subjects = {name: faulty(service, fault, *place) for name, place in READS.items()}
    for subject in subjects.values():
        subject.completed()
    service.settle()
    assert {name: shown(subject) for name, subject in subjects.items()} == dict.fromkeys(READS, COMPLETE)


@pytest.mark.parametrize("fault", [Fault.DROP_AFTER, Fault.UNAUTHORIZED])
def test_a_token_that_is_not_given_is_asked_for_again(service: Service, fault: Fault) -> None:
    service.github.faults.next("POST", "/access_tokens$", fault, times=4)
    subject = opened(service)
    subject.reviewed()
    assert shown(subject) == COMPLETE


def test_what_fails_for_good_ends_in_a_check_run_that_says_so(service: Service) -> None:
    subject = faulty(service, Fault.SERVER_ERROR, "POST", r"\.git/git-upload-pack$", times=30)
    (run,) = subject.reviewed()
    assert (run.conclusion, run.title) == ("timed_out", "The review could not be finished")
    service.github.faults.clear()
    service.github.person("mira").rerequest_check_run(run)
    subject.reviewed(2)
    assert subject.ended() == [("completed", "timed_out"), ("completed", "failure")]
    assert len(subject.comments()) == 1


def test_comments_that_github_does_not_take_leave_the_check_run_complete(service: Service) -> None:
    subject = faulty(service, Fault.SERVER_ERROR, "POST", "/pulls/1/reviews$", times=30)
    (run,) = subject.reviewed()
    assert shown(subject) == ([("completed", "failure")], 1, 0, 0)
    assert "BA204" in (run.summary or "")
    service.github.faults.clear()
    service.github.person("mira").rerequest_check_run(run)
    subject.reviewed(2)
    assert len(subject.comments()) == 1


def test_a_check_run_that_cannot_be_completed_is_completed_when_github_is_back(service: Service) -> None:
    # Each try completes twice; the fifth is the last, and giving up completes as well.
    subject = faulty(service, Fault.SERVER_ERROR, "PATCH", r"/check-runs/\d+$", after=2, times=14)
    (run,) = subject.reviewed()
    assert run.status == "completed"
    assert run.conclusion in {"timed_out", "failure"}
    assert len(run.annotations) == 1


def test_reactions_and_answers_survive_failures(service: Service) -> None:
    subject = opened(service, MENDED)
    subject.reviewed()
    for fault in SHORT:
        service.github.faults.next("POST", f"{subject.path}/issues/comments/\\d+/reactions$", fault)
        service.github.faults.next("POST", f"{subject.path}/issues/1/comments$", fault)
    comments = [service.github.person("mira").comment(subject.pull, "/architect help") for _ in range(4)]
    service.settle()
    reactions = [sorted(each.content for each in comment.reactions) for comment in comments]
    assert reactions == [["eyes", "rocket"]] * len(comments)
    assert len(subject.answers()) == len(comments)
    assert service.github.faults.remaining() == 0
