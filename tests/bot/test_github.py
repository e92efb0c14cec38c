from __future__ import annotations

import email.utils
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from bot.demo.github.faults import Fault
from bot.errors import LeaseLost, Postponed
from bot.github.checks import annotate, check_runs, complete_check_run, create_check_run, shown_annotations
from bot.github.comments import answer, may_write, own_answers, own_reactions, react
from bot.github.connection import Connection
from bot.github.pulls import changed_files, merge_base, pull_request, pull_requests_of
from bot.github.refusal import GitHubRefused, GitHubUnavailable, message, pause
from bot.github.reviews import create_review, review_comments, reviews
from bot.posts import Annotation, DraftComment, DraftReview, Output
from tests.bot.reviewed import World, world

NOW = 1_800_000_000.0
LIMIT = '{"message": "You have exceeded a secondary rate limit."}'
ABUSE = (
    '{"message": "Validation Failed", "errors": [{"code": "abuse", "message": "was submitted too quickly"}]}'
)
DATE = email.utils.formatdate(NOW + 90, usegmt=True)
OUTPUT = Output("t", "s")


@pytest.mark.parametrize(
    ("status", "headers", "body", "seconds"),
    [
        (403, {"retry-after": "7"}, LIMIT, 7.0),
        (429, {"retry-after": "7"}, "", 7.0),
        (503, {"retry-after": "7"}, "", 7.0),
        (403, {"retry-after": DATE}, LIMIT, 90.0),
        (403, {}, LIMIT, 60.0),
        (429, {}, "", 60.0),
        (429, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOW + 30)}, "", 30.0),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOW - 30)}, "", 1.0),
        (403, {"retry-after": "7200"}, LIMIT, 7200.0),
        (403, {"retry-after": "999999"}, LIMIT, 86_400.0),
        (403, {"retry-after": "soon"}, LIMIT, 60.0),
        (422, {}, ABUSE, 60.0),
        (422, {}, '{"message": "Validation Failed"}', None),
        (
            403,
            {"x-ratelimit-remaining": "4000"},
            '{"message": "Resource not accessible by integration"}',
            None,
        ),
        (404, {}, LIMIT, None),
        (502, {}, "", None),
    ],
)
def test_every_form_of_limit_is_a_pause(
    status: int, headers: dict[str, str], body: str, seconds: float | None
) -> None:
    asked = pause(status, headers, body, NOW)
    assert (asked and asked.seconds) == seconds


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('{"message": "No", "errors": ["a", {"code": "b"}]}', 'No; a; {"code": "b"}'),
        ("<html>", "<html>"),
        ("[1]", "[1]"),
        ('{"message": "No", "errors": null}', "No"),
        ("", ""),
    ],
)
def test_an_error_body_is_told_in_one_line(body: str, text: str) -> None:
    assert message(body) == text


@pytest.fixture
def place(tmp_path: Path, redis: Redis) -> Iterator[World]:
    with world(tmp_path, redis) as made:
        yield made


@pytest.fixture
def connection(place: World) -> Iterator[Connection]:
    with place.connection() as opened:
        yield opened


def requests(place: World, method: str, path: str) -> list[int]:
    return [entry.status for entry in place.github.log.entries(method, path)]


def test_the_token_is_narrowed_to_repository_and_permissions(place: World, connection: Connection) -> None:
    assert pull_request(connection, place.pull.number).head.sha == place.pull.head_sha
    minted = list(place.github.state.tokens.values())
    assert [token.repository_ids for token in minted] == [frozenset({place.repository.id})]
    granted = {name: level for name, level in minted[0].permissions.items() if name != "metadata"}
    assert granted == {"checks": "write", "contents": "read", "issues": "write", "pull_requests": "write"}


def test_a_token_is_used_again_and_replaced_once_when_refused(place: World, connection: Connection) -> None:
    pull_request(connection, place.pull.number)
    place.github.faults.next("GET", "/pulls/", Fault.UNAUTHORIZED)
    pull_request(connection, place.pull.number)
    pull_request(connection, place.pull.number)
    assert requests(place, "POST", "/access_tokens") == [201, 201]
    place.github.faults.next("GET", "/pulls/", Fault.UNAUTHORIZED, 2)
    with pytest.raises(GitHubRefused, match="401"):
        pull_request(connection, place.pull.number)


@pytest.mark.parametrize(
    "fault", [Fault.SERVER_ERROR, Fault.BAD_GATEWAY, Fault.DROP_BEFORE, Fault.DROP_AFTER]
)
def test_reads_are_repeated_few_times(place: World, connection: Connection, fault: Fault) -> None:
    place.github.faults.next("GET", "/pulls/", fault, 2)
    assert pull_request(connection, place.pull.number).number == place.pull.number
    place.github.faults.next("GET", "/pulls/", fault, 3)
    with pytest.raises(GitHubUnavailable):
        pull_request(connection, place.pull.number)


@pytest.mark.parametrize("fault", [Fault.RETRY_AFTER, Fault.SECONDARY, Fault.TOO_MANY, Fault.ABUSE])
def test_limits_are_handed_on_at_once(place: World, connection: Connection, fault: Fault) -> None:
    place.github.faults.next("POST", "/check-runs", fault, seconds=30)
    with pytest.raises(Postponed) as asked:
        create_check_run(connection, place.pull.head_sha, "key")
    assert 25 <= asked.value.seconds <= 60
    assert place.check_runs() == []
    assert len(requests(place, "POST", "/check-runs")) == 1


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.DROP_BEFORE, Fault.DROP_AFTER])
def test_a_check_run_is_made_once_whatever_happens_to_the_answer(
    place: World, connection: Connection, fault: Fault
) -> None:
    place.github.faults.next("POST", "/check-runs$", fault)
    run = create_check_run(connection, place.pull.head_sha, "key")
    assert [held.id for held in place.check_runs()] == [run.id]
    assert [held.external_id for held in check_runs(connection, place.pull.head_sha)] == ["key"]


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.DROP_AFTER])
def test_annotations_are_appended_once(place: World, connection: Connection, fault: Fault) -> None:
    run = create_check_run(connection, place.pull.head_sha, "key")
    batch = tuple(
        Annotation(
            path="app/main.py",
            start_line=line,
            end_line=line,
            annotation_level="warning",
            title="BA204",
            message="m",
        )
        for line in range(1, 51)
    )
    place.github.faults.next("PATCH", "/check-runs/", fault)
    annotate(connection, run.id, OUTPUT, batch)
    assert sorted(held.start_line for held in shown_annotations(connection, run.id)) == list(range(1, 51))


def test_a_run_is_completed_once(place: World, connection: Connection) -> None:
    run = create_check_run(connection, place.pull.head_sha, "key")
    place.github.faults.next("PATCH", "/check-runs/", Fault.DROP_AFTER)
    assert complete_check_run(connection, run.id, "success", OUTPUT).completed
    assert 200 not in requests(place, "PATCH", "/check-runs/")


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.DROP_AFTER])
def test_a_review_is_posted_once(place: World, connection: Connection, fault: Fault) -> None:
    comment = DraftComment(path="app/main.py", body="b", line=12, side="RIGHT")
    draft = DraftReview(commit=place.pull.head_sha, body="text\n\nMARK", marker="MARK", comments=(comment,))
    place.github.faults.next("POST", "/reviews", fault)
    posted = create_review(connection, place.pull.number, draft)
    assert [held.id for held in reviews(connection, place.pull.number)] == [posted.id]
    assert [held.line for held in review_comments(connection, place.pull.number)] == [12]


def test_a_bad_anchor_is_refused_as_a_whole(place: World, connection: Connection) -> None:
    comment = DraftComment(path="app/main.py", body="b", line=900, side="RIGHT")
    draft = DraftReview(commit=place.pull.head_sha, body="b", marker="b", comments=(comment,))
    with pytest.raises(GitHubRefused) as refused:
        create_review(connection, place.pull.number, draft)
    assert refused.value.status == 422


def test_no_write_passes_the_guard(place: World, connection: Connection) -> None:
    def lost() -> None:
        raise LeaseLost("item")

    connection.guard = lost
    assert pull_request(connection, place.pull.number).number == place.pull.number
    with pytest.raises(LeaseLost):
        create_check_run(connection, place.pull.head_sha, "key")
    assert requests(place, "POST", "/check-runs") == []


def test_lists_are_read_to_their_end(place: World, connection: Connection) -> None:
    for number in range(103):
        place.github.person("reader").comment(place.pull, f"comment {number}")
    answer(connection, place.pull.number, "mine", "mine")
    assert [held.body for held in own_answers(connection, place.pull.number)] == ["mine"]


def test_only_own_comments_count_as_own(place: World, connection: Connection) -> None:
    other = place.github.person("reader")
    other.comment(place.pull, "<!-- backend-architect:v1 answer=1 -->")
    other.review_comment(place.pull, "<!-- backend-architect:v1 finding=f1 -->", path="app/main.py", line=12)
    assert own_answers(connection, place.pull.number) == ()
    assert review_comments(connection, place.pull.number) == ()


def test_reactions_and_answers_are_given_once(place: World, connection: Connection) -> None:
    written = place.github.person("reader").comment(place.pull, "/architect help")
    place.github.faults.next("POST", "/reactions", Fault.DROP_AFTER)
    react(connection, "issue", written.id, "eyes")
    place.github.faults.next("POST", "/comments", Fault.DROP_AFTER)
    answer(connection, place.pull.number, "text MARK", "MARK")
    assert [held.content for held in own_reactions(connection, "issue", written.id)] == ["eyes"]
    assert len(own_answers(connection, place.pull.number)) == 1


def test_who_may_write_is_asked_of_github(connection: Connection) -> None:
    assert may_write(connection, "maintainer")
    assert not may_write(connection, "reader")
    assert not may_write(connection, "stranger")


def test_pull_requests_are_found_by_sha_and_the_merge_base_is_githubs(
    place: World, connection: Connection
) -> None:
    found = pull_requests_of(connection, place.pull.head_sha)
    assert [pull.number for pull in found] == [place.pull.number]
    base = pull_request(connection, place.pull.number).base.sha
    assert merge_base(connection, base, place.pull.head_sha) == base
    assert merge_base(connection, base, "1" * 40) is None
    assert [file.filename for file in changed_files(connection, place.pull.number)] == ["app/main.py"]


def test_another_installations_repository_is_out_of_reach(place: World) -> None:
    other = place.github.create_repository("other/shop")
    with place.connection() as connection:
        connection.full_name = other.full_name
        with pytest.raises(GitHubRefused) as refused:
            pull_request(connection, 1)
    assert refused.value.status == 404


def test_secrets_appear_in_no_representation(place: World) -> None:
    connection = place.connection()
    token = connection.app.token(place.installation.id, place.repository.id, {"contents": "read"})
    shown = f"{token!r} {connection!r} {connection.app!r}"
    assert token.token not in shown
    assert "PRIVATE KEY" not in shown
