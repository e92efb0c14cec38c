"""Reviews of a pull request and their inline comments."""

from __future__ import annotations

import msgspec

from bot.github.connection import Connection
from bot.github.pulls import User
from bot.posts import DraftReview, FileComment


class ReviewRecord(msgspec.Struct, frozen=True):
    """A submitted review. Its `commit_id` moves after a force push, so it proves nothing."""

    id: int
    body: str | None = None
    user: User | None = None


class ReviewComment(msgspec.Struct, frozen=True):
    """An inline comment; `line` is None where the comment is outdated."""

    id: int
    path: str
    body: str
    user: User | None = None
    line: int | None = None
    in_reply_to_id: int | None = None
    subject_type: str = "line"


def reviews(connection: Connection, number: int) -> tuple[ReviewRecord, ...]:
    """The App's own reviews."""
    found = msgspec.convert(list(connection.pages(f"/pulls/{number}/reviews")), list[ReviewRecord])
    return tuple(review for review in found if _is_own(connection, review.user))


def review_comments(connection: Connection, number: int) -> tuple[ReviewComment, ...]:
    """The App's own inline comments, outdated ones too."""
    found = msgspec.convert(list(connection.pages(f"/pulls/{number}/comments")), list[ReviewComment])
    return tuple(comment for comment in found if _is_own(connection, comment.user))


def create_review(connection: Connection, number: int, draft: DraftReview) -> ReviewRecord:
    """Post one review with all its comments, or none of them."""
    request = {
        "commit_id": draft.commit,
        "event": "COMMENT",
        "body": draft.body,
        "comments": msgspec.to_builtins(draft.comments),
    }

    def create() -> ReviewRecord:
        return msgspec.convert(connection.send("POST", f"/pulls/{number}/reviews", request), ReviewRecord)

    def find() -> ReviewRecord | None:
        return next((held for held in reviews(connection, number) if draft.marker in (held.body or "")), None)

    return connection.settle(create, find)


def create_file_comment(connection: Connection, number: int, draft: FileComment) -> ReviewComment:
    """Post a comment at a whole file; a review cannot carry one."""
    request = {
        "commit_id": draft.commit,
        "path": draft.path,
        "body": draft.body,
        "subject_type": "file",
    }

    def create() -> ReviewComment:
        return msgspec.convert(connection.send("POST", f"/pulls/{number}/comments", request), ReviewComment)

    def find() -> ReviewComment | None:
        return next((held for held in review_comments(connection, number) if draft.marker in held.body), None)

    return connection.settle(create, find)


def _is_own(connection: Connection, user: User | None) -> bool:
    return user is not None and user.login == connection.app.login
