from __future__ import annotations

import pytest

from bot.demo.github.accounts import Kind
from bot.demo.github.conversation import IssueComment, ReviewComment
from tests.service.running import Service
from tests.service.subject import CONFIGURATION, FAULTY, LATEST, MAIN, START, Subject, opened

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


def replied(subject: Subject, by: str, body: str) -> ReviewComment:
    """An answer in the only thread, and all that comes of it."""
    first = subject.service.github.threads(subject.pull)[0].comments[0]
    comment = subject.service.github.person(by).reply(first, body)
    subject.service.settle()
    return comment


def test_what_is_ignored_in_its_thread_passes_and_counts_again_when_taken_back(service: Service) -> None:
    subject = opened(service)
    assert subject.reviewed()[-1].conclusion == "failure"
    comment = replied(subject, "mira", "/architect ignore because nobody asks for the latest")
    assert sorted(each.content for each in comment.reactions) == ["eyes", "rocket"]
    run = subject.reviewed(2)[-1]
    assert run.conclusion == "success"
    assert "nobody asks for the latest" in (run.summary or "")
    assert "mira" in (run.summary or "")
    for _ in range(2):
        service.github.hub.redeliver(subject.deliveries("pull_request_review_comment")[-1])
    service.settle()
    assert len(subject.runs()) == 2
    replied(subject, "mira", "/architect unignore")
    assert subject.reviewed(3)[-1].conclusion == "failure"


def test_in_a_thread_only_who_may_write_is_obeyed_and_our_own_answers_are_none(service: Service) -> None:
    subject = opened(service, by="author")
    subject.reviewed()
    comment = replied(subject, "author", "/architect ignore because it is mine")
    assert sorted(each.content for each in comment.reactions) == ["confused", "eyes"]
    said = [each for each in subject.comments() if each.reply_to is not None]
    assert [each.author.login for each in said] == ["author", service.app.bot.login]
    before = subject.writes()
    quoted = replied(subject, "mira", "> /architect ignore because\n\nno")
    assert (list(quoted.reactions), subject.writes()) == ([], before)


def test_buttons_are_pressed_by_whoever_may_and_once(service: Service) -> None:
    subject = opened(service)
    (run,) = subject.reviewed()
    identifiers = [action["identifier"] for action in run.actions]
    assert identifiers[0] == "review"
    assert identifiers[-1] == "accept"
    service.github.person("rita").request_action(run, "accept")
    service.settle()
    assert "write permission" in subject.answers()[-1].body
    service.github.person("mira").request_action(run, "accept")
    service.settle()
    assert subject.reviewed(2)[-1].conclusion == "success"
    accepted = [each for each in subject.answers() if "accepted as baseline" in each.body]
    assert len(accepted) == 1
    for _ in range(2):
        service.github.hub.redeliver(subject.deliveries("check_run")[-1])
    service.settle()
    assert len(subject.answers()) == 2
    assert len(subject.runs()) == 2


def test_a_button_on_a_forks_pull_request_finds_it(service: Service) -> None:
    repository, _ = service.install("octo-org/forked-and-pressed")
    service.github.push(repository, "main", START, "start")
    fork = service.github.fork(repository, "author")
    service.github.push(fork, "feature", FAULTY, "change", by="author")
    pull = service.github.open_pull_request(repository, "feature", title="Change", fork=fork, by="author")
    service.settle()
    (run,) = service.github.check_runs(pull)
    service.github.person("mira").request_action(run, "accept")
    service.settle()
    assert [each.conclusion for each in service.github.check_runs(pull)] == ["failure", "success"]
    said = [each.body for each in service.github.issue_comments(pull)]
    assert "fork" in said[-1]
    assert "git apply" in said[-1]


def test_a_change_of_the_configuration_is_previewed_and_its_mistakes_are_named_in_place(
    service: Service,
) -> None:
    path = ".github/backend-architect.yml"
    subject = opened(service, {**FAULTY, path: f"{CONFIGURATION}ignore: [BA204]\n"})
    (run,) = subject.reviewed()
    assert run.conclusion == "failure"
    text = (run.summary or "").replace("\\", "")
    assert "With the configuration of this change: +0/-1 findings" in text
    subject.push({path: f"{CONFIGURATION}ignroe: [BA204]\n"})
    (run,) = subject.reviewed()
    assert run.conclusion == "failure"
    marks = [(mark["path"], mark["start_line"]) for mark in run.annotations if mark["path"] == path]
    assert marks == [(path, 2)]


def test_one_check_reports_for_all_applications_of_a_repository(service: Service) -> None:
    start = {
        ".github/backend-architect.yml": CONFIGURATION,
        "shop/app/__init__.py": "",
        "shop/app/main.py": MAIN,
        "desk/app/__init__.py": "",
        "desk/app/main.py": MAIN,
        "site/index.html": "<p>hello</p>\n",
    }
    faulty = opened(service, {"desk/app/main.py": MAIN + LATEST}, start=start)
    untouched = opened(service, {"site/index.html": "<p>goodbye</p>\n"}, start=start)
    (run,) = faulty.reviewed()
    assert run.conclusion == "failure"
    assert [place for place, _ in faulty.places()] == ["desk/app/main.py"]
    (run,) = untouched.reviewed()
    assert run.conclusion == "success"
    assert untouched.comments() == []
