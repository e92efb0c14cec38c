from __future__ import annotations

import time

from redis import Redis

from bot.demo.github import LocalGitHub
from bot.demo.github.accounts import App
from bot.demo.github.checks import CheckRun
from bot.demo.github.faults import Fault
from bot.github.app import GitHubApp
from bot.ledger.names import Scope
from bot.registration import CHECK_NAME, EVENTS, PERMISSIONS
from bot.setup.welcome import Welcome
from tests.github.fixtures import github

__all__ = ["github"]

FILES = {"README.md": "# Shop\n"}
LOCKED_SECONDS = 0.2


def registered(github: LocalGitHub) -> App:
    return github.create_app(permissions=PERMISSIONS, events=EVENTS)


def welcome(github: LocalGitHub, app: App, redis: Redis) -> Welcome:
    identity = GitHubApp(api_url=github.api_url, app_id=str(app.id), private_key=app.private_key)
    host = github.url.removeprefix("http://")
    return Welcome(
        redis=redis, app=lambda: identity, scope=Scope(host, str(app.id)), look_seconds=LOCKED_SECONDS
    )


def look(greeter: Welcome) -> int:
    """Look when no other process does any more."""
    while greeter.redis.exists(f"{greeter.scope.welcomed}:lock"):
        time.sleep(0.02)
    return greeter.look()


def runs(github: LocalGitHub) -> list[CheckRun]:
    with github.state.lock:
        return list(github.state.runs.values())


def test_a_new_installation_gets_one_check_run_on_its_first_repository(
    github: LocalGitHub, redis: Redis
) -> None:
    app = registered(github)
    empty, shop, other = (github.create_repository(f"octo-org/{name}") for name in ("empty", "shop", "other"))
    head = github.push(shop, "main", FILES, "Begin")
    github.push(other, "main", FILES, "Begin")
    greeter = welcome(github, app, redis)
    assert look(greeter) == 0
    github.install(app, empty, shop, other)
    assert (look(greeter), look(greeter)) == (1, 0)
    (run,) = runs(github)
    assert (run.name, run.head_sha, run.status, run.conclusion) == (CHECK_NAME, head, "completed", "success")


def test_an_empty_installation_is_welcomed_once_it_has_a_commit(github: LocalGitHub, redis: Redis) -> None:
    app = registered(github)
    repository = github.create_repository("octo-org/empty")
    github.install(app, repository)
    greeter = welcome(github, app, redis)
    assert (look(greeter), runs(github)) == (0, [])
    github.push(repository, "main", FILES, "Begin")
    assert (look(greeter), len(runs(github))) == (1, 1)


def test_a_lost_answer_and_a_lost_redis_double_nothing(github: LocalGitHub, redis: Redis) -> None:
    app = registered(github)
    repository = github.create_repository("octo-org/shop")
    github.push(repository, "main", FILES, "Begin")
    github.install(app, repository)
    github.faults.next("POST", "/check-runs$", Fault.DROP_AFTER)
    greeter = welcome(github, app, redis)
    assert (look(greeter), len(runs(github))) == (1, 1)
    redis.delete(greeter.scope.welcomed)
    assert (look(greeter), len(runs(github))) == (1, 1)


def test_one_process_at_a_time_looks(github: LocalGitHub, redis: Redis) -> None:
    app = registered(github)
    repository = github.create_repository("octo-org/shop")
    github.push(repository, "main", FILES, "Begin")
    github.install(app, repository)
    first, second = (welcome(github, app, redis) for _ in range(2))
    redis.set(f"{first.scope.welcomed}:lock", "somebody")
    assert (first.look(), second.look(), runs(github)) == (0, 0, [])
    redis.delete(f"{first.scope.welcomed}:lock")
    assert look(first) == 1
