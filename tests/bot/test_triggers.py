from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery import Delivery
from bot.payload import Payload
from bot.slash_commands import command_line
from bot.triggers import (
    CommandRequest,
    CommitKey,
    GroupKey,
    GroupRequest,
    LookupBySha,
    PullRequestKey,
    ReviewRequest,
    Wanted,
    wanted,
)

HEAD = "a" * 40
KEY = PullRequestKey("api.github.com", "9", 11, 22, 7)
REPOSITORY = {"id": 22, "name": "shop", "owner": {"login": "ada"}}


def ask(event: str, **fields: Any) -> Wanted | None:
    document = {"installation": {"id": 11}, "repository": REPOSITORY, "sender": {"login": "ada"}, **fields}
    payload = msgspec.json.decode(msgspec.json.encode(document), type=Payload)
    return wanted(Delivery(guid="guid-1", event=event, host="api.github.com", app="9", payload=payload))


def pull(action: str, **fields: Any) -> Wanted | None:
    return ask("pull_request", action=action, pull_request={"number": 7, "head": {"sha": HEAD}}, **fields)


def asked_for(reason: str, *, fresh: bool) -> ReviewRequest:
    return ReviewRequest(
        key=KEY, owner="ada", name="shop", head=HEAD, reason=reason, attempt="guid-1", fresh=fresh
    )


@pytest.mark.parametrize("action", ["opened", "synchronize"])
def test_new_commits_are_looked_at(action: str) -> None:
    assert pull(action) == asked_for(f"pull_request.{action}", fresh=False)


@pytest.mark.parametrize("action", ["reopened", "ready_for_review", "closed"])
def test_a_new_state_of_the_same_commits_is_looked_at_afresh(action: str) -> None:
    assert pull(action) == asked_for(f"pull_request.{action}", fresh=True)


@pytest.mark.parametrize("action", ["labeled", "assigned", "converted_to_draft", "edited", "", "unheard_of"])
def test_other_changes_ask_for_nothing(action: str) -> None:
    assert pull(action) is None


def test_an_edit_counts_when_the_base_changed() -> None:
    assert pull("edited", changes={"title": {"from": "x"}}) is None
    assert pull("edited", changes={"base": {"ref": {"from": "main"}}}) == asked_for(
        "pull_request.edited", fresh=True
    )


def test_without_installation_there_is_nobody_to_act_as() -> None:
    assert pull("opened", installation=None) is None
    assert pull("opened", repository=None) is None


def check(pull_requests: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    return {"head_sha": HEAD, "pull_requests": pull_requests, **fields}


OURS = {"number": 7, "head": {"sha": HEAD}, "base": {"sha": "b" * 40, "repo": {"id": 22}}}
THEIRS = {"number": 3, "head": {"sha": HEAD}, "base": {"sha": "b" * 40, "repo": {"id": 99}}}
LOOKUP = CommitKey("api.github.com", "9", 11, 22, HEAD)


@pytest.mark.parametrize("event", ["check_run", "check_suite"])
def test_a_rerun_is_fresh(event: str) -> None:
    fields = {"action": "rerequested", event: check([OURS, THEIRS])}
    assert ask(event, **fields) == asked_for(f"{event}.rerequested", fresh=True)
    assert ask(event, **{**fields, "action": "completed"}) is None


@pytest.mark.parametrize("pull_requests", [[], [THEIRS], [OURS, {**OURS, "number": 8}]])
def test_a_rerun_without_one_pull_request_is_looked_up(pull_requests: list[dict[str, Any]]) -> None:
    found = ask("check_suite", action="rerequested", check_suite=check(pull_requests))
    assert found == LookupBySha(
        key=LOOKUP, owner="ada", name="shop", reason="check_suite.rerequested", attempt="guid-1"
    )


def test_a_rerun_of_another_apps_check_is_not_ours() -> None:
    assert ask("check_run", action="rerequested", check_run=check([OURS], app={"id": 8})) is None
    assert ask("check_run", action="rerequested", check_run=check([OURS], app={"id": 9})) is not None


GROUP = {
    "head_sha": HEAD,
    "head_ref": f"refs/heads/gh-readonly-queue/release/1.x/pr-104-{'c' * 40}",
    "base_sha": "c" * 40,
}


def test_a_merge_group_is_reviewed_for_the_pull_request_that_its_branch_names() -> None:
    found = ask("merge_group", action="checks_requested", merge_group=GROUP)
    assert found == GroupRequest(
        key=GroupKey("api.github.com", "9", 11, 22, HEAD),
        owner="ada",
        name="shop",
        base="c" * 40,
        number=104,
        reason="merge_group.checks_requested",
        attempt="guid-1",
    )
    other = ask(
        "merge_group", action="checks_requested", merge_group={**GROUP, "head_ref": "refs/heads/main"}
    )
    assert isinstance(other, GroupRequest)
    assert other.number is None
    assert ask("merge_group", action="destroyed", merge_group=GROUP) is None


def comment(body: str | None, **fields: Any) -> Wanted | None:
    document = {
        "action": "created",
        "issue": {"number": 7, "pull_request": {"url": "u"}},
        "comment": {"id": 5, "body": body, "user": {"login": "eve", "type": "User"}},
        **fields,
    }
    return ask("issue_comment", **document)


def test_a_command_is_taken_with_its_first_line() -> None:
    assert comment("/architect review full  \r\nplease\r\n") == CommandRequest(
        key=KEY,
        owner="ada",
        name="shop",
        comment_id=5,
        comment_kind="issue",
        author="eve",
        line="/architect review full",
        attempt="guid-1",
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "edited"},
        {"action": "deleted"},
        {"issue": {"number": 7}},
        {"sender": {"login": "bot", "type": "Bot"}},
        {"comment": {"id": 5, "body": "/architect review", "user": {"login": "x[bot]"}}},
        {"comment": {"id": 5, "body": "/architect review", "user": None}},
        {"comment": {"id": 5, "body": None, "user": {"login": "eve"}}},
    ],
)
def test_edits_bots_and_plain_issues_are_not_obeyed(fields: dict[str, Any]) -> None:
    assert comment("/architect review", **fields) is None


@pytest.mark.parametrize(
    "body",
    [
        "> /architect review",
        "    /architect review",
        "\t/architect review",
        "```\n/architect review\n```",
        "`/architect review`",
        "please /architect review",
        "\n/architect review",
        "/architecture",
        "/architect-review",
        "/Architect review",
        "/architect " + "x" * 2_000,
        "",
    ],
)
def test_quotes_code_and_prose_are_no_commands(body: str) -> None:
    assert command_line(body) is None


@pytest.mark.parametrize("body", ["/architect", "/architect help", "  /architect\thelp", "/architect what?"])
def test_a_first_line_with_the_word_is_a_command(body: str) -> None:
    assert command_line(body) == body.strip()


@given(st.text())
def test_a_command_is_one_line_that_begins_with_the_word(body: str) -> None:
    line = command_line(body)
    assert line is None or (line.startswith("/architect") and line in body and "\n" not in line)


@given(st.text(alphabet="\n\r \x0b\x0c\x85\u2028abc/"))
def test_what_follows_the_word_stays_on_its_line(rest: str) -> None:
    line = command_line("/architect " + rest)
    assert line is None or len(line.splitlines()) <= 1


def line_comment(body: str, **fields: Any) -> Wanted | None:
    document = {
        "action": "created",
        "pull_request": {"number": 7},
        "comment": {"id": 6, "body": body, "user": {"login": "eve", "type": "User"}, "in_reply_to_id": 4},
        **fields,
    }
    return ask("pull_request_review_comment", **document)


def test_a_command_in_a_thread_names_who_opened_it() -> None:
    found = line_comment("/architect ignore because it is internal")
    assert isinstance(found, CommandRequest)
    assert (found.key, found.comment_id, found.comment_kind, found.thread) == (KEY, 6, "review", 4)
    assert found.line == "/architect ignore because it is internal"


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "edited"},
        {"sender": {"login": "x[bot]", "type": "Bot"}},
        {"pull_request": None},
        {"comment": {"id": 6, "body": "/architect help", "user": {"login": "x[bot]", "type": "Bot"}}},
    ],
)
def test_edits_and_bots_in_threads_are_not_obeyed(fields: dict[str, Any]) -> None:
    assert line_comment("/architect help", **fields) is None
    assert line_comment("> /architect help") is None


def button(**fields: Any) -> Wanted | None:
    run = {"head_sha": HEAD, "external_id": f"ba1:22:7:{'b' * 12}:guid-0", "app": {"id": 9}}
    document = {
        "action": "requested_action",
        "check_run": run,
        "requested_action": {"identifier": "fix"},
        "sender": {"login": "eve", "type": "User"},
        **fields,
    }
    return ask("check_run", **document)


def test_a_button_is_a_command_on_the_runs_pull_request_and_commit() -> None:
    found = button()
    assert isinstance(found, CommandRequest)
    assert (found.key, found.comment_kind, found.author) == (KEY, "button", "eve")
    assert (found.line, found.head, found.attempt) == ("fix", HEAD, "guid-1")
    assert 0 < found.comment_id < 2**53
    assert button() == found


@pytest.mark.parametrize(
    "fields",
    [
        {"check_run": {"head_sha": HEAD, "external_id": "ba1:22:7:b:g", "app": {"id": 8}}},
        {"check_run": {"head_sha": HEAD, "external_id": "ba1:23:7:b:g", "app": {"id": 9}}},
        {"check_run": {"head_sha": HEAD, "external_id": "theirs", "app": {"id": 9}}},
        {"check_run": {"head_sha": HEAD, "app": {"id": 9}}},
        {"requested_action": None},
        {"sender": {"login": "x[bot]", "type": "Bot"}},
    ],
)
def test_buttons_of_others_and_bots_are_not_obeyed(fields: dict[str, Any]) -> None:
    assert button(**fields) is None
