"""How many deliveries one receiver takes on one core, how fast it answers, and its memory when idle."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks import processes
from benchmarks.deliveries import Answer, Letter, percentile, post
from bot import service, settings
from bot.demo import sample
from bot.demo.narration import Narrator
from bot.demo.stage import SECRET, github_with_app
from bot.service import Role
from bot.supervisor import supervise

DELIVERIES = 6_000
CONNECTIONS = 32
STEADY = 200.0
STEADY_SECONDS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was measured.

    Accepted deliveries a second, by the clock and by the receiver's own CPU time (which other work on the
    machine does not change); the 99th percentile in ms at a steady 200 a second; MB when idle.
    """

    a_second: float
    a_busy_second: float
    p99_milliseconds: float
    idle_megabytes: float


def measured(folder: Path) -> Taken:
    """Measure a receiver alone, with a Redis of its own; it has one core for itself where there are two."""
    body = _genuine(folder)
    with _receiver(folder) as address:
        (process,) = processes.of_role(Role.RECEIVER.value)
        idle = processes.megabytes(process)
        with _apart(process):
            post(address, _letters(body, 500), connections=CONNECTIONS)
            letters = _letters(body, DELIVERIES)
            began, busy = time.perf_counter(), processes.busy_seconds(process)
            _accepted(post(address, letters, connections=CONNECTIONS))
            a_second = DELIVERIES / (time.perf_counter() - began)
            a_busy_second = DELIVERIES / (processes.busy_seconds(process) - busy)
            steady = _letters(body, int(STEADY * STEADY_SECONDS))
            answers = _accepted(post(address, steady, connections=CONNECTIONS, a_second=STEADY))
    p99 = 1_000 * percentile([answer.seconds for answer in answers], 0.99)
    return Taken(
        a_second=round(a_second),
        a_busy_second=round(a_busy_second),
        p99_milliseconds=round(p99, 1),
        idle_megabytes=idle,
    )


def _accepted(answers: list[Answer]) -> list[Answer]:
    refused = [answer.status for answer in answers if answer.status != 202]
    if refused:
        raise ValueError(f"{len(refused)} of {len(answers)} deliveries were not accepted: {set(refused)}")
    return answers


def _genuine(folder: Path) -> bytes:
    """The body of a delivery about a new pull request; nobody listens."""
    (folder / "story").mkdir()
    with github_with_app(folder / "story", Narrator()) as stage:
        sample.open_pull_request(stage.github, stage.repository)
        stage.github.wait_for_deliveries()
        return next(each.body for each in stage.github.hub.deliveries if each.event == "pull_request")


def _letters(body: bytes, number: int) -> list[Letter]:
    return [Letter(body=body, secret=SECRET) for _ in range(number)]


@contextlib.contextmanager
def _receiver(folder: Path) -> Iterator[str]:
    environment = {
        "GITHUB_APP_ID": "1",
        "GITHUB_WEBHOOK_SECRET": SECRET,
        "DATA_FOLDER": str(folder / "data"),
        "PORT": "0",
        "LOG_LEVEL": "warning",
    }
    chosen, stopping = settings.load(environment), threading.Event()
    given = {**os.environ, **environment}
    with service.environment_of(chosen, frozenset({Role.RECEIVER}), given) as (served, programs):
        running = threading.Thread(target=supervise, args=(programs, stopping), kwargs={"stop_seconds": 10.0})
        running.start()
        try:
            _until_ready(f"{served.url}/readyz")
            yield f"{served.url}/webhook"
        finally:
            stopping.set()
            running.join()


def _until_ready(address: str) -> None:
    for _ in range(600):
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(address, timeout=2).is_success:
                return
        time.sleep(0.05)
    raise TimeoutError(address)


@contextlib.contextmanager
def _apart(process: int) -> Iterator[None]:
    """The receiver on one core and this process on the others, where there is more than one."""
    cores = os.sched_getaffinity(0)
    first = min(cores)
    os.sched_setaffinity(process, {first})
    os.sched_setaffinity(0, cores - {first} or cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)
