"""`/architect ignore` and `unignore`, as answers in threads too; what holds is read back from GitHub."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from tests.bot.commanding import (
    answers,
    change,
    conclusion,
    fingerprint,
    reactions,
    remembering,
    replied,
    said,
)
from tests.bot.reviewed import SHADOWED, World, shown, world


@pytest.fixture
def place(tmp_path: Path, redis: Redis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path, redis) as whole:
        made = remembering(whole, tmp_path_factory.getbasetemp())
        made.review()
        assert conclusion(made) == "failure"
        yield made


def test_an_ignored_finding_does_not_count_and_the_summary_says_who_and_why(place: World) -> None:
    known = fingerprint(place)[:8]
    comment = said(place, "maintainer", f"/architect ignore {known} the order is meant")
    assert reactions(comment) == ["eyes", "rocket"]
    assert answers(place) == []
    run = place.check_runs()[-1]
    assert (len(place.check_runs()), run.conclusion) == (2, "success")
    assert "maintainer" in shown(run)
    assert "the order is meant" in shown(run)
    assert f"#issuecomment-{comment.id}" in shown(run)


def test_an_answer_in_the_thread_needs_no_number(place: World) -> None:
    comment = replied(place, "maintainer", "/architect ignore because nobody asks for that")
    assert reactions(comment) == ["eyes", "rocket"]
    assert conclusion(place) == "success"
    assert "nobody asks for that" in shown(place.check_runs()[-1])
    replied(place, "maintainer", "/architect unignore")
    assert conclusion(place) == "failure"


@pytest.mark.thorough
def test_unignored_it_counts_again(place: World) -> None:
    known = fingerprint(place)[:8]
    said(place, "maintainer", f"/architect ignore {known} fine")
    comment = said(place, "maintainer", f"/architect unignore {known}")
    assert reactions(comment) == ["eyes", "rocket"]
    assert conclusion(place) == "failure"
    assert len(place.github.review_comments(place.pull)) == 1


@pytest.mark.thorough
def test_without_redis_it_is_still_known(place: World) -> None:
    said(place, "maintainer", f"/architect ignore {fingerprint(place)[:8]} fine")
    place.redis.flushdb()
    place.review("after-the-loss", fresh=True)
    assert conclusion(place) == "success"


@pytest.mark.thorough
def test_code_that_changes_is_judged_anew_and_the_summary_says_so(place: World) -> None:
    known = fingerprint(place)[:8]
    said(place, "maintainer", f"/architect ignore {known} fine")
    change(place, SHADOWED.replace("latest", "newest"))
    place.review("push")
    run = place.check_runs()[-1]
    assert run.conclusion == "failure"
    assert f"`{known}`, ignored by maintainer, is not here any more" in shown(run)


@pytest.mark.thorough
def test_through_reformatting_it_holds(place: World) -> None:
    said(place, "maintainer", f"/architect ignore {fingerprint(place)[:8]} fine")
    change(place, "\n\n# a remark\n" + SHADOWED)
    place.review("push")
    assert conclusion(place) == "success"


@pytest.mark.thorough
def test_only_who_may_write_may_ignore(place: World) -> None:
    for login in ("author", "reader", "stranger"):
        comment = said(place, login, f"/architect ignore {fingerprint(place)[:8]} fine")
        assert reactions(comment) == ["eyes", "confused"]
    firsts = [text.splitlines()[0] for text in answers(place)]
    assert firsts == ["That needs write permission to this repository."] * 3
    place.review("again", fresh=True)
    assert conclusion(place) == "failure"


@pytest.mark.thorough
def test_what_cannot_be_done_is_said_in_one_line(place: World) -> None:
    expected = {
        "/architect ignore 0123abcd fine": "There is no finding `0123abcd` on this head",
        "/architect ignore because it is fine": "Name the finding",
        "/architect ignore": "`ignore` needs a reason",
        f"/architect ignore {fingerprint(place)[:8]} -": "`ignore` needs a reason",
        "/architect unignore 12": "A finding is named",
        "/architect unignore 0123abcd": "There is no finding",
    }
    for line, beginning in expected.items():
        comment = said(place, "maintainer", line)
        assert reactions(comment) == ["eyes", "confused"]
        assert answers(place)[-1].startswith(beginning)
        assert len(answers(place)[-1].split("\n\n")[0].splitlines()) == 1


@pytest.mark.thorough
def test_nobody_ignored_it(place: World) -> None:
    comment = said(place, "maintainer", f"/architect unignore {fingerprint(place)[:8]}")
    assert reactions(comment) == ["eyes", "confused"]
    assert answers(place)[0].startswith("Nobody ignored")


@pytest.mark.thorough
def test_a_refusal_in_a_thread_is_said_in_the_thread(place: World) -> None:
    replied(place, "author", "/architect ignore because I say so")
    assert answers(place) == []
    thread = place.github.review_comments(place.pull)
    assert [comment.author.login for comment in thread] == [
        thread[0].author.login,
        "author",
        thread[0].author.login,
    ]
    assert thread[-1].body.startswith("That needs write permission")


@pytest.mark.thorough
def test_a_comment_that_was_edited_afterwards_does_not_count(place: World) -> None:
    comment = said(place, "maintainer", f"/architect ignore {fingerprint(place)[:8]} fine")
    place.github.person("maintainer").edit_comment(comment, comment.body + " and more")
    comment.updated_at += datetime.timedelta(seconds=2)
    place.review("again", fresh=True)
    assert conclusion(place) == "failure"


@pytest.mark.thorough
def test_a_deleted_comment_does_not_count(place: World) -> None:
    comment = said(place, "maintainer", f"/architect ignore {fingerprint(place)[:8]} fine")
    place.github.person("maintainer").delete_comment(comment)
    place.review("again", fresh=True)
    assert conclusion(place) == "failure"


@pytest.mark.thorough
def test_a_comment_that_nobody_acknowledged_does_not_count(place: World) -> None:
    comment = place.github.person("maintainer").comment(
        place.pull, f"/architect ignore {fingerprint(place)[:8]} fine"
    )
    place.github.person("stranger").react(comment, "rocket")
    place.review("again", fresh=True)
    assert conclusion(place) == "failure"


@pytest.mark.thorough
def test_a_reason_from_a_stranger_to_markdown_stays_text(place: World) -> None:
    said(place, "maintainer", f"/architect ignore {fingerprint(place)[:8]} <img src=x> @everyone `a")
    text = shown(place.check_runs()[-1])
    assert "<img" not in text
    assert "@everyone" not in text
