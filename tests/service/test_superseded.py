from __future__ import annotations

import pytest

from tests.service.running import Service
from tests.service.subject import FAULTIER, MENDED, Subject, held_up

pytestmark = pytest.mark.thorough


def conclusions(subject: Subject) -> list[str | None]:
    return [run.conclusion for run in subject.all_runs()]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/check-runs$"),
        ("GET", r"\.git/info/refs"),
        ("POST", r"\.git/git-upload-pack"),
        ("GET", "/pulls/1/reviews"),
    ],
)
def test_a_push_ends_the_running_review_as_cancelled(service: Service, method: str, path: str) -> None:
    subject = held_up(service, method, path)
    subject.push(MENDED)
    (run,) = subject.reviewed()
    assert run.conclusion == "success"
    assert conclusions(subject) == ["cancelled", "success"]
    assert subject.all_runs()[0].title == "Superseded by a newer request"
    assert subject.comments() == []


def test_a_push_before_the_check_run_leaves_nothing_on_the_older_commit(service: Service) -> None:
    subject = held_up(service, "GET", "/commits/[0-9a-f]+/check-runs$")
    subject.push(MENDED)
    (run,) = subject.reviewed()
    assert conclusions(subject) == ["success"]
    assert run.head_sha == subject.pull.head_sha


def test_a_push_while_comments_are_posted_repeats_none_of_them(service: Service) -> None:
    subject = held_up(service, "POST", "/pulls/1/reviews$")
    subject.push(FAULTIER)
    (run,) = subject.reviewed()
    assert len(run.annotations) == 2
    assert conclusions(subject) == ["failure", "failure"]
    assert len(subject.comments()) == 2


def test_of_many_pushes_the_newest_counts(service: Service) -> None:
    subject = held_up(service, "POST", r"\.git/git-upload-pack")
    for number in range(5):
        subject.push({"app/main.py": f"# {number}\n"})
    subject.push(MENDED)
    (run,) = subject.reviewed()
    assert run.conclusion == "success"
    assert conclusions(subject) == ["cancelled", "success"]


def test_a_review_asked_for_while_one_runs_comes_after_it(service: Service) -> None:
    subject = held_up(service, "POST", r"\.git/git-upload-pack")
    service.github.person("mira").comment(subject.pull, "/architect review")
    subject.reviewed(2)
    assert conclusions(subject) == ["failure", "failure"]
    assert len(subject.comments()) == 1


def test_closing_ends_the_running_review_as_cancelled(service: Service) -> None:
    subject = held_up(service, "POST", r"\.git/git-upload-pack")
    service.github.person("jon").close(subject.pull)
    subject.reviewed()
    assert conclusions(subject) == ["cancelled"]
    assert subject.comments() == []
