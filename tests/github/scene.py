"""A repository with a pull request, reviewed by an installed App: where most tests begin."""

from __future__ import annotations

import dataclasses
from typing import Any

import httpx
import pytest

from bot.demo.github import LocalGitHub
from bot.demo.github.accounts import App, Installation
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.repository import Repository
from tests.github.caller import Caller

ORIGINAL = "".join(f"line {number}\n" for number in range(1, 41))
CHANGED = ORIGINAL.replace("line 5\n", "line five\nline five and a half\n").replace("line 30\n", "")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A repository with a pull request, an installed App and a client with its token."""

    github: LocalGitHub
    app: App
    installation: Installation
    repository: Repository
    pull: PullRequest
    client: Caller

    def reviewing(self, *comments: dict[str, Any], event: str = "COMMENT") -> httpx.Response:
        body = {
            "event": event,
            "body": "Reviewed",
            "commit_id": self.pull.head_sha,
            "comments": list(comments),
        }
        return self.client.post("/repos/octo-org/notes/pulls/1/reviews", json=body)

    def check_run(self, **fields: Any) -> httpx.Response:
        given = {"name": "Backend Architect", "head_sha": self.pull.head_sha, **fields}
        return self.client.post("/repos/octo-org/notes/check-runs", json=given)


@pytest.fixture
def scene(github: LocalGitHub) -> Scene:
    app = github.create_app()
    repository = github.create_repository("octo-org/notes", roles={"maintainer": "maintain"})
    github.push(repository, "main", {"notes.txt": ORIGINAL, "old.txt": "gone\n"}, "First")
    github.push(repository, "change", {"notes.txt": CHANGED, "old.txt": None, "new.txt": "new\n"}, "Change")
    installation = github.install(app, repository)
    pull = github.open_pull_request(repository, "change", title="Change the notes")
    token = github.token(installation).value
    client = Caller(github.api_url, token)
    return Scene(
        github=github,
        app=app,
        installation=installation,
        repository=repository,
        pull=pull,
        client=client,
    )
