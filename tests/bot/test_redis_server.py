from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from bot import redis_server
from bot.redis_server import NoRedis

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="architect-") as short:
        yield Path(short)


def answers(url: str) -> bool:
    try:
        with Redis.from_url(url) as client:
            return bool(client.ping())
    except RedisError:
        return False


def test_it_keeps_what_it_was_given_and_evicts_nothing(folder: Path) -> None:
    with redis_server.running(folder) as url, Redis.from_url(url, decode_responses=True) as client:
        for option, value in {
            "appendonly": "yes",
            "appendfsync": "always",
            "maxmemory-policy": "noeviction",
            "port": "0",
        }.items():
            assert client.config_get(option) == {option: value}
        client.set("kept", "yes")
    assert not answers(url)
    with redis_server.running(folder) as url, Redis.from_url(url, decode_responses=True) as client:
        assert client.get("kept") == "yes"


def test_one_that_dies_comes_back_with_its_data(folder: Path) -> None:
    with redis_server.running(folder) as url:
        with Redis.from_url(url) as client:
            client.set("kept", "yes")
            process = client.info("server")["process_id"]
        os.kill(process, signal.SIGKILL)
        end = time.monotonic() + 20
        while not answers(url):
            assert time.monotonic() < end
            time.sleep(0.02)
        with Redis.from_url(url, decode_responses=True) as client:
            assert client.get("kept") == "yes"
            assert client.info("server")["process_id"] != process


def test_a_folder_has_one_server(folder: Path) -> None:
    with (
        redis_server.running(folder),
        pytest.raises(NoRedis, match="set DATA_FOLDER"),
        redis_server.running(folder),
    ):
        pass
    with redis_server.running(folder) as url:
        assert answers(url)


def test_a_deep_folder_gets_a_short_socket(folder: Path) -> None:
    deep = folder / ("d" * 60) / ("e" * 60)
    with redis_server.running(deep) as url:
        assert answers(url)
        assert len(url.removeprefix("unix://")) <= redis_server.LONGEST_SOCKET_PATH
    assert not answers(url)


def test_a_machine_without_redis_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("PATH", str(folder))
    server = redis_server.find_server()
    assert server.name == "redis-server"
    own = folder / "valkey-server"
    own.write_text("#!/bin/sh\nexit 1\n")
    own.chmod(0o755)
    assert redis_server.find_server() == own
    with pytest.raises(NoRedis, match="did not start"), redis_server.running(folder):
        pass


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="prctl is Linux's")
def test_it_dies_with_a_killed_parent(folder: Path) -> None:
    program = (
        "import sys, time\nfrom pathlib import Path\nfrom bot import redis_server\n"
        "with redis_server.running(Path(sys.argv[1])) as url:\n"
        "    print(url, flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, cwd=ROOT, text=True
    ) as parent:
        assert parent.stdout is not None
        url = parent.stdout.readline().strip()
        assert answers(url)
        parent.kill()
    end = time.monotonic() + 20
    while answers(url):
        assert time.monotonic() < end
        time.sleep(0.02)
