from __future__ import annotations

import dataclasses
import uuid

import pytest

from bot.demo.github.checks import CheckSuite
from tests.service.running import Service
from tests.service.subject import CONFIGURATION, FAULTIER, FAULTY, MENDED, NAMES, START, Subject, opened

pytestmark = pytest.mark.thorough


def suite(subject: Subject) -> CheckSuite:
    return subject.runs()[-1].suite


def test_a_draft_gets_its_check_run_and_comments_when_it_is_ready(service: Service) -> None:
    subject = opened(service, is_draft=True)
    (run,) = subject.reviewed()
    assert run.conclusion == "failure"
    assert len(run.annotations) == 1
    assert subject.comments() == []
    service.github.person("jon").mark_ready(subject.pull)
    subject.reviewed(2)
    assert subject.ended() == [("completed", "failure")] * 2
    assert len(subject.comments()) == 1


def test_closed_does_nothing_and_reopened_reviews_anew(service: Service) -> None:
    subject = opened(service)
    subject.reviewed()
    before = subject.writes()
    service.github.person("jon").close(subject.pull)
    service.settle()
    assert subject.writes() == before
    service.github.person("jon").reopen(subject.pull)
    subject.reviewed(2)
    assert subject.ended() == [("completed", "failure")] * 2
    assert len(subject.comments()) == 1


def test_a_merged_pull_request_is_left_alone(service: Service) -> None:
    subject = opened(service, MENDED)
    subject.reviewed()
    before = subject.writes()
    service.github.person("mira").merge(subject.pull)
    service.settle()
    assert subject.writes() == before


def on_a_release(service: Service) -> Subject:
    """A pull request to `main` from a branch that goes on from `release`, which has a fault already."""
    repository, installation = service.install(f"octo-org/{next(NAMES)}")
    service.github.push(repository, "main", START, "start")
    release = service.github.push(repository, "release", FAULTY, "a fault")
    service.github.push(repository, "feature", FAULTIER, "another", onto=release)
    pull = service.github.open_pull_request(repository, "feature", title="Change", by="jon")
    return Subject(service=service, repository=repository, installation=installation, pull=pull)


def test_a_new_base_is_compared_with(service: Service) -> None:
    subject = on_a_release(service)
    (run,) = subject.reviewed()
    assert len(run.annotations) == 2
    service.github.person("jon").change_base(subject.pull, "release")
    _, again = subject.reviewed(2)
    assert len(again.annotations) == 1
    assert again.conclusion == "failure"
    assert len(subject.comments()) == 2


def test_a_new_title_is_no_reason_for_a_review(service: Service) -> None:
    subject = opened(service)
    subject.reviewed()
    before = subject.writes()
    (delivery,) = subject.deliveries("pull_request")
    body = delivery.body.replace(
        b'"action":"opened"', b'"action":"edited","changes":{"title":{"from":"Old"}}'
    )
    service.github.hub.redeliver(dataclasses.replace(delivery, body=body, guid=str(uuid.uuid4())))
    service.settle()
    assert subject.writes() == before


def test_a_re_run_makes_a_new_check_run(service: Service) -> None:
    subject = opened(service)
    (run,) = subject.reviewed()
    service.github.person("mira").rerequest_check_run(run)
    subject.reviewed(2)
    service.github.person("mira").rerequest_check_suite(suite(subject))
    subject.reviewed(3)
    assert subject.ended() == [("completed", "failure")] * 3
    assert len(subject.comments()) == 1


def test_a_re_run_that_is_delivered_twice_makes_one_check_run(service: Service) -> None:
    subject = opened(service)
    (run,) = subject.reviewed()
    service.github.person("mira").rerequest_check_run(run)
    subject.reviewed(2)
    (rerun,) = [each for each in subject.deliveries("check_run") if each.action == "rerequested"]
    service.github.hub.redeliver(rerun)
    service.settle()
    assert len(subject.runs()) == 2


def forked(service: Service, full_name: str) -> Subject:
    repository, installation = service.install(full_name)
    service.github.push(repository, "main", START, "start")
    fork = service.github.fork(repository, "stranger")
    service.github.push(fork, "feature", FAULTY, "change", by="stranger")
    pull = service.github.open_pull_request(
        repository, "feature", title="From afar", fork=fork, by="stranger"
    )
    return Subject(service=service, repository=repository, installation=installation, pull=pull)


def test_a_pull_request_of_a_fork_is_reviewed_and_re_run(service: Service) -> None:
    subject = forked(service, "octo-org/forked")
    (run,) = subject.reviewed()
    assert run.conclusion == "failure"
    assert len(subject.comments()) == 1
    service.github.person("mira").rerequest_check_run(run)
    subject.reviewed(2)
    (rerun,) = [each for each in subject.deliveries("check_run") if each.action == "rerequested"]
    assert b'"pull_requests":[]' in rerun.body
    service.github.person("mira").rerequest_check_suite(suite(subject))
    subject.reviewed(3)
    assert subject.ended() == [("completed", "failure")] * 3
    assert len(subject.comments()) == 1


def test_two_pull_requests_with_one_head_are_told_apart(service: Service) -> None:
    subject = on_a_release(service)
    second = service.github.open_pull_request(
        subject.repository, "feature", title="Also there", base_branch="release", by="jon"
    )
    assert second.head_sha == subject.pull.head_sha
    subject.reviewed(2)
    assert sorted(len(run.annotations) for run in subject.runs()) == [1, 2]
    service.github.person("mira").rerequest_check_suite(suite(subject))
    subject.reviewed(4)
    assert sorted(len(run.annotations) for run in subject.runs()) == [1, 1, 2, 2]
    assert (len(subject.comments()), len(service.github.review_comments(second))) == (2, 1)


def test_a_force_push_is_reviewed_as_what_it_is_now(service: Service) -> None:
    subject = opened(service, FAULTIER)
    subject.reviewed()
    service.github.push(subject.repository, "feature", FAULTY, "again", onto="main")
    (run,) = subject.reviewed()
    assert (run.conclusion, len(run.annotations)) == ("failure", 1)
    assert len(subject.comments()) == 2


def test_the_configuration_that_counts_is_the_bases(service: Service) -> None:
    change = {**FAULTY, ".github/backend-architect.yml": CONFIGURATION + "ignore: [BA204]\n"}
    subject = opened(service, change)
    (run,) = subject.reviewed()
    assert run.conclusion == "failure"
    assert len(subject.comments()) == 1
