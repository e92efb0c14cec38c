"""Check suites and check runs of the local GitHub."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

from bot.demo.github.accounts import App
from bot.demo.github.repository import Repository

STATUSES = ("queued", "in_progress", "completed", "waiting", "requested", "pending")
CONCLUSIONS = ("action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out")


@dataclasses.dataclass(slots=True, kw_only=True)
class CheckSuite:
    """The runs of one App on one commit."""

    id: int
    repository: Repository
    app: App
    head_sha: str
    head_branch: str | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    status: str = "queued"
    conclusion: str | None = None


@dataclasses.dataclass(slots=True, kw_only=True)
class CheckRun:
    """One attempt of a check; `annotations` and `actions` are kept as the API gave them."""

    id: int
    suite: CheckSuite
    name: str
    created_at: datetime.datetime
    external_id: str = ""
    details_url: str | None = None
    status: str = "queued"
    conclusion: str | None = None
    started_at: datetime.datetime | None = None
    completed_at: datetime.datetime | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    actions: list[dict[str, Any]] = dataclasses.field(default_factory=list)

    @property
    def head_sha(self) -> str:
        return self.suite.head_sha
