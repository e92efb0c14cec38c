"""What is said on a pull request: issue comments, reviews, review threads with their comments, reactions."""

from __future__ import annotations

import dataclasses
import datetime

from bot.demo.github.accounts import User
from bot.demo.github.pull_request import PullRequest

REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """One person's reaction to a comment; `content` is one of `REACTIONS`."""

    id: int
    user: User
    content: str
    created_at: datetime.datetime


@dataclasses.dataclass(slots=True, kw_only=True)
class IssueComment:
    """A comment in the conversation of a pull request."""

    id: int
    pull: PullRequest
    author: User
    body: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    app_id: int | None = None
    minimized_reason: str | None = None
    reactions: list[Reaction] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(slots=True, kw_only=True)
class Review:
    """A submitted or pending review; `state` is GitHub's (`COMMENTED`, `APPROVED`, ...)."""

    id: int
    pull: PullRequest
    author: User
    body: str
    state: str
    commit_id: str
    submitted_at: datetime.datetime


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Where a thread hangs: a file, or the lines `start_line..line` of one side of its diff."""

    path: str
    line: int | None = None
    side: str = "RIGHT"
    start_line: int | None = None
    start_side: str | None = None

    @property
    def subject_type(self) -> str:
        return "file" if self.line is None else "line"


@dataclasses.dataclass(slots=True, kw_only=True)
class Thread:
    """A review thread. `original` is the anchor at `original_commit`; `current` is None once outdated."""

    id: int
    pull: PullRequest
    original: Anchor
    original_commit: str
    current: Anchor | None
    diff_hunk: str
    position: int
    resolved_by: User | None = None
    comments: list[ReviewComment] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(slots=True, kw_only=True)
class ReviewComment:
    """One comment of a thread; the first one opened it."""

    id: int
    thread: Thread
    review: Review
    author: User
    body: str
    commit_id: str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    minimized_reason: str | None = None
    reactions: list[Reaction] = dataclasses.field(default_factory=list)

    @property
    def reply_to(self) -> ReviewComment | None:
        first = self.thread.comments[0]
        return None if first is self else first
