"""What the door does with what GitHub did not send so: nothing, and it says so."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import uuid

import httpx
import pytest

from tests.service.running import SECRET, Service
from tests.service.subject import opened

CANARY = "a word of the body that no log may hold"


def signed(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def headers(body: bytes, event: str = "pull_request", /, **changes: str | None) -> dict[str, str]:
    given: dict[str, str | None] = {
        "Content-Type": "application/json",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": str(uuid.uuid4()),
        "X-Hub-Signature-256": signed(body),
    }
    given |= {name.replace("_", "-"): value for name, value in changes.items()}
    return {name: value for name, value in given.items() if value is not None}


@pytest.fixture(scope="module")
def genuine(shared_service: Service) -> bytes:
    """The body of a delivery that asked for a review."""
    subject = opened(shared_service)
    subject.reviewed()
    (delivery,) = subject.deliveries("pull_request")
    return delivery.body


def recorded(service: Service) -> dict[str, int]:
    """How many keys of each kind the ledger has, and how often the App wrote to a repository."""
    with service.redis() as redis:
        deliveries = len(redis.keys("architect:*:delivery:*"))
        states = len(redis.keys("architect:*:state"))
    # The healer reads at times of its own.
    written = [entry for entry in service.github.log.entries(path="/repos/") if entry.method != "GET"]
    return {"deliveries": deliveries, "items": states, "writes": len(written)}


def sha1(body: bytes) -> str:
    return "sha1=" + hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest()


def test_forged_deliveries_are_refused_and_do_nothing(service: Service, genuine: bytes) -> None:
    body, before = genuine, recorded(service)
    forgeries = [
        headers(body, X_Hub_Signature_256=None),
        headers(body, X_Hub_Signature_256=signed(body, "another secret")),
        headers(body, X_Hub_Signature_256=signed(body + b" ")),
        headers(body, X_Hub_Signature_256=signed(body).upper()),
        headers(body, X_Hub_Signature_256=None, X_Hub_Signature=sha1(body)),
        headers(body, X_Hub_Signature_256=sha1(body)),
    ]
    statuses = [httpx.post(service.webhook, content=body, headers=each).status_code for each in forgeries]
    assert statuses == [401] * len(forgeries)
    service.settle()
    assert recorded(service) == before


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b'{"action": 1}', b'{"a":' * 100_000, b"[" * 100_000],
    ids=lambda body: repr(body[:12]),
)
def test_malformed_bodies_are_refused_and_do_nothing(service: Service, body: bytes) -> None:
    before = recorded(service)
    answer = httpx.post(service.webhook, content=body, headers=headers(body))
    assert answer.status_code == 400
    assert recorded(service) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"X_GitHub_Event": None},
        {"X_GitHub_Event": "Pull Request"},
        {"X_GitHub_Delivery": None},
        {"X_GitHub_Delivery": "../../etc/passwd"},
        {"Content_Type": "application/x-www-form-urlencoded"},
        {"X_GitHub_Hook_Installation_Target_ID": "1"},
    ],
)
def test_malformed_headers_are_refused_and_do_nothing(
    service: Service, genuine: bytes, changes: dict[str, str | None]
) -> None:
    body, before = genuine, recorded(service)
    answer = httpx.post(service.webhook, content=body, headers=headers(body, **changes))
    assert answer.status_code == 400
    service.settle()
    assert recorded(service) == before


def test_an_oversized_body_is_refused_before_it_has_come(service: Service) -> None:
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        head = f"POST /webhook HTTP/1.1\r\nHost: {host}\r\nContent-Length: {25 * 2**20 + 1}\r\n\r\n"
        connection.sendall(head.encode() + b"x" * 1000)
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_an_oversized_stream_is_refused(service: Service) -> None:
    chunks = (b" " * 2**20 for _ in range(30))
    try:
        answer = httpx.post(service.webhook, content=chunks, headers={"Content-Type": "application/json"})
    except httpx.WriteError:
        pytest.skip("the answer was lost because the connection was closed before the body had gone")
    assert answer.status_code == 413


@pytest.mark.parametrize("event", ["push", "ping", "star", "an_event_of_next_year"])
def test_other_events_are_accepted_and_dropped(service: Service, event: str) -> None:
    before = recorded(service)
    body = json.dumps({"zen": "Keep it logically awesome.", "repository": None}).encode()
    answer = httpx.post(service.webhook, content=body, headers=headers(body, event))
    assert answer.status_code == 202
    service.settle()
    assert recorded(service) == before


def test_refusals_are_logged_without_their_body(service: Service) -> None:
    body = json.dumps({"action": "opened", "canary": CANARY}).encode()
    guid = str(uuid.uuid4())
    forged = headers(body, X_Hub_Signature_256=signed(b"another"), X_GitHub_Delivery=guid)
    httpx.post(service.webhook, content=body, headers=forged)
    text = service.log.read_text()
    assert guid in text
    assert CANARY not in text
    assert SECRET not in text


def test_only_post_is_taken_and_health_is_told(service: Service) -> None:
    assert httpx.get(service.webhook).status_code == 405
    assert httpx.get(f"{service.url}/healthz").json() == {"status": "ok"}
    assert httpx.get(f"{service.url}/readyz").json() == {"status": "ok"}
    assert httpx.get(f"{service.url}/docs").status_code == 404
