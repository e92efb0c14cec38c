"""One installation never acts for another: what it names, holds, remembers and logs is its own."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from redis import Redis

import rules
from bot import jobs
from bot.demo.github.accounts import Installation
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.repository import Repository
from bot.github.refusal import GitHubRefused
from bot.healing.look import Terms
from bot.healing.reconciliation import Allowance, Reconciliation
from bot.ledger import intake, names
from bot.review import Outcome
from bot.triggers import ReviewRequest
from tests.bot.healed import scope
from tests.bot.reviewed import MAIN, ONE_TRY, SHADOWED, START, World, connected, ended, fence, world
from tests.bot.test_reconciliation import HOUR, now


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Another installation of the same App, with a repository and pull request of the same names."""

    installation: Installation
    repository: Repository
    pull: PullRequest


@pytest.fixture
def place(tmp_path: Path, redis: Redis) -> Iterator[World]:
    with world(tmp_path, redis) as made:
        yield made


@pytest.fixture
def neighbour(place: World) -> Neighbour:
    github = place.github
    repository = github.create_repository("globex/shop")
    github.push(repository, "main", START, "start")
    github.push(repository, "feature", {"app/main.py": MAIN + SHADOWED}, "change")
    installation = github.install(place.app, repository)
    pull = github.open_pull_request(repository, "feature", title="Theirs")
    return Neighbour(installation=installation, repository=repository, pull=pull)


def confused(place: World, neighbour: Neighbour, deputy: str) -> ReviewRequest:
    """A request of ours that names something of the neighbour's."""
    own = place.request("confused")
    theirs = {"owner": neighbour.repository.owner.login, "name": neighbour.repository.name}
    changed = {
        "their name": own.key,
        "their repository": msgspec.structs.replace(own.key, repository=neighbour.repository.id),
        "their installation": msgspec.structs.replace(own.key, installation=neighbour.installation.id),
    }
    return msgspec.structs.replace(own, key=changed[deputy], **theirs)


@pytest.mark.parametrize("deputy", ["their name", "their repository", "their installation"])
def test_no_token_reaches_over_to_another_installation(
    place: World, neighbour: Neighbour, deputy: str
) -> None:
    request = confused(place, neighbour, deputy)
    outcome = place.reviewer.review(request, fence(place))
    assert outcome is Outcome.GONE
    assert place.github.check_runs(neighbour.pull) == []
    assert ended(place) == []
    assert [each for each in place.github.log.entries("POST", "/repos/") if each.status < 300] == []
    folder = place.reviewer.services.repositories.folder
    assert not folder.exists() or list(folder.iterdir()) == []


def test_a_token_of_one_repository_does_not_read_another(place: World, neighbour: Neighbour) -> None:
    theirs = connected(place.github, place.app, place.installation, place.repository)
    theirs.full_name = neighbour.repository.full_name
    with theirs, pytest.raises(GitHubRefused) as refused:
        theirs.read("/pulls/1")
    assert refused.value.status == 404


@pytest.mark.thorough
def test_tokens_are_kept_apart_by_installation_repository_and_permissions(
    place: World, neighbour: Neighbour
) -> None:
    app = place.reviewer.services.app
    read, write = {"checks": "read"}, {"checks": "write"}
    places = [
        (place.installation.id, place.repository.id, read),
        (place.installation.id, place.repository.id, write),
        (place.installation.id, None, read),
        (neighbour.installation.id, neighbour.repository.id, read),
        (neighbour.installation.id, None, read),
    ]
    tokens = [app.token(*each).token for each in places]
    assert len(set(tokens)) == len(places)
    assert [app.token(*each).token for each in places] == tokens


@pytest.mark.thorough
def test_every_key_of_the_ledger_names_its_installation(place: World, neighbour: Neighbour) -> None:
    theirs = msgspec.structs.replace(
        place.key, installation=neighbour.installation.id, repository=neighbour.repository.id
    )
    place.review()
    other = msgspec.structs.replace(place.request("theirs"), key=theirs, owner="globex")
    intake.want(place.redis, other)
    jobs.drain(place.redis, names.item_of(theirs), place.reviewer, ONE_TRY)
    own = scope(place)
    held = set(place.redis.scan_iter(f"architect:{own.host}/{own.app}/*"))
    mine = {each for each in held if each.startswith(own.place(place.installation.id))}
    them = {each for each in held if each.startswith(own.place(neighbour.installation.id))}
    assert mine
    assert them
    assert mine.isdisjoint(them)
    for each in them:
        kind = place.redis.type(each)
        text = str(place.redis.hgetall(each) if kind == "hash" else place.redis.dump(each))
        assert "acme" not in text


@pytest.mark.thorough
def test_mirrors_are_kept_apart_by_repository_id(place: World, neighbour: Neighbour) -> None:
    place.review()
    theirs = msgspec.structs.replace(
        place.key, installation=neighbour.installation.id, repository=neighbour.repository.id
    )
    place.github.push(neighbour.repository, "feature", {"secret.py": "TOKEN = 'theirs'\n"}, "secret")
    intake.want(place.redis, msgspec.structs.replace(place.request("theirs"), key=theirs, owner="globex"))
    jobs.drain(place.redis, names.item_of(theirs), place.reviewer, ONE_TRY)
    folder = place.reviewer.services.repositories.folder
    found = {each.name: _kept(each) for each in folder.glob("*.git")}
    assert set(found) == {f"{place.repository.id}.git", f"{neighbour.repository.id}.git"}
    assert neighbour.pull.head_sha not in found[f"{place.repository.id}.git"]
    assert place.pull.head_sha not in found[f"{neighbour.repository.id}.git"]


def _kept(mirror: Path) -> str:
    command = ["git", f"--git-dir={mirror}", "for-each-ref", "--format=%(objectname)"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_what_is_remembered_of_a_file_is_of_its_content_and_not_of_its_name(tmp_path: Path) -> None:
    facts = rules.FactCache(tmp_path)
    options = rules.Options()
    app = b"from fastapi import FastAPI\n\napp = FastAPI()\n"
    ours = app + b"\n\n@app.get('/ours')\ndef read() -> int:\n    return 0\n"
    theirs = app + b"\n\n@app.get('/theirs')\ndef read() -> int:\n    return 0\n"
    first = rules.review({"main.py": ours}, options, cache=facts)
    second = rules.review({"main.py": theirs}, options, cache=facts)
    third = rules.review({"main.py": ours}, options, cache=facts)
    assert [route.path for route in first.routes.routes] == ["/ours"]
    assert [route.path for route in second.routes.routes] == ["/theirs"]
    assert [route.path for route in third.routes.routes] == ["/ours"]


def test_healing_asks_about_an_installation_with_its_own_token_alone(
    place: World, neighbour: Neighbour
) -> None:
    terms = Terms(patience=HOUR, grace=HOUR * 0)
    app = place.reviewer.services.app
    looked = Reconciliation(app=app, redis=place.redis, scope=scope(place), terms=terms)
    assert looked.sweep(now(), Allowance(None))
    for installation, name in (
        (place.installation, place.repository.full_name),
        (neighbour.installation, neighbour.repository.full_name),
    ):
        entries = place.github.log.entries(path=f"/repos/{name}/")
        assert {entry.installation for entry in entries} == {installation.id}
    wanted = {
        (key.installation, key.repository)
        for key in (names.key_of(str(item)) for item in place.redis.zrange(scope(place).work, 0, -1))
    }
    assert wanted == {
        (place.installation.id, place.repository.id),
        (neighbour.installation.id, neighbour.repository.id),
    }


LOGGED = """
import sys
from redis import Redis
from bot import jobs, logs
from bot.ledger import names
from tests.bot.counting import CountingReviewer

logs.configure("info")

class Failing(CountingReviewer):
    def review(self, request, fence):
        raise RuntimeError(f"about {request.owner}")

with Redis.from_url(sys.argv[1], decode_responses=True) as redis:
    for item in sys.argv[2:]:
        jobs.drain(redis, item, Failing(redis), jobs.Policy(lease_seconds=30, retry_seconds=(60,)))
    import structlog
    structlog.get_logger("after").info("nothing is left over")
"""


def test_a_log_line_names_the_item_that_it_is_about(redis_url: str, redis: Redis, place: World) -> None:
    items = []
    for number, owner in ((1, "acme"), (2, "globex")):
        key = msgspec.structs.replace(place.key, installation=number)
        intake.want(redis, msgspec.structs.replace(place.request(owner), key=key, owner=owner))
        items.append(names.item_of(key))
    command = [sys.executable, "-c", LOGGED, redis_url, *items]
    folder = Path(__file__).parents[2]
    shown = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder).stderr
    lines = [json.loads(line) for line in shown.splitlines() if line.startswith("{")]
    about = {
        owner: [line.get("item") for line in lines if owner in str(line)] for owner in ("acme", "globex")
    }
    assert about == {"acme": [items[0]], "globex": [items[1]]}
    assert lines[-1]["event"] == "nothing is left over"
    assert "item" not in lines[-1]
