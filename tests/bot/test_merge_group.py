from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from redis import Redis

import rules
from bot import jobs
from bot.demo.github.checks import CheckRun
from bot.demo.github.faults import Fault
from bot.ledger import intake, names
from bot.review import Outcome
from bot.triggers import CommitKey, GroupKey, GroupRequest, LookupBySha
from tests.bot.commanding import reactions, said
from tests.bot.reviewed import ONE_TRY, World, fence, world

ROUTER = """\
from fastapi import APIRouter

router = APIRouter(prefix="/items")


@router.get("/{name}")
def read(name: str) -> str:
    return name
"""
APPLICATION = """\
from fastapi import FastAPI

from app import latest, names, plugins

app = FastAPI()
plugins.install(app)
app.include_router(names.router)
app.include_router(latest.router)
"""
PLUGINS = """\
from fastapi import FastAPI

from app import names


def install(app: FastAPI) -> None:
    ...
"""
SHADOWED_BY_INCLUSION: dict[str, bytes | str | None] = {
    "app/main.py": APPLICATION,
    "app/names.py": ROUTER,
    "app/latest.py": ROUTER.replace("{name}", "latest").replace("name: str", "").replace(" name\n", ' ""\n'),
    "app/plugins.py": PLUGINS,
}


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


def shadowed_again(place: World) -> World:
    """A pull request that brings back, on a main that mends it, the shadowed route it was cut from."""
    github = place.github
    github.push(place.repository, "main", SHADOWED_BY_INCLUSION, "a route that another shadows")
    installed = PLUGINS.replace("    ...\n", "") + "    app.include_router(names.router)\n"
    github.push(place.repository, "plugins", {"app/plugins.py": installed}, "install the names")
    pull = github.open_pull_request(place.repository, "plugins", title="Install the names")
    return dataclasses.replace(place, pull=pull)


def mended(place: World) -> str:
    without = APPLICATION.replace("app.include_router(names.router)\n", "")
    return place.github.push(place.repository, "main", {"app/main.py": without}, "leave the names to plugins")


def shadowed_fingerprint() -> str:
    tree = {path: str(text).encode() for path, text in SHADOWED_BY_INCLUSION.items()}
    found = rules.review_trusted(tree, rules.Options(select=("BA204",)), cache=rules.NoCache()).findings
    return found[0].fingerprint


@pytest.mark.parametrize(("word", "conclusion"), [("", "failure"), ("ignore", "success")])
def test_what_people_ignored_on_the_pull_request_does_not_count_in_its_group(
    place: World, word: str, conclusion: str
) -> None:
    late = shadowed_again(place)
    if word:
        comment = said(
            late, "maintainer", f"/architect {word} {shadowed_fingerprint()[:8]} it is only a plugin"
        )
        assert reactions(comment) == ["eyes", "rocket"]
    base = mended(late)
    head = late.github.person("maintainer").enqueue(late.pull)
    request = msgspec.structs.replace(asked(late, head, number=late.pull.number), base=base)
    (run,) = reviewed(late, request)
    assert (run.status, run.conclusion) == ("completed", conclusion)
    assert ("it is only a plugin" in (run.summary or "")) == bool(word)
