"""Findings and their threads over pushes: fixed, back again, dismissed, moved, rebased, merged."""

from __future__ import annotations

import pytest

from bot.demo.github import git
from tests.service.running import Service
from tests.service.subject import (
    CONFIGURATION,
    FAULTIER,
    FAULTY,
    LATEST,
    MAIN,
    MENDED,
    NAMES,
    OLDEST,
    SOUND,
    START,
    Subject,
    opened,
)
from tests.stories.stage import Standing, next_review, own_thread, standing, told

pytestmark = pytest.mark.thorough

ONE_OPEN = Standing(threads=1, open=1, reviews=1, said=0)
ONE_CLOSED = Standing(threads=1, open=0, reviews=1, said=0)
NEWS = '"""Shop."""\n\n'


def test_a_finding_is_fixed_comes_back_and_is_fixed_again_in_one_thread(service: Service) -> None:
    subject = opened(service)
    subject.reviewed()
    assert standing(subject) == ONE_OPEN
    assert next_review(subject, MENDED).conclusion == "success"
    assert standing(subject) == ONE_CLOSED
    assert f"/commit/{subject.pull.head_sha}" in own_thread(subject).comments[0].body
    assert next_review(subject, FAULTY).conclusion == "failure"
    assert standing(subject) == ONE_OPEN
    assert "Fixed in" not in own_thread(subject).comments[0].body
    next_review(subject, MENDED)
    assert standing(subject) == ONE_CLOSED


def test_without_the_permission_threads_are_folded_and_the_summary_names_it(limited: Service) -> None:
    subject = opened(limited)
    subject.reviewed()
    run = next_review(subject, MENDED)
    thread = own_thread(subject)
    assert standing(subject) == ONE_OPEN
    assert run.conclusion == "success"
    assert thread.comments[0].minimized_reason == "resolved"
    assert "Fixed in" in thread.comments[0].body
    assert "contents: write" in told(run)
    assert "contents: write" not in told(next_review(subject, FAULTY))
    assert own_thread(subject).comments[0].minimized_reason is None


def test_what_a_person_resolved_is_never_said_again(service: Service) -> None:
    subject = opened(service)
    subject.reviewed()
    mira = service.github.person("mira")
    mira.resolve(own_thread(subject))
    body = own_thread(subject).comments[0].body
    for files in ({"README.md": "more\n"}, MENDED, FAULTY):
        next_review(subject, files)
        assert standing(subject) == ONE_CLOSED
        assert own_thread(subject).resolved_by is mira.user
    assert own_thread(subject).comments[0].body == body
    assert subject.runs()[-1].conclusion == "failure"


def test_what_a_person_ignored_closes_its_thread_and_stays_silent(service: Service) -> None:
    subject = opened(service)
    subject.reviewed()
    thread = own_thread(subject)
    service.github.person("mira").reply(thread.comments[0], "/architect ignore the clients send numbers")
    service.settle()
    next_review(subject, {"README.md": "more\n"})
    assert "Ignored" in own_thread(subject).comments[0].body
    assert "the clients send numbers" in own_thread(subject).comments[0].body
    assert standing(subject).open == 0
    assert standing(subject).threads == 1
    assert subject.runs()[-1].conclusion == "success"


def test_a_thread_that_people_answered_keeps_every_word(service: Service) -> None:
    subject = opened(service)
    subject.reviewed()
    jon = service.github.person("jon")
    jon.reply(own_thread(subject).comments[0], "Is that so? I never saw it.")
    next_review(subject, MENDED)
    said = [comment.body for comment in own_thread(subject).comments]
    assert said[1] == "Is that so? I never saw it."
    assert "Never reached" in said[0] or "BA204" in said[0]
    assert standing(subject).open == 0


def test_a_force_push_that_rebases_says_nothing_twice(service: Service) -> None:
    subject = opened(service)
    subject.reviewed()
    service.github.push(subject.repository, "main", {"app/other.py": "X = 1\n"}, "main goes on")
    service.github.push(subject.repository, "feature", FAULTY, "change, rebased", onto="main")
    (run,) = subject.reviewed()
    assert run.conclusion == "failure"
    assert standing(subject) == ONE_OPEN


def test_reformatting_and_moving_says_nothing_twice_and_where_it_is_now(service: Service) -> None:
    subject = opened(service)
    subject.reviewed()
    reformatted = NEWS + MAIN + LATEST.replace('"/items/latest"', "'/items/latest'").replace("def ", "def  ")
    next_review(subject, {"app/main.py": reformatted})
    thread = own_thread(subject)
    assert standing(subject) == ONE_OPEN
    assert thread.current is None
    assert "Still there" in thread.comments[0].body
    next_review(subject, {"app/main.py": None, "app/shop.py": reformatted})
    assert standing(subject) == ONE_OPEN
    assert "app/shop.py" in own_thread(subject).comments[0].body


def test_the_base_merged_into_the_branch_changes_nothing(service: Service) -> None:
    subject = opened(service)
    subject.reviewed()
    service.github.push(subject.repository, "main", {"app/other.py": "X = 1\n"}, "main goes on")
    service.github.person("jon").update_branch(subject.pull)
    (run,) = subject.reviewed()
    assert run.conclusion == "failure"
    assert standing(subject) == ONE_OPEN


def test_what_the_base_has_by_now_is_not_called_fixed(service: Service) -> None:
    subject = opened(service)
    subject.reviewed()
    service.github.push(subject.repository, "main", FAULTY, "the same, by somebody else")
    service.github.person("jon").update_branch(subject.pull)
    (run,) = subject.reviewed()
    assert run.conclusion == "success"
    assert standing(subject) == ONE_CLOSED
    assert "stands in the base" in own_thread(subject).comments[0].body


def test_a_new_base_closes_what_is_not_of_this_change_any_more(service: Service) -> None:
    subject = opened(service, FAULTIER)
    subject.reviewed()
    before = standing(subject)
    service.github.push(subject.repository, "release", FAULTY, "a fault")
    service.github.push(subject.repository, "feature", FAULTIER, "on the release", onto="release")
    subject.reviewed()
    service.github.person("jon").change_base(subject.pull, "release")
    subject.reviewed(2)
    after = standing(subject)
    assert after.threads == before.threads
    assert after.open == before.open - 1


def test_the_first_review_gives_everything_and_later_ones_only_what_is_new(service: Service) -> None:
    subject = opened(service, FAULTY)
    subject.reviewed()
    next_review(subject, {"app/main.py": MAIN + LATEST + SOUND})
    assert standing(subject) == ONE_OPEN
    next_review(subject, {"app/main.py": MAIN + LATEST + SOUND + OLDEST})
    assert standing(subject) == Standing(threads=2, open=2, reviews=2, said=0)


def test_a_comment_that_a_person_deleted_is_not_written_again(service: Service) -> None:
    subject = opened(service, FAULTIER)
    subject.reviewed()
    with service.github.state.lock:
        gone = service.github.threads(subject.pull)[0]
        del service.github.state.threads[gone.id]
    next_review(subject, {"README.md": "more\n"})
    assert standing(subject) == Standing(threads=1, open=1, reviews=1, said=0)


def test_what_was_outside_of_the_diff_is_no_news_when_the_diff_grows(service: Service) -> None:
    far = "\n".join(f"LINE_{number} = {number}" for number in range(20))
    taking = '\n\n@app.get("/orders/{key}")\ndef read_order(key: int) -> int:\n    return key\n'
    late = '\n\n@app.get("/orders/latest")\ndef read_late() -> int:\n    return 0\n'
    start = {**START, "app/main.py": f"{MAIN}\n{far}\n{late}"}
    subject = opened(service, {"app/main.py": f"{MAIN}{taking}{LATEST}\n{far}\n{late}"}, start=start)
    subject.reviewed()
    before = standing(subject)
    next_review(subject, {"app/main.py": f"{MAIN}{taking}{LATEST}\n{far}\nMORE = 1\n{late}"})
    assert standing(subject) == before


def test_a_file_that_cannot_be_read_is_not_taken_for_a_repair(service: Service) -> None:
    subject = opened(service)
    subject.reviewed()
    run = next_review(subject, {"app/main.py": MAIN + LATEST + "def broken(:\n"})
    assert run.conclusion != "success"
    assert standing(subject) == ONE_OPEN


def test_a_deleted_branch_is_let_go_of_quietly(service: Service) -> None:
    subject = opened(service)
    subject.reviewed()
    before = subject.writes()
    service.github.person("jon").close(subject.pull)
    git.run(subject.repository.folder, "update-ref", "-d", "refs/heads/feature")
    service.settle()
    assert subject.writes() == before
    assert standing(subject) == ONE_OPEN


def test_a_fork_is_served_like_everybody(service: Service) -> None:
    repository, installation = service.install(f"octo-org/{next(NAMES)}")
    service.github.push(repository, "main", START, "start")
    fork = service.github.fork(repository, "stranger")
    service.github.push(fork, "feature", FAULTY, "change", by="stranger")
    pull = service.github.open_pull_request(
        repository, "feature", title="From afar", fork=fork, by="stranger"
    )
    subject = Subject(service=service, repository=repository, installation=installation, pull=pull)
    subject.reviewed()
    assert standing(subject) == ONE_OPEN
    service.github.push(fork, "feature", MENDED, "mended", by="stranger")
    (run,) = subject.reviewed()
    assert run.conclusion == "success"
    assert standing(subject) == ONE_CLOSED


def test_what_counts_again_opens_its_thread_again(service: Service) -> None:
    subject = opened(service)
    subject.reviewed()
    mira, thread = service.github.person("mira"), own_thread(subject)
    mira.reply(thread.comments[0], "/architect ignore the clients send numbers")
    service.settle()
    next_review(subject, {"README.md": "more\n"})
    assert standing(subject).open == 0
    mira.reply(thread.comments[0], "/architect unignore")
    service.settle()
    next_review(subject, {"README.md": "and more\n"})
    assert standing(subject).open == standing(subject).threads == 1
    assert "Back in" in thread.comments[0].body


def test_a_draft_hears_nothing_until_it_is_ready(service: Service) -> None:
    subject = opened(service, FAULTY, is_draft=True)
    (run,) = subject.reviewed()
    assert run.conclusion == "failure"
    assert standing(subject) == Standing(threads=0, open=0, reviews=0, said=0)
    next_review(subject, {".github/other.yml": CONFIGURATION})
    service.github.person("jon").mark_ready(subject.pull)
    subject.reviewed(2)
    assert standing(subject) == ONE_OPEN
