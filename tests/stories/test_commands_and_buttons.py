"""What people decide on a pull request: fixes, dismissals and baselines, over several pushes and beyond."""

from __future__ import annotations

import json

import pytest

import rules
from bot.demo.github import git, log
from tests.service.running import Service
from tests.service.subject import CONFIGURATION, FAULTIER, FAULTY, LATEST, MAIN, START, Subject, opened
from tests.stories.stage import Standing, next_review, own_thread, standing, told

pytestmark = pytest.mark.thorough

YAML = ".github/backend-architect.yml"
DELETING = """

@app.delete("/items/{item_id}", status_code=204)
def delete_item(item_id: int):
    return {"ok": True}
"""
NOTHING_LEFT = Standing(threads=1, open=0, reviews=1, said=0)


def said(subject: Subject, by: str, line: str) -> list[str]:
    """A comment and all that comes of it; how it was acknowledged."""
    comment = subject.service.github.person(by).comment(subject.pull, line)
    subject.service.settle()
    return sorted(each.content for each in comment.reactions)


def pressed(subject: Subject, by: str, identifier: str) -> None:
    subject.service.github.person(by).request_action(subject.runs()[-1], identifier)
    subject.service.settle()


def known(subject: Subject) -> str:
    """The finding's number as its comment shows it to people."""
    body = own_thread(subject).comments[0].body
    return body.rpartition("finding=")[2][:8]


def test_the_safe_fix_is_committed_by_a_button_and_its_thread_resolved(service: Service) -> None:
    subject = opened(service, {"app/main.py": MAIN + DELETING})
    (run,) = subject.reviewed()
    assert [action["identifier"] for action in run.actions] == ["review", "fix", "accept"]
    before = subject.pull.head_sha
    pressed(subject, "mira", "fix")
    (run,) = subject.reviewed()
    commit = log.commit(subject.repository.folder, subject.pull.head_sha)
    assert commit.parents == (before,)
    assert "Requested-by: mira" in commit.message
    assert run.conclusion == "success"
    assert [action["identifier"] for action in run.actions] == ["review"]
    assert standing(subject) == NOTHING_LEFT
    assert f"/commit/{subject.pull.head_sha}" in own_thread(subject).comments[0].body


def test_the_number_that_people_are_shown_is_the_one_to_write(service: Service) -> None:
    subject = opened(service)
    subject.reviewed()
    shown = own_thread(subject).comments[0].body.rpartition("<!--")[0]
    assert known(subject) in shown
    assert said(subject, "mira", f"/architect fix {known(subject)}") == ["eyes", "rocket"]
    assert subject.reviewed()[-1].conclusion == "success"
    assert standing(subject) == NOTHING_LEFT


def test_what_is_ignored_stays_so_through_a_move_and_a_rebase_and_ends_with_its_code(
    service: Service,
) -> None:
    subject = opened(service)
    subject.reviewed()
    number = known(subject)
    assert said(subject, "mira", f"/architect ignore {number} clients send numbers") == ["eyes", "rocket"]
    assert subject.reviewed(2)[-1].conclusion == "success"
    moved = {"app/main.py": None, "app/shop.py": MAIN + LATEST}
    run = next_review(subject, moved)
    assert run.conclusion == "success"
    assert "clients send numbers" in told(run)
    service.github.push(
        subject.repository, "feature", {"app/main.py": MAIN + "\n# more\n" + LATEST}, "again", onto="main"
    )
    run = subject.reviewed()[-1]
    assert run.conclusion == "success"
    run = next_review(subject, {"app/main.py": MAIN + LATEST.replace("latest", "newest")})
    assert run.conclusion == "failure"
    assert f"`{number}`, ignored by mira, is not here any more" in told(run)


def test_an_accepted_baseline_holds_here_after_the_merge_and_for_the_next_pull_request(
    service: Service,
) -> None:
    subject = opened(service)
    subject.reviewed()
    pressed(subject, "mira", "accept")
    (run,) = subject.reviewed()
    assert run.conclusion == "success"
    assert len(subject.answers()) == 1
    folder = subject.repository.folder
    assert git.blob(folder, "refs/heads/feature", YAML).decode() == (
        f"{CONFIGURATION}baseline: {rules.BASELINE_PATH}\n"
    )
    merged = git.blob(folder, "refs/heads/feature", rules.BASELINE_PATH)
    assert known(subject) in merged.decode()
    files: dict[str, bytes | str | None] = {
        "app/main.py": MAIN + LATEST,
        YAML: f"{CONFIGURATION}baseline: {rules.BASELINE_PATH}\n",
        rules.BASELINE_PATH: merged,
    }
    following = opened(service, {"app/main.py": MAIN + LATEST + "\n# more\n"}, start={**START, **files})
    (run,) = following.reviewed()
    assert run.conclusion == "success"
    assert standing(following) == Standing(threads=0, open=0, reviews=0, said=0)


def test_what_comes_later_is_accepted_besides_what_was(service: Service) -> None:
    subject = opened(service)
    subject.reviewed()
    pressed(subject, "mira", "accept")
    run = next_review(subject, FAULTIER)
    assert run.conclusion == "failure"
    pressed(subject, "jon", "accept")
    (run,) = subject.reviewed()
    assert run.conclusion == "success"
    folder = subject.repository.folder
    listed = json.loads(git.blob(folder, "refs/heads/feature", rules.BASELINE_PATH))["findings"]
    assert sorted(each["reason"] for each in listed) == ["accepted by jon in #1", "accepted by mira in #1"]
    assert git.blob(folder, "refs/heads/feature", YAML).decode().count("baseline:") == 1


def test_nobody_accepts_findings_by_editing_the_baseline_in_the_same_change(service: Service) -> None:
    first = opened(service)
    first.reviewed()
    pressed(first, "mira", "accept")
    first.reviewed()
    listed = git.blob(first.repository.folder, "refs/heads/feature", rules.BASELINE_PATH)
    configured = f"{CONFIGURATION}baseline: {rules.BASELINE_PATH}\n"
    start = {**START, YAML: configured, rules.BASELINE_PATH: '{"version": 1}\n'}
    subject = opened(service, {**FAULTY, rules.BASELINE_PATH: listed}, start=start)
    (run,) = subject.reviewed()
    assert run.conclusion == "failure"
    assert "accepts 1 more: that counts once it is merged" in told(run)


def test_a_push_while_a_fix_is_asked_for_loses_nobody_s_commit(service: Service) -> None:
    subject = opened(service, {"app/main.py": MAIN + DELETING})
    (run,) = subject.reviewed()
    pushed = subject.push({"README.md": "theirs\n"})
    service.github.person("mira").request_action(run, "fix")
    service.settle()
    assert subject.pull.head_sha == pushed
    assert "earlier commit" in subject.answers()[-1].body
    assert git.blob(subject.repository.folder, pushed, "README.md") == b"theirs\n"
