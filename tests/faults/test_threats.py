"""Each threat of the table: the tests that show how it is met are there, and pass."""

from __future__ import annotations

import contextlib
import json
import ssl
import stat
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from githubkit import TokenAuthStrategy

import rules
from benchmarks.deliveries import Letter, post
from bot.github.refusal import GitHubRefused, GitHubUnavailable
from bot.github.transport import Transport
from rules.configuration import Options
from tests.faults.crowd import prepared
from tests.faults.existing import missing, prove
from tests.faults.figures import Figures
from tests.faults.threats import THREATS, Threat
from tests.service.running import SECRET, Service, serving
from tests.service.subject import MENDED, START

NUMBER = "T"
CRITERION = "every row of the threat table is met, as tests show"
NEW_SECRET = "the secret that replaces the other one"


def test_each_threat_names_tests_that_are_there() -> None:
    assert [name for threat in THREATS for name in missing(threat.tests)] == []


@pytest.mark.parametrize("threat", THREATS, ids=lambda threat: threat.name)
def test_threat(figures: Figures, threat: Threat) -> None:
    figures.number = f"T{THREATS.index(threat) + 1}"
    figures.criterion = f"{threat.name}: {threat.handling}"
    # Those of tests/faults run beside this one.
    assert prove(figures, *[name for name in threat.tests if not name.startswith("tests/faults/")]) == []


def test_the_webhook_secret_is_changed_without_a_gap() -> None:
    pace = {"GITHUB_WEBHOOK_SECRET": NEW_SECRET, "GITHUB_WEBHOOK_SECRET_PREVIOUS": SECRET}
    with tempfile.TemporaryDirectory(prefix="architect-") as folder, serving(Path(folder), **pace) as service:
        before = prepared(service).opened()
        before.reviewed()
        object.__setattr__(service.app, "webhook_secret", NEW_SECRET)
        before.push(MENDED)
        before.reviewed()
        told = [(each.status_code, len(each.body) > 0) for each in before.deliveries("pull_request")]
        letters = [Letter(body=b"{}", event="ping", secret=each) for each in (SECRET, NEW_SECRET, "another")]
        answers = [answer.status for answer in post(service.webhook, letters, connections=1)]
    assert told == [(202, True)] * 2
    assert answers == [202, 202, 401]


def test_a_bomb_in_the_configuration_does_not_go_off() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(
        f"a{number}: &a{number} [*a{number - 1}, *a{number - 1}]\n" for number in range(1, 64)
    )
    tree = {path: str(text).encode() for path, text in START.items()}
    began = time.monotonic()
    for text in (
        bomb,
        "x: " + "[" * 50_000,
        "public: !!python/object/apply:os.system ['true']\n",
        "a" * 10**6,
    ):
        review = rules.review({**tree, ".github/backend-architect.yml": text.encode()}, Options())
        assert review.coverage.files_analysed
    assert time.monotonic() - began < 20


@dataclass(slots=True)
class Stranger:
    """A host that nobody should ask anything; `asked` holds the headers of who did."""

    url: str
    asked: list[dict[str, str]] = field(default_factory=list)


@contextlib.contextmanager
def stranger(*, sends_to: str = "") -> Iterator[Stranger]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.asked.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(302 if sends_to else 200)
            if sends_to:
                self.send_header("Location", f"{sends_to}{self.path}")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_arguments: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        host = Stranger(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield host
        finally:
            server.shutdown()
            thread.join()


def test_a_redirect_to_another_host_takes_no_credentials() -> None:
    with stranger() as other, stranger(sends_to=other.url.replace("127.0.0.1", "localhost")) as github:
        tls = ssl.create_default_context()
        asking = Transport(github.url, TokenAuthStrategy("ghs_token"), tls=tls)
        with asking as transport, contextlib.suppress(GitHubRefused, GitHubUnavailable):
            transport.read("/repos/acme/shop/pulls/1")
    assert "authorization" in github.asked[0]
    assert [headers for headers in other.asked if "authorization" in headers] == []


def test_addresses_in_a_payload_are_never_asked(service: Service) -> None:
    place = prepared(service)
    with stranger() as other:
        place.opened().reviewed()
        (genuine,) = [
            each
            for each in service.github.hub.deliveries
            if each.repository_id == place.repository.id and each.event == "pull_request"
        ]
        body = json.loads(genuine.body.replace(service.github.url.encode(), other.url.encode()))
        letter = Letter(body=json.dumps(body).encode(), secret=SECRET)
        (answer,) = post(service.webhook, [letter], connections=1)
        service.settle()
    assert answer.status == 202
    assert other.url in letter.body.decode()
    assert other.asked == []


def test_the_embedded_redis_is_for_this_user_alone(service: Service) -> None:
    folder = service.folder / "data" / "redis"
    assert stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0 or (
        stat.S_IMODE((folder / "redis.sock").stat().st_mode) & 0o077 == 0
    )
    with service.redis() as redis:
        assert redis.config_get("port")["port"] == "0"
