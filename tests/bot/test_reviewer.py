"""The reviewer as a worker makes it from settings, in a process of its own that is killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from redis import Redis

from bot.demo.github.exchange import Exchange
from bot.ledger import intake, names
from tests.bot.reviewed import World, ended, world

pytestmark = pytest.mark.thorough

WORKER = """
import sys
from redis import Redis
from bot import jobs, settings
from bot.reviewer import reviewer

chosen = settings.load()
policy = jobs.Policy(lease_seconds=3, retry_seconds=(0.1, 0.1, 0.1))
redis = Redis.from_url(chosen.redis_url, decode_responses=True)
jobs.drain(redis, sys.argv[1], reviewer(chosen), policy)
"""


def started(place: World, redis_url: str, folder: Path) -> subprocess.Popen[bytes]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GITHUB_APP_ID": str(place.app.id),
        "GITHUB_PRIVATE_KEY": place.app.private_key,
        "GITHUB_API_URL": place.github.api_url,
        "GITHUB_URL": place.github.url,
        "REDIS_URL": redis_url,
        "DATA_FOLDER": str(folder / "data"),
    }
    command = [sys.executable, "-c", WORKER, names.item_of(place.key)]
    return subprocess.Popen(command, env=environment)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        pytest.param("POST", "/access_tokens", b"", marks=pytest.mark.thorough),
        pytest.param("POST", "/check-runs", b"", marks=pytest.mark.thorough),
        pytest.param("PATCH", "/check-runs/", b'"in_progress"', marks=pytest.mark.thorough),
        pytest.param("POST", "/git-upload-pack", b"", marks=pytest.mark.thorough),
        pytest.param("PATCH", "/check-runs/", b'"annotations"', marks=pytest.mark.thorough),
        ("PATCH", "/check-runs/", b'"completed"'),
        ("POST", "/reviews", b""),
    ],
)
def test_a_worker_killed_at_any_point_leaves_one_of_each(
    tmp_path: Path, redis: Redis, redis_url: str, method: str, path: str, body: bytes
) -> None:
    workers: list[subprocess.Popen[bytes]] = []

    def kill_there(seen: Exchange) -> None:
        there = seen.method == method and path in seen.path and body in seen.request_body
        if there and len(workers) == 1:
            workers[0].kill()
            workers[0].wait()

    with world(tmp_path, redis, observe=kill_there) as place:
        intake.want(redis, place.request())
        workers.append(started(place, redis_url, tmp_path))
        assert workers[0].wait(timeout=60) == -9
        while redis.exists(names.lease_of(names.item_of(place.key))):
            time.sleep(0.05)
        workers.append(started(place, redis_url, tmp_path))
        assert workers[1].wait(timeout=60) == 0
        assert ended(place) == [("completed", "failure")]
        assert len(place.check_runs()[0].annotations) == 1
        assert len(place.github.review_comments(place.pull)) == 1
        assert len(place.github.reviews(place.pull)) == 1
