"""A pull request of the local GitHub."""

from __future__ import annotations

import dataclasses
import datetime

from bot.demo.github.accounts import User
from bot.demo.github.repository import Repository


@dataclasses.dataclass(slots=True, kw_only=True)
class PullRequest:
    """`head_repository` differs from `repository` for a pull request of a fork."""

    id: int
    number: int
    repository: Repository
    head_repository: Repository
    author: User
    title: str
    body: str
    head_branch: str
    head_sha: str
    base_branch: str
    base_sha: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    closed_at: datetime.datetime | None = None
    merged_at: datetime.datetime | None = None
    merged_by: User | None = None
    is_draft: bool = False
    is_locked: bool = False

    @property
    def state(self) -> str:
        return "closed" if self.closed_at else "open"

    @property
    def is_from_fork(self) -> bool:
        return self.head_repository is not self.repository
