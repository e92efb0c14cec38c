from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from bot import jobs
from bot.demo.github.checks import CheckRun
from bot.demo.github.faults import Fault
from bot.ledger import intake, names
from bot.review import Outcome
from bot.triggers import CommitKey, GroupKey, GroupRequest, LookupBySha
from tests.bot.reviewed import ONE_TRY, World, fence, world


@pytest.fixture
def place(tmp_path: Path, redis: Redis) -> Iterator[World]:
    with world(tmp_path, redis) as made:
        yield made


def asked(place: World, head: str, *, number: int | None) -> GroupRequest:
    key = place.key
    return GroupRequest(
        key=GroupKey(key.host, key.app, key.installation, key.repository, head),
        owner=place.repository.owner.login,
        name=place.repository.name,
        base=place.pull.base_sha,
        number=number,
        reason="merge_group.checks_requested",
        attempt="group-1",
    )


def reviewed(place: World, request: GroupRequest) -> list[CheckRun]:
    """The check runs on the group's head when everything that was wanted is done."""
    intake.want(place.redis, request)
    jobs.drain(place.redis, names.item_of(request.key), place.reviewer, ONE_TRY)
    return [run for run in place.github.state.runs.values() if run.head_sha == request.key.group]


def test_what_the_pull_request_introduces_alone_does_not_count(place: World) -> None:
    head = place.github.person("maintainer").enqueue(place.pull)
    (run,) = reviewed(place, asked(place, head, number=place.pull.number))
    assert (run.status, run.conclusion, run.annotations) == ("completed", "success", [])
    assert run.title == "Nothing that comes of merging these together"
    assert run.actions == []
    assert place.github.review_comments(place.pull) == []


def test_all_counts_where_the_group_does_not_say_what_it_adds(place: World) -> None:
    head = place.github.person("maintainer").enqueue(place.pull)
    (run,) = reviewed(place, asked(place, head, number=None))
    assert (run.conclusion, len(run.annotations)) == ("failure", 1)
    assert "does not say which pull request" in (run.summary or "")


def test_a_group_that_is_gone_is_let_go_of(place: World) -> None:
    request = asked(place, "e" * 40, number=place.pull.number)
    assert place.reviewer.group(request, fence(place)) is Outcome.GONE
    assert reviewed(place, request) == []


def test_a_group_that_cannot_be_reviewed_does_not_let_the_queue_wait(place: World) -> None:
    head = place.github.person("maintainer").enqueue(place.pull)
    place.github.faults.next("POST", r"\.git/git-upload-pack$", Fault.SERVER_ERROR, 4)
    (run,) = reviewed(place, asked(place, head, number=place.pull.number))
    assert (run.status, run.conclusion) == ("completed", "timed_out")


def test_a_group_is_found_again_by_its_check_run(place: World) -> None:
    head = place.github.person("maintainer").enqueue(place.pull)
    request = asked(place, head, number=place.pull.number)
    assert len(reviewed(place, request)) == 1
    key = request.key
    lookup = LookupBySha(
        key=CommitKey(key.host, key.app, key.installation, key.repository, head),
        owner=request.owner,
        name=request.name,
        reason="check_run.rerequested",
        attempt="again",
    )
    (found,) = place.reviewer.lookup(lookup)
    assert isinstance(found, GroupRequest)
    assert (found.key, found.base, found.number) == (key, request.base, request.number)
    assert [run.conclusion for run in reviewed(place, found)] == ["success", "success"]
