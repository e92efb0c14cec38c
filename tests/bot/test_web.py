from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.client
import json
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from redis import Redis

from bot import redis_server, settings
from bot.ledger import names
from bot.ledger.names import Scope
from bot.triggers import PullRequestKey
from bot.web.receiver import receiver
from bot.web.webhook import LARGEST_BODY
from tests.github.packages import WEBHOOKS_EXAMPLES, package_folder

SECRET = b"correct horse"
GUID = "72d3162e-cc78-11e3-81ab-4c9367dc0958"


@contextlib.contextmanager
def serving(redis_url: str, scope: Scope) -> Iterator[str]:
    chosen = settings.load(
        {
            "GITHUB_APP_ID": scope.app,
            "GITHUB_API_URL": f"https://{scope.host}",
            "GITHUB_WEBHOOK_SECRET": SECRET.decode(),
            "REDIS_URL": redis_url,
        }
    )
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(receiver(chosen), log_config=None, lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@pytest.fixture
def url(redis_url: str, scope: Scope) -> Iterator[str]:
    with serving(redis_url, scope) as served:
        yield served


def sign(body: bytes) -> str:
    return "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()


def ask(
    url: str, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> tuple[int, str]:
    with contextlib.closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)) as connection:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def deliver(url: str, event: str, body: bytes, **changes: str) -> tuple[int, str]:
    headers = {
        "Content-Type": "application/json",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": GUID,
        "X-Hub-Signature-256": sign(body),
    }
    return ask(url, "POST", "/webhook", body, headers | {k.replace("_", "-"): v for k, v in changes.items()})


def opened(number: int = 7) -> bytes:
    document = {
        "action": "opened",
        "installation": {"id": 11},
        "repository": {"id": 22, "name": "shop", "owner": {"login": "ada"}},
        "pull_request": {"number": number, "head": {"sha": "a" * 40}},
    }
    return json.dumps(document).encode()


def test_a_delivery_is_in_redis_when_it_is_accepted(url: str, redis: Redis, scope: Scope) -> None:
    item = names.item_of(PullRequestKey(scope.host, scope.app, 11, 22, 7))
    assert deliver(url, "pull_request", opened()) == (202, "recorded\n")
    assert redis.hget(names.state_of(item), "wanted") == "1"
    assert redis.hgetall(scope.delivery(GUID)) == {"item": item, "generation": "1"}
    assert redis.ttl(scope.delivery(GUID)) > 3 * 86_400
    assert redis.zrange(scope.work, 0, -1) == [item]
    assert deliver(url, "pull_request", opened()) == (202, "known\n")
    redis.hset(names.state_of(item), "done", "1")
    assert deliver(url, "pull_request", opened()) == (202, "done\n")
    assert redis.hget(names.state_of(item), "wanted") == "1"


def test_a_command_is_in_redis_when_it_is_accepted(url: str, redis: Redis, scope: Scope) -> None:
    document = json.loads(opened()) | {
        "action": "created",
        "issue": {"number": 7, "pull_request": {}},
        "comment": {"id": 5, "body": "/architect help\r\n", "user": {"login": "ada", "type": "User"}},
    }
    assert deliver(url, "issue_comment", json.dumps(document).encode()) == (202, "recorded\n")
    item = names.item_of(PullRequestKey(scope.host, scope.app, 11, 22, 7))
    pending = redis.hget(names.commands_of(item), "5")
    assert pending is not None
    assert json.loads(pending)["line"] == "/architect help"


def test_what_nobody_wants_is_accepted_and_dropped(url: str, redis: Redis, scope: Scope) -> None:
    for event in ("ping", "star", "unheard_of"):
        assert deliver(url, event, b'{"zen":"Keep it logically awesome."}') == (202, "nothing to do\n")
    assert redis.keys(f"architect:{scope.host}/{scope.app}[:/]*") == []


def test_the_forged_and_the_malformed_are_refused(
    url: str, redis: Redis, scope: Scope, capsys: pytest.CaptureFixture[str]
) -> None:
    body = opened()
    assert deliver(url, "pull_request", body, X_Hub_Signature_256=sign(body + b"x"))[0] == 401
    sha1 = "sha1=" + hmac.new(SECRET, body, hashlib.sha1).hexdigest()
    assert deliver(url, "pull_request", body, X_Hub_Signature_256=sha1)[0] == 401
    assert deliver(url, "pull_request", b'{"canary-in-the-body"')[0] == 400
    assert deliver(url, "pull_request", b"[" * 300_000)[0] == 400
    assert deliver(url, "pull_request", body, X_GitHub_Delivery="x y")[0] == 400
    assert redis.keys(f"architect:{scope.host}/{scope.app}[:/]*") == []
    printed = capsys.readouterr()
    assert "delivery refused" in printed.out + printed.err
    assert "canary-in-the-body" not in printed.out + printed.err


def test_the_oversized_is_refused_before_it_is_read(url: str) -> None:
    netloc = urlsplit(url).netloc
    with contextlib.closing(http.client.HTTPConnection(netloc, timeout=20)) as connection:
        connection.putrequest("POST", "/webhook")
        connection.putheader("Content-Length", str(LARGEST_BODY + 1))
        connection.endheaders()
        assert connection.getresponse().status == 413


def test_the_oversized_is_refused_while_it_streams(url: str) -> None:
    host, port = urlsplit(url).netloc.split(":")
    sent = 0
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(b"POST /webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
        with contextlib.suppress(ConnectionError):
            while sent < 40 * 0x100000:
                connection.sendall(chunk)
                sent += 0x100000
        answer = b""
        with contextlib.suppress(ConnectionError):
            answer = connection.recv(100)
    assert answer.startswith(b"HTTP/1.1 413") or (not answer and sent < 40 * 0x100000)


def test_a_body_of_25_mebibytes_is_taken(url: str) -> None:
    body = b'{"x":"' + b"y" * (LARGEST_BODY - 8) + b'"}'
    assert len(body) == LARGEST_BODY
    assert deliver(url, "push", body) == (202, "nothing to do\n")


def test_only_posts_reach_the_webhook(url: str) -> None:
    assert ask(url, "GET", "/webhook")[0] == 405
    assert ask(url, "POST", "/elsewhere")[0] == 404


def test_health_and_readiness(url: str) -> None:
    assert ask(url, "GET", "/healthz") == (200, '{"status":"ok"}')
    assert ask(url, "GET", "/readyz") == (200, '{"status":"ok"}')


def test_without_redis_nothing_is_accepted_and_with_it_again_it_is(scope: Scope) -> None:
    with tempfile.TemporaryDirectory(prefix="architect-") as folder, contextlib.ExitStack() as stack:
        socket_path = Path(folder, "redis.sock")
        url = stack.enter_context(serving(f"unix://{socket_path}", scope))
        started = time.monotonic()
        assert deliver(url, "pull_request", opened())[0] == 503
        assert ask(url, "GET", "/readyz")[0] == 503
        assert ask(url, "GET", "/healthz")[0] == 200
        assert time.monotonic() - started < 10
        assert deliver(url, "star", b"{}")[0] == 202
        stack.enter_context(redis_server.running(Path(folder)))
        assert deliver(url, "pull_request", opened()) == (202, "recorded\n")
        assert ask(url, "GET", "/readyz")[0] == 200


def test_every_example_of_github_is_accepted(url: str, redis: Redis, scope: Scope) -> None:
    events = json.loads(
        (package_folder(WEBHOOKS_EXAMPLES) / "api.github.com/index.json").read_text(encoding="utf-8")
    )
    answers: list[tuple[str, int, str]] = []
    for event in events:
        for number, example in enumerate(event["examples"]):
            body = json.dumps(example).encode()
            status, text = deliver(url, event["name"], body, X_GitHub_Delivery=f"{GUID}-{len(answers)}")
            answers.append((f"{event['name']} {number}", status, text))
    assert len(answers) == 329
    assert [answer for answer in answers if answer[1] != 202] == []
    acted = {name.split()[0] for name, _, text in answers if text == "recorded\n"}
    about_the_app = {"installation", "installation_repositories", "repository"}
    about_code = {"pull_request", "merge_group", "check_run", "check_suite"}
    assert acted <= about_code | {"issue_comment"} | about_the_app
    assert "pull_request" in acted
    assert len(redis.keys(f"*{scope.app}:delivery:*")) == sum(text == "recorded\n" for _, _, text in answers)
