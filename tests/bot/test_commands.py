from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from redis import Redis

import rules
from bot.commands import help as help_command
from bot.demo.github.conversation import IssueComment
from bot.demo.github.faults import Fault
from bot.ledger.fence import Fence
from bot.triggers import ReviewRequest
from tests.bot.reviewed import World, held_lease, world


@pytest.fixture
def place(tmp_path: Path, redis: Redis) -> Iterator[World]:
    with world(tmp_path, redis) as made:
        yield made


@pytest.fixture
def fence(place: World) -> Fence:
    lease = held_lease(place.redis, place.key)
    return Fence(redis=place.redis, item=lease.item, token=lease.token)


def said(place: World, login: str, line: str) -> IssueComment:
    return place.github.person(login).comment(place.pull, line)


def obeyed(place: World, fence: Fence, comment: IssueComment) -> ReviewRequest | None:
    line = comment.body.splitlines()[0]
    return place.reviewer.command(place.command(line, comment.id, comment.author.login), fence)


def reactions(comment: IssueComment) -> list[str]:
    return [held.content for held in comment.reactions]


def answers(place: World) -> list[str]:
    return [held.body for held in place.github.issue_comments(place.pull) if held.app_id is not None]


@pytest.mark.parametrize("login", ["maintainer", "author"])
def test_who_may_write_and_the_author_may_ask_for_a_review(place: World, fence: Fence, login: str) -> None:
    comment = said(place, login, "/architect review")
    request = obeyed(place, fence, comment)
    assert request is not None
    assert request.fresh
    assert request.attempt == f"comment-{comment.id}"
    assert reactions(comment) == ["eyes", "rocket"]
    assert answers(place) == []


@pytest.mark.parametrize("login", ["reader", "stranger"])
def test_others_get_one_line_why(place: World, fence: Fence, login: str) -> None:
    comment = said(place, login, "/architect review")
    assert obeyed(place, fence, comment) is None
    assert reactions(comment) == ["eyes", "confused"]
    assert [text.splitlines()[0] for text in answers(place)] == [
        "That needs write permission to this repository."
    ]


def test_help_is_answered_once_however_often_the_comment_comes(place: World, fence: Fence) -> None:
    comment = said(place, "maintainer", "/architect help")
    for _ in range(3):
        assert obeyed(place, fence, comment) is None
    assert reactions(comment) == ["eyes", "rocket"]
    assert len(answers(place)) == 1
    assert answers(place)[0].startswith(help_command.TEXT)


def test_help_never_starts_with_a_command(place: World, fence: Fence) -> None:
    obeyed(place, fence, said(place, "maintainer", "/architect help"))
    assert not answers(place)[0].startswith("/architect")


def test_a_review_that_was_acknowledged_but_not_recorded_is_asked_for_again(
    place: World, fence: Fence
) -> None:
    comment = said(place, "maintainer", "/architect review")
    first, second = obeyed(place, fence, comment), obeyed(place, fence, comment)
    assert first == second
    assert first is not None
    assert reactions(comment) == ["eyes", "rocket"]


def test_an_unknown_command_is_named(place: World, fence: Fence) -> None:
    comment = said(place, "maintainer", "/architect dance")
    assert obeyed(place, fence, comment) is None
    assert reactions(comment) == ["eyes", "confused"]
    assert "/architect help" in answers(place)[0]


def test_a_closed_pull_request_is_not_reviewed(place: World, fence: Fence) -> None:
    comment = said(place, "maintainer", "/architect review")
    place.github.person("author").close(place.pull)
    assert obeyed(place, fence, comment) is None
    assert answers(place)[0].startswith("This pull request is closed.")


def test_a_deleted_comment_is_forgotten(place: World, fence: Fence) -> None:
    comment = said(place, "maintainer", "/architect review")
    place.github.person("maintainer").delete_comment(comment)
    assert obeyed(place, fence, comment) is None
    assert answers(place) == []


def test_the_payloads_author_is_not_believed(place: World, fence: Fence) -> None:
    comment = said(place, "reader", "/architect review")
    forged = place.command("/architect review", comment.id, "maintainer")
    assert place.reviewer.command(forged, fence) is None
    assert reactions(comment) == ["eyes", "confused"]


@pytest.mark.parametrize("path", ["/reactions", "/comments"])
def test_a_lost_answer_is_not_repeated(place: World, fence: Fence, path: str) -> None:
    comment = said(place, "maintainer", "/architect help")
    place.github.faults.next("POST", f"{path}$", Fault.DROP_AFTER)
    obeyed(place, fence, comment)
    assert reactions(comment) == ["eyes", "rocket"]
    assert len(answers(place)) == 1


def test_giving_up_tells_the_person(place: World, fence: Fence) -> None:
    comment = said(place, "maintainer", "/architect review")
    place.reviewer.give_up(place.command("/architect review", comment.id, "maintainer"), fence, "x")
    assert reactions(comment) == ["confused"]
    assert answers(place)[0].startswith("I could not do that now")


def test_a_full_review_uses_nothing_that_is_remembered(place: World, fence: Fence) -> None:
    request = obeyed(place, fence, said(place, "author", "/architect review full"))
    assert request is not None
    assert request.full
    again = obeyed(place, fence, said(place, "author", "/architect review"))
    assert again is not None
    assert not again.full


def test_a_rule_is_explained_to_the_author_too(place: World, fence: Fence) -> None:
    for word in ("BA204", "ba204", "route-shadowed"):
        comment = said(place, "author", f"/architect explain {word}")
        assert obeyed(place, fence, comment) is None
        assert reactions(comment) == ["eyes", "rocket"]
        assert "### BA204 route-shadowed" in answers(place)[-1]
        assert "## Why" in answers(place)[-1]


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("/architect explain BA999", "`BA999` is no rule of mine."),
        ("/architect explain", "Name the rule, such as `BA305`, or ask in a thread of mine."),
        ("/architect explain @all<b>`", "`` @all<b>` `` is no rule of mine."),
    ],
)
def test_what_is_no_rule_is_said(place: World, fence: Fence, line: str, first: str) -> None:
    comment = said(place, "author", line)
    assert obeyed(place, fence, comment) is None
    assert reactions(comment) == ["eyes", "confused"]
    assert answers(place)[0].startswith(first)


def test_the_configuration_is_shown_with_its_sources(place: World, fence: Fence) -> None:
    comment = said(place, "maintainer", "/architect config")
    assert obeyed(place, fence, comment) is None
    assert reactions(comment) == ["eyes", "rocket"]
    rows = {line.split("|")[1].strip(): line for line in answers(place)[0].splitlines() if "|" in line}
    assert '`["/**"]`' in rows["`public`"]
    assert "backend-architect.yml#L1" in rows["`public`"]
    assert rows["`budget`"] == "| `budget` | `30` | default |"
    assert {f"`{field.encode_name}`" for field in msgspec.structs.fields(rules.Options)} <= set(rows)


def test_the_configuration_is_not_the_authors_to_see(place: World, fence: Fence) -> None:
    comment = said(place, "author", "/architect config")
    assert obeyed(place, fence, comment) is None
    assert reactions(comment) == ["eyes", "confused"]


def test_an_edited_comment_is_not_obeyed(place: World, fence: Fence) -> None:
    comment = said(place, "maintainer", "/architect help")
    request = place.command("/architect help", comment.id, "maintainer")
    place.github.person("maintainer").edit_comment(comment, "/architect review")
    assert place.reviewer.command(request, fence) is None
    assert reactions(comment) == []
    assert answers(place) == []
