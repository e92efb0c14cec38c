"""The real service as `backend-architect serve` runs it, beside a local GitHub with its App installed."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

import httpx
from redis import Redis

from bot.demo.github import LocalGitHub
from bot.demo.github.accounts import App, Installation
from bot.demo.github.exchange import Exchange
from bot.demo.github.repository import Repository
from bot.ledger.names import Scope
from bot.service import Role
from tests.github.validated import Observations, PublishedContractBroken
from tests.service import processes

SECRET = "the webhook secret of these tests"
PATIENCE = 60.0
LEASE_SECONDS = 3.0
PACE = {
    "LEASE_SECONDS": str(LEASE_SECONDS),
    "SWEEP_SECONDS": "0.1",
    "REQUEUE_SECONDS": "1",
    "MAINTENANCE_SECONDS": "1",
    "RETRY_SECONDS": "0.2,0.2,0.5,0.5",
    "STOP_SECONDS": "15",
    "WORKERS": "2",
    "COALESCE_SECONDS": "0.3",
    "COMMENTS_PER_SECOND": "50",
    "CHECKS_PER_SECOND": "50",
    "WELCOME": "false",
}
"""Short pauses, and one worker more than dies at a time."""
MOST_ALIKE = 2
Found = TypeVar("Found")


def until(look: Callable[[], Found], what: str, seconds: float = PATIENCE) -> Found:
    """Look again and again until there is something to see."""
    end = time.monotonic() + seconds
    while True:
        if found := look():
            return found
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.02)


@dataclass(slots=True, kw_only=True)
class Service:
    """One service and its GitHub. `folder` is short, because Unix sockets lie in it."""

    github: LocalGitHub
    app: App
    folder: Path
    pace: dict[str, str] = field(default_factory=lambda: dict(PACE))
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.app.webhook_url.removesuffix("/webhook")

    @property
    def webhook(self) -> str:
        return self.app.webhook_url

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def scope(self) -> Scope:
        return Scope(self.github.url.removeprefix("http://"), str(self.app.id))

    def start(self) -> None:
        """Run `serve` and wait until it takes deliveries."""
        program = [sys.executable, "-P", "-c", "from bot.__main__ import main; main()", "serve"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(program, env=self._environment(), stdout=log, stderr=log)
        until(self.ready, "serve answers")

    def ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/readyz", timeout=5).is_success
        return False

    def stop(self) -> int:
        """SIGTERM, as a process manager does; gives the exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def role(self, role: Role) -> list[int]:
        """The processes of a role."""
        assert self.process is not None
        named = ["bot.service_process", role.value]
        return [
            child for child in processes.children(self.process.pid) if processes.command(child)[-2:] == named
        ]

    def redis_server(self) -> list[int]:
        assert self.process is not None
        found = processes.children(self.process.pid)
        return [child for child in found if "redis-server" in " ".join(processes.command(child)[:2])]

    def horse(self) -> tuple[int, int]:
        """The worker that is at a job, and the process in which it does the job."""

        def busy() -> list[tuple[int, int]]:
            return [
                (worker, horse) for worker in self.role(Role.WORKER) for horse in processes.children(worker)
            ]

        return until(busy, "a worker is at a job")[0]

    @contextlib.contextmanager
    def redis(self) -> Iterator[Redis]:
        socket_path = self.folder / "data" / "redis" / "redis.sock"
        with Redis(unix_socket_path=str(socket_path), decode_responses=True) as redis:
            yield redis

    def waiting(self) -> dict[str, float]:
        """The items that have work, and in how many seconds each is due."""
        with self.redis() as redis:
            held = cast("list[tuple[str, float]]", redis.zrange(self.scope.work, 0, -1, withscores=True))
        return {item: due / 1_000 - time.time() for item, due in held}

    def settle(self) -> None:
        """Until every delivery is answered and everything that they asked for is done."""
        self.github.wait_for_deliveries()
        until(lambda: not self.waiting(), "everything is done")

    def let_time_pass(self) -> None:
        """What waits for a longer time is due now, and no installation has to wait."""
        self.github.rates.let_time_pass()
        with self.redis() as redis:
            for pause in redis.scan_iter(f"architect:{self.scope.host}/{self.scope.app}/*/pause"):
                redis.delete(pause)
            for item, seconds in self.waiting().items():
                if seconds > 2 * LEASE_SECONDS:
                    redis.zadd(self.scope.work, {item: 0})

    def install(self, full_name: str) -> tuple[Repository, Installation]:
        """A new repository; `mira` maintains it, `jon` writes and `rita` reads."""
        roles = {"mira": "maintain", "jon": "write", "rita": "read"}
        repository = self.github.create_repository(full_name, roles=roles)
        return repository, self.github.install(self.app, repository)

    def _environment(self) -> dict[str, str]:
        key = self.folder / "key.pem"
        key.write_text(self.app.private_key)
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "GITHUB_APP_ID": str(self.app.id),
            "GITHUB_PRIVATE_KEY_PATH": str(key),
            "GITHUB_WEBHOOK_SECRET": SECRET,
            "GITHUB_API_URL": self.github.api_url,
            "GITHUB_URL": self.github.url,
            "DATA_FOLDER": str(self.folder / "data"),
            "PORT": self.url.rpartition(":")[2],
            "LOG_LEVEL": "info",
            **self.pace,
        }


@contextlib.contextmanager
def serving(folder: Path, **pace: str) -> Iterator[Service]:
    """A running service; everything of it is gone when the block ends, and GitHub was asked properly."""
    with serving_held_to(folder, MOST_ALIKE, pace) as service:
        yield service


@contextlib.contextmanager
def serving_held_to(folder: Path, alike: int, pace: dict[str, str]) -> Iterator[Service]:
    """The same; of exchanges that are alike so many are held to what GitHub publishes."""
    observations = Observations()
    with LocalGitHub(folder / "github", observe=_Some(observations, alike)) as github:
        webhook = f"http://127.0.0.1:{_free_port()}/webhook"
        app = github.create_app(webhook_url=webhook, webhook_secret=SECRET)
        service = Service(github=github, app=app, folder=folder, pace={**PACE, **pace})
        try:
            service.start()
            yield service
        finally:
            if service.process is not None:
                everything = processes.descendants(service.process.pid)
                if service.process.poll() is None:
                    service.stop()
                left = [process for process in everything if processes.alive(process)]
                processes.kill(*left)
                assert left == [], "stopped, and processes are left"
        text = service.log.read_text()
        assert [secret for secret in ("ghs_", "PRIVATE KEY", SECRET) if secret in text] == []
    if problems := observations.violations():
        raise PublishedContractBroken("\n".join(dict.fromkeys(problems)))


class _Some:
    """Passes on the first exchanges of each kind: to validate thousands that are alike takes minutes."""

    def __init__(self, observations: Observations, most: int) -> None:
        self._observations, self._most = observations, most
        self._seen: Counter[tuple[str, str, int]] = Counter()

    def __call__(self, exchange: Exchange) -> None:
        kind = (
            exchange.method,
            re.sub(r"[0-9a-f]{40}|\d+|/repos/[^/]+/[^/]+", "*", exchange.path),
            exchange.status,
        )
        self._seen[kind] += 1
        if self._seen[kind] <= self._most:
            self._observations(exchange)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
