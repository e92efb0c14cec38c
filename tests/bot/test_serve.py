from __future__ import annotations

import contextlib
import functools
import hashlib
import hmac
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from redis import Redis

from bot import service
from bot.console import replay, serve
from bot.console.failure import CommandFailure
from bot.ledger import names
from bot.service import Role, Served, ServiceError
from bot.settings import load
from bot.triggers import PullRequestKey

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[2]
SECRET = "correct horse"
PAYLOAD = {
    "action": "opened",
    "installation": {"id": 11},
    "repository": {"id": 22, "name": "shop", "owner": {"login": "ada"}},
    "pull_request": {"number": 7, "head": {"sha": "a" * 40}},
}


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 40
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """A complete environment; nobody listens at its GitHub."""
    with (
        socket.create_server(("127.0.0.1", 0)) as closed,
        tempfile.TemporaryDirectory(prefix="architect-") as folder,
    ):
        nobody = closed.getsockname()[1]
        closed.close()
        yield {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "GITHUB_APP_ID": "42",
            "GITHUB_API_URL": f"http://127.0.0.1:{nobody}",
            "GITHUB_WEBHOOK_SECRET": SECRET,
            "GITHUB_PRIVATE_KEY": private_key(),
            "DATA_FOLDER": folder,
            "PORT": "0",
            "RETRY_SECONDS": "0.1,60",
            "SWEEP_SECONDS": "0.1",
            "LEASE_SECONDS": "3",
            "STOP_SECONDS": "10",
        }


def deliver(url: str, guid: str) -> int:
    body = json.dumps(PAYLOAD).encode()
    headers = {
        "Content-Type": "application/json",
        "X-GitHub-Event": "pull_request",
        "X-GitHub-Delivery": guid,
        "X-Hub-Signature-256": "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest(),
    }
    with contextlib.closing(
        http.client.HTTPConnection(url.removeprefix("http://"), timeout=20)
    ) as connection:
        connection.request("POST", "/webhook", body, headers)
        return connection.getresponse().status


def children(role: Role) -> list[int]:
    """The processes of a role below this process (Linux)."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            command = (entry / "cmdline").read_text().split("\0")
            if parent == os.getpid() and command[-3:-1] == ["bot.service_process", role.value]:
                found.append(int(entry.name))
    return found


def replaced(role: Role, victim: int) -> bool:
    """Whether another process has the killed one's place."""
    return children(role) not in ([], [victim])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it looks into /proc")
def test_the_whole_service_runs_survives_and_stops(environment: dict[str, str]) -> None:
    chosen = load(environment)
    item = names.item_of(PullRequestKey(chosen.github_host, "42", 11, 22, 7))
    with service.running(chosen, environment) as served:
        assert isinstance(served, Served)
        assert served.url is not None
        url = served.url
        assert deliver(url, "guid-0001") == 202
        with Redis.from_url(served.redis_url, decode_responses=True) as redis:
            until(lambda: redis.hget(names.state_of(item), "tries") == "2")
        for role in Role:
            (victim,) = children(role)
            os.kill(victim, signal.SIGKILL)
            until(functools.partial(replaced, role, victim))
        assert deliver(url, "guid-0002") == 202
        with Redis.from_url(served.redis_url, decode_responses=True) as redis:
            until(lambda: redis.hget(names.state_of(item), "tried") == "2")
    assert [children(role) for role in Role] == [[], [], []]


def test_serve_says_where_it_listens_and_stops_on_sigterm(environment: dict[str, str]) -> None:
    program = "from bot.console import serve; serve.run()"
    with subprocess.Popen(
        [sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Listening for deliveries on http://127.0.0.1:")
        url = line.split()[-1].removesuffix("/webhook")
        assert deliver(url, "guid-0001") == 202
        process.terminate()
        assert process.wait(30) == 0


def test_what_is_missing_is_named_at_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("GITHUB_WEBHOOK_SECRET", "GITHUB_PRIVATE_KEY_PATH", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GITHUB_APP_ID", "42")
    monkeypatch.setenv("DATA_FOLDER", str(tmp_path))
    with pytest.raises(CommandFailure) as caught:
        serve.run()
    assert [line.split()[0] for line in str(caught.value).splitlines()] == [
        "GITHUB_WEBHOOK_SECRET",
        "GITHUB_PRIVATE_KEY_PATH",
    ]
    with pytest.raises(ServiceError, match="REDIS_URL is not set"):
        service.load(frozenset({Role.SWEEPER}))
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_is_named(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        chosen = load(environment | {"PORT": str(port), "REDIS_URL": "unix:///nowhere"})
        with pytest.raises(ServiceError, match=f"Cannot listen on 127.0.0.1:{port}"):  # noqa: SIM117
            with service.running(chosen, environment):
                pass


def test_a_recorded_delivery_is_signed_anew(tmp_path: Path) -> None:
    recording = {"guid": "guid-0001", "event": "pull_request", "request": {"headers": {}, "payload": PAYLOAD}}
    document = json.dumps(recording).encode()
    request = replay.request(
        msgspec.json.decode(document, type=replay.Recording),
        SECRET.encode(),
        "http://127.0.0.1:1/webhook",
    )
    assert isinstance(request.data, bytes)
    assert json.loads(request.data) == PAYLOAD
    signature = hmac.new(SECRET.encode(), request.data, hashlib.sha256).hexdigest()
    assert request.headers["X-hub-signature-256"] == f"sha256={signature}"
    broken = tmp_path / "delivery.json"
    broken.write_text("{}")
    with pytest.raises(CommandFailure, match="is no delivery"):
        replay.run(broken)
