from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from redis import Redis

from bot.ledger.fence import Fence
from bot.review import Outcome, requests_of
from bot.triggers import CommitKey, LookupBySha
from tests.bot.reviewed import MAIN, SHADOWED, World, ended, fence, held_lease, shown, world, writes


@pytest.fixture
def place(tmp_path: Path, redis: Redis) -> Iterator[World]:
    with world(tmp_path, redis) as made:
        yield made


def test_a_pull_request_gets_its_check_run_and_then_its_review(place: World) -> None:
    place.review()
    run = place.check_runs()[0]
    assert ended(place) == [("completed", "failure")]
    assert "1 new, 0 fixed, 0 remaining" in shown(run)
    assert "BA204 route-shadowed" in shown(run)
    assert [remark["start_line"] for remark in run.annotations] == [11]
    comments = place.github.review_comments(place.pull)
    assert len(comments) == 1
    assert "**[BA204 route-shadowed](" in comments[0].body
    assert [held.commit_id for held in place.github.reviews(place.pull)] == [place.pull.head_sha]
    numbers = [what if not what.isdigit() else "N" for _, what in writes(place)]
    assert numbers == ["check-runs", "N", "N", "N", "reviews"]


def test_a_fix_turns_the_check_green_without_a_word(place: World) -> None:
    place.review()
    place.push({"app/main.py": MAIN})
    place.review("delivery-2")
    run = place.check_runs()[0]
    assert run.conclusion == "success"
    assert "No problem introduced" in shown(run)
    assert len(place.github.reviews(place.pull)) == 1


def test_a_finding_in_a_file_that_the_diff_leaves_alone_stands_in_the_summary(place: World) -> None:
    place.github.push(place.repository, "main", {"app/other.py": "x = 1\n"}, "more")
    place.push({"app/main.py": MAIN + "\n" * 30 + SHADOWED})
    place.review()
    assert "BA204" in shown(place.check_runs()[0])


def test_a_draft_gets_its_check_run_alone(tmp_path: Path, redis: Redis) -> None:
    with world(tmp_path, redis, is_draft=True) as place:
        place.review()
        assert ended(place) == [("completed", "failure")]
        assert place.github.reviews(place.pull) == []
        place.github.person("author").mark_ready(place.pull)
        place.review("ready", fresh=True)
        assert len(place.github.review_comments(place.pull)) == 1


def test_a_closed_pull_request_is_left_alone(place: World) -> None:
    place.github.person("author").close(place.pull)
    assert place.reviewer.review(place.request(), fence(place)) is Outcome.CLOSED
    assert writes(place) == []


def test_a_name_that_leads_to_another_repository_is_refused(place: World) -> None:
    other = place.github.create_repository("acme/other")
    place.github.install(place.app, other)
    place.github.push(other, "main", {"a.py": "a = 1\n"}, "start")
    place.github.push(other, "feature", {"a.py": "a = 2\n"}, "change")
    place.github.open_pull_request(other, "feature", title="Other")
    request = msgspec.structs.replace(place.request(), name="other")
    assert place.reviewer.review(request, fence(place)) is Outcome.GONE
    assert writes(place) == []


def test_a_forks_commit_leads_to_its_pull_request(place: World) -> None:
    fork = place.github.fork(place.repository, "stranger")
    place.github.push(fork, "patch", {"app/main.py": MAIN + SHADOWED}, "change")
    pull = place.github.open_pull_request(place.repository, "patch", title="Fork", fork=fork, by="stranger")
    key = place.key
    lookup = LookupBySha(
        key=CommitKey(key.host, key.app, key.installation, key.repository, pull.head_sha),
        owner="acme",
        name="shop",
        reason="check_suite.rerequested",
        attempt="delivery-9",
    )
    found = requests_of(lookup, place.reviewer.services)
    assert [(request.key.number, request.fresh, request.attempt) for request in found] == [
        (pull.number, True, "delivery-9")
    ]
    lease = held_lease(place.redis, found[0].key)
    place.reviewer.review(found[0], Fence(redis=place.redis, item=lease.item, token=lease.token))
    assert [run.conclusion for run in place.github.check_runs(pull)] == ["failure"]


def test_a_repository_without_fastapi_passes_and_is_told_so(place: World) -> None:
    place.github.push(place.repository, "main", {"app/main.py": "print('hello')\n"}, "no web")
    place.github.push(place.repository, "feature", {"app/main.py": "print('bye')\n"}, "no web", onto="main")
    place.review()
    run = place.check_runs()[0]
    assert run.conclusion == "success"
    assert "No FastAPI code here" in shown(run)


def test_a_file_that_does_not_parse_is_named_and_the_others_are_reviewed(place: World) -> None:
    place.push({"app/broken.py": "def (:\n"})
    place.review()
    text = shown(place.check_runs()[0])
    assert "app/broken.py" in text
    assert "BA204" in text


def test_a_mistake_in_the_configuration_fails_in_its_place(place: World) -> None:
    place.push({"app/main.py": MAIN, ".github/backend-architect.yml": "selct: [BA3]\n"})
    place.review()
    run = place.check_runs()[0]
    assert run.conclusion == "failure"
    assert [(remark["path"], remark["start_line"]) for remark in run.annotations] == [
        (".github/backend-architect.yml", 1)
    ]


def test_a_change_cannot_soften_its_own_gate(place: World) -> None:
    place.push({".github/backend-architect.yml": "fail-on: critical\n"})
    place.review()
    assert place.check_runs()[0].conclusion == "failure"
    assert "the review went by the base commit's" in shown(place.check_runs()[0]).replace("\\", "")
