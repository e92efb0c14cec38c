from __future__ import annotations

import pytest

from bot.demo.github.accounts import Kind
from bot.demo.github.conversation import IssueComment
from tests.service.running import Service
from tests.service.subject import FAULTY, Subject, opened

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def reviewed(shared_service: Service) -> Subject:
    """A pull request of a person without a role, reviewed once."""
    subject = opened(shared_service, by="author")
    subject.reviewed()
    return subject


def reactions(comment: IssueComment) -> list[str]:
    return sorted(each.content for each in comment.reactions)


def said(subject: Subject, by: str, body: str) -> IssueComment:
    """A comment, and all that comes of it."""
    comment = subject.service.github.person(by).comment(subject.pull, body)
    subject.service.settle()
    return comment


@pytest.mark.parametrize("by", ["mira", "jon", "author"])
def test_review_by_whoever_may(service: Service, reviewed: Subject, by: str) -> None:
    before = len(reviewed.runs())
    comment = said(reviewed, by, "/architect review")
    reviewed.reviewed(before + 1)
    assert reactions(comment) == ["eyes", "rocket"]
    assert len(reviewed.runs()) == before + 1
    assert service.github.faults.remaining() == 0
    assert len(reviewed.comments()) == 1


@pytest.mark.parametrize("by", ["mira", "author"])
def test_help_by_whoever_may(service: Service, reviewed: Subject, by: str) -> None:
    before, runs = len(reviewed.answers()), len(reviewed.runs())
    comment = said(reviewed, by, "/architect help")
    assert reactions(comment) == ["eyes", "rocket"]
    assert len(reviewed.answers()) == before + 1
    assert "/architect review" in reviewed.answers()[-1].body
    assert len(reviewed.runs()) == runs
    assert len(service.waiting()) == 0


@pytest.mark.parametrize("by", ["stranger", "rita"])
@pytest.mark.parametrize("line", ["/architect review", "/architect help"])
def test_others_are_told_that_they_may_not(service: Service, reviewed: Subject, by: str, line: str) -> None:
    answers, runs = len(reviewed.answers()), len(reviewed.runs())
    comment = said(reviewed, by, line)
    assert reactions(comment) == ["confused", "eyes"]
    assert "write permission" in reviewed.answers()[-1].body
    assert len(reviewed.answers()) == answers + 1
    assert len(reviewed.runs()) == runs
    assert len(service.waiting()) == 0


def test_an_unknown_command_is_answered_in_one_line(service: Service, reviewed: Subject) -> None:
    comment = said(reviewed, "mira", "/architect reveiw")
    assert reactions(comment) == ["confused", "eyes"]
    assert "/architect help" in reviewed.answers()[-1].body
    assert len(service.waiting()) == 0


@pytest.mark.parametrize(
    "body",
    [
        "> /architect review",
        "    /architect review",
        "```\n/architect review\n```",
        "Please do\n/architect review",
        "`/architect review`",
        "/architects review",
        "Use /architect review for that.",
        "",
    ],
)
def test_what_is_no_command_is_ignored(service: Service, reviewed: Subject, body: str) -> None:
    before = reviewed.writes()
    comment = said(reviewed, "mira", body or "\n")
    assert reactions(comment) == []
    assert reviewed.writes() == before
    assert len(service.waiting()) == 0


def test_bots_are_ignored(service: Service, reviewed: Subject) -> None:
    before = reviewed.writes()
    with service.github.state.lock:
        service.github.state.user("robot[bot]", Kind.BOT)
    comment = said(reviewed, "robot[bot]", "/architect review")
    assert (reactions(comment), reviewed.writes()) == ([], before)


def test_edited_and_deleted_comments_are_ignored(service: Service, reviewed: Subject) -> None:
    before = reviewed.writes()
    comment = said(reviewed, "mira", "Looks good.")
    service.github.person("mira").edit_comment(comment, "/architect review")
    service.settle()
    assert (reactions(comment), reviewed.writes()) == ([], before)


def test_a_command_that_is_delivered_again_is_answered_once(service: Service, reviewed: Subject) -> None:
    runs = len(reviewed.runs())
    comment = said(reviewed, "mira", "/architect review")
    answers = len(reviewed.answers())
    for _ in range(2):
        service.github.hub.redeliver(reviewed.deliveries("issue_comment")[-1])
    service.settle()
    assert reactions(comment) == ["eyes", "rocket"]
    assert len(reviewed.runs()) == runs + 1
    assert len(reviewed.answers()) == answers


def test_a_closed_pull_request_is_not_reviewed_on_command(service: Service) -> None:
    subject = opened(service, FAULTY)
    subject.reviewed()
    service.github.person("jon").close(subject.pull)
    service.settle()
    comment = said(subject, "mira", "/architect review")
    assert reactions(comment) == ["confused", "eyes"]
    assert "closed" in subject.answers()[-1].body
    assert len(subject.runs()) == 1


def test_several_commands_at_once_are_all_answered(service: Service) -> None:
    subject = opened(service)
    person = service.github.person("mira")
    comments = [person.comment(subject.pull, line) for line in ("/architect help", "/architect review") * 2]
    service.settle()
    assert [reactions(comment) for comment in comments] == [["eyes", "rocket"]] * 4
    assert len(subject.answers()) == 2
    assert len(subject.comments()) == 1
    assert {run.status for run in subject.runs()} == {"completed"}
