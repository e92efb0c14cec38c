"""A pull request that a test is about, and what GitHub shows on it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from dataclasses import dataclass

from bot.demo.github.accounts import Installation
from bot.demo.github.checks import CheckRun
from bot.demo.github.conversation import IssueComment, ReviewComment
from bot.demo.github.faults import Fault
from bot.demo.github.hooks.delivery import Delivery
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.repository import Repository
from tests.service.running import Service, until

NAMES = (f"shop-{number}" for number in itertools.count(1))
MAIN = """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/items/{item_id}")
def read_item(item_id: int) -> int:
    return item_id
"""
LATEST = '''

@app.get("/items/latest")
def read_latest() -> int:
    """Never reached: the route above takes it first."""
    return 0
'''
OLDEST = LATEST.replace("latest", "oldest")
SOUND = """

@app.get("/health")
def read_health() -> int:
    return 0
"""
CONFIGURATION = "public: ['/**']\n"
START: Mapping[str, str] = {
    ".github/backend-architect.yml": CONFIGURATION,
    "app/__init__.py": "",
    "app/main.py": MAIN,
}
Files = Mapping[str, bytes | str | None]
FAULTY: Files = {"app/main.py": MAIN + LATEST}
FAULTIER: Files = {"app/main.py": MAIN + LATEST + OLDEST}
MENDED: Files = {"app/main.py": MAIN + SOUND}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One pull request of a repository of its own."""

    service: Service
    repository: Repository
    installation: Installation
    pull: PullRequest

    @property
    def path(self) -> str:
        """The repository's place in the API."""
        return f"/repos/{self.repository.full_name}"

    def push(self, files: Files, message: str = "more") -> str:
        return self.service.github.push(self.repository, self.pull.head_branch, files, message)

    def deliveries(self, event: str) -> list[Delivery]:
        held = self.service.github.hub.deliveries
        return [each for each in held if each.repository_id == self.repository.id and each.event == event]

    def all_runs(self) -> list[CheckRun]:
        """Check runs on every commit of the repository, oldest first."""
        state = self.service.github.state
        with state.lock:
            held = [run for run in state.runs.values() if run.suite.repository is self.repository]
        return sorted(held, key=lambda run: run.id)

    def runs(self) -> list[CheckRun]:
        """Check runs on the head."""
        return self.service.github.check_runs(self.pull)

    def ended(self) -> list[tuple[str, str | None]]:
        return [(run.status, run.conclusion) for run in self.runs()]

    def comments(self) -> list[ReviewComment]:
        return self.service.github.review_comments(self.pull)

    def places(self) -> list[tuple[str, int | None]]:
        """Where inline comments stand, in order."""
        return sorted((each.thread.original.path, each.thread.original.line) for each in self.comments())

    def reviews(self) -> int:
        return len(self.service.github.reviews(self.pull))

    def answers(self) -> list[IssueComment]:
        """The App's comments in the conversation."""
        held = self.service.github.issue_comments(self.pull)
        return [each for each in held if each.author is self.service.app.bot]

    def writes(self) -> list[str]:
        """What the App wrote and GitHub took, in order: method and last part of the path."""
        entries = self.service.github.log.entries(path=f"{self.path}/")
        return [
            f"{each.method} {_kind(each.path)}"
            for each in sorted(entries, key=lambda each: each.at)
            if each.method != "GET" and each.status < 300 and "/git-" not in each.path
        ]

    def completed(self, runs: int = 1) -> list[CheckRun]:
        """Until the head has so many check runs, all completed."""

        def ended() -> bool:
            held = self.runs()
            return len(held) >= runs and all(run.status == "completed" for run in held)

        until(ended, f"{self.repository.full_name}: {runs} completed check runs")
        return self.runs()

    def reviewed(self, runs: int = 1) -> list[CheckRun]:
        """Until the head has so many check runs, all completed, and nothing is left to do anywhere."""
        self.completed(runs)
        self.service.settle()
        return self.runs()


def opened(
    service: Service,
    change: Files = FAULTY,
    *,
    start: Files = START,
    full_name: str = "",
    by: str = "jon",
    is_draft: bool = False,
) -> Subject:
    """A pull request with this change, in a new repository."""
    repository, installation = service.install(full_name or f"octo-org/{next(NAMES)}")
    service.github.push(repository, "main", start, "start")
    service.github.push(repository, "feature", change, "change", by=by)
    pull = service.github.open_pull_request(repository, "feature", title="Change", by=by, is_draft=is_draft)
    return Subject(service=service, repository=repository, installation=installation, pull=pull)


def held_up(service: Service, method: str, path: str, change: Files = FAULTY) -> Subject:
    """A pull request whose review is at this request now: GitHub does it at once and answers late."""
    name = f"octo-org/{next(NAMES)}"
    service.github.faults.next(method, f"/{name}{path}", Fault.SLOW, seconds=1.2)
    subject = opened(service, change, full_name=name)
    until(lambda: service.github.faults.remaining() == 0, "the review is at the slow request")
    time.sleep(0.2)
    return subject


def _kind(path: str) -> str:
    parts = path.split("/")
    return parts[-2] if parts[-1].isdigit() else parts[-1]
