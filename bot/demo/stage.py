"""The demo's stage: a local GitHub with the App installed, and the real service beside it."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot import service as running_service
from bot import settings
from bot.demo import sample
from bot.demo.github import LocalGitHub
from bot.demo.github.accounts import App
from bot.demo.github.local import EVENTS, PERMISSIONS
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.repository import Repository
from bot.demo.narration import Narrator

SECRET = "the webhook secret of the demo"  # noqa: S105 - of an App that lives as long as the demo


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What the story plays on."""

    github: LocalGitHub
    app: App
    repository: Repository

    def page(self, pull: PullRequest) -> str:
        """The address of the pull request's page."""
        return f"{self.github.url}/{self.repository.full_name}/pull/{pull.number}"


@contextlib.contextmanager
def github_with_app(folder: Path, narrator: Narrator) -> Iterator[Stage]:
    """A local GitHub with the sample repository and the App installed on it; nobody listens yet."""
    with contextlib.ExitStack() as stack:
        with narrator.step("GitHub's API, git over HTTP and pages are up; the history is pushed"):
            stage = _furnished(stack.enter_context(LocalGitHub(folder / "github")))
        yield stage


def _furnished(github: LocalGitHub) -> Stage:
    app = github.create_app(
        webhook_url=f"http://127.0.0.1:{_free_port()}/webhook",
        webhook_secret=SECRET,
        permissions={**PERMISSIONS, "contents": "write"},
        events=EVENTS,
    )
    repository = sample.create_repository(github)
    github.install(app, repository)
    return Stage(github=github, app=app, repository=repository)


@contextlib.contextmanager
def service(stage: Stage, folder: Path, narrator: Narrator) -> Iterator[running_service.Served]:
    """Receiver, worker, sweeper and Redis in processes of their own, until the block ends."""
    environment = _environment(stage, folder)
    with contextlib.ExitStack() as stack:
        with narrator.step("Redis, receiver, worker and sweeper are up"):
            running = running_service.running(settings.load(environment), {**os.environ, **environment})
            served = stack.enter_context(running)
            _until_ready(served)
        yield served


def _until_ready(served: running_service.Served) -> None:
    for _ in range(600):
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{served.url}/readyz", timeout=2).is_success:
                return
        time.sleep(0.05)


def _environment(stage: Stage, folder: Path) -> dict[str, str]:
    key = folder / "private-key.pem"
    key.touch(mode=0o600)
    key.write_text(stage.app.private_key)
    port = stage.app.webhook_url.rpartition(":")[2].removesuffix("/webhook")
    return {
        "GITHUB_APP_ID": str(stage.app.id),
        "GITHUB_PRIVATE_KEY_PATH": str(key),
        "GITHUB_PRIVATE_KEY": "",
        "GITHUB_WEBHOOK_SECRET": SECRET,
        "GITHUB_API_URL": stage.github.api_url,
        "GITHUB_URL": stage.github.url,
        "REDIS_URL": os.environ.get("REDIS_URL", ""),
        "DATA_FOLDER": str(folder / "data"),
        "HOST": "127.0.0.1",
        "PORT": port,
        "WELCOME": "false",
        "COMMENTS_PER_SECOND": "20",  # nobody limits us here
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "error"),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
