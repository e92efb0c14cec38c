"""Secrets that would be recognised anywhere, and failures that show what a service holds."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.github.faults import Fault
from bot.service import Role
from tests.faults.crowd import prepared
from tests.faults.existing import prove
from tests.faults.figures import Figures
from tests.faults.form import size
from tests.faults.shown import in_redis, on_disk, on_github, watched
from tests.service import processes
from tests.service.running import SECRET, Service, serving

NUMBER = "R12"
CRITERION = (
    "canaries in private key, tokens, webhook secret and metrics token: none in logs, Redis, comments, check "
    "runs, files, process lists or tracebacks"
)
METRICS_TOKEN = "the-metrics-token-canary-815"
PULL_REQUESTS = size(short=2, long=8)
FAILURES = (
    ("POST", "/check-runs$", Fault.SERVER_ERROR),
    ("GET", "/pulls/1$", Fault.UNAUTHORIZED),
    ("POST", r"\.git/git-upload-pack$", Fault.DROP_BEFORE),
    ("GET", r"\.git/info/refs$", Fault.UNAUTHORIZED),
    ("POST", "/pulls/1/reviews$", Fault.DROP_AFTER),
    ("POST", "/access_tokens$", Fault.BAD_GATEWAY),
)


@pytest.fixture
def own_service() -> Iterator[Service]:
    pace = {"METRICS_TOKEN": METRICS_TOKEN, "LOG_LEVEL": "debug", "REDELIVERY_SECONDS": "1"}
    with tempfile.TemporaryDirectory(prefix="architect-") as folder, serving(Path(folder), **pace) as own:
        yield own


def secrets(service: Service) -> set[str]:
    lines = [line for line in service.app.private_key.splitlines() if len(line) > 40]
    with service.github.state.lock:
        tokens = [token.value for token in service.github.state.tokens.values()]
    return {SECRET, METRICS_TOKEN, *lines, *tokens}


def found(text: str, known: set[str]) -> list[str]:
    by_shape = re.findall(r"gh[a-z]_[A-Za-z0-9]{16,}|eyJ[A-Za-z0-9_-]{20,}|PRIVATE KEY", text)
    return [secret for secret in known if secret in text] + by_shape


def test_canaries(own_service: Service, figures: Figures) -> None:
    service = own_service
    with watched(service) as commands:
        for _ in range(PULL_REQUESTS):
            place = prepared(service)
            for method, path, fault in FAILURES:
                address = path if "access_tokens" in path else f"/{place.repository.full_name}{path}"
                service.github.faults.next(method, address, fault, times=2)
            subject = place.opened()
            subject.reviewed()
        processes.kill(*service.role(Role.WORKER))
        service.settle()
        known = secrets(service)
    places = {
        "log": service.log.read_text(),
        "Redis": in_redis(service),
        "comments and check runs": on_github(service),
        "process list": "\n".join(" ".join(command) for command in commands),
        "files": "\n".join(content.decode("latin-1") for _, content in on_disk(service)),
    }
    figures.count("secrets", len(known))
    figures.count("tracebacks", places["log"].count("Traceback (most recent call last)"))
    for name, text in places.items():
        hits = found(text, known)
        figures.count(f"in {name}", len(hits))
        assert hits == [], name
    assert len(known) > 3 * PULL_REQUESTS
    assert figures.counted["tracebacks"] > 0


def test_logs(figures: Figures) -> None:
    assert (
        prove(
            figures,
            "tests/bot/test_logs.py::test_no_secret_reaches_a_log_by_any_way",
            "tests/bot/test_github.py::test_secrets_appear_in_no_representation",
        )
        == []
    )
