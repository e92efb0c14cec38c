"""Comments, reactions to them, and what their author may do."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.github.connection import Connection
from bot.github.pulls import User
from bot.github.refusal import GitHubRefused

Kind = Literal["issue", "review"]
Reaction = Literal["eyes", "rocket", "confused"]


class Rollup(msgspec.Struct, frozen=True):
    """How many reactions of a kind a comment has."""

    rocket: int = 0


class Comment(msgspec.Struct, frozen=True):
    """A comment of a conversation or on a line; `in_reply_to_id` is the one that opened the thread.

    Times are ISO, in UTC and without fractions, so that they compare as text.
    """

    id: int
    body: str
    user: User | None = None
    html_url: str = ""
    created_at: str = ""
    updated_at: str = ""
    in_reply_to_id: int | None = None
    reactions: Rollup = Rollup()


class ReactionRecord(msgspec.Struct, frozen=True):
    """Somebody's reaction."""

    id: int
    content: str
    user: User | None = None
    created_at: str = ""


class _Permission(msgspec.Struct):
    permission: str
    role_name: str = ""


def comment(connection: Connection, kind: Kind, comment_id: int) -> Comment | None:
    """The comment as it stands now; None where it was deleted."""
    try:
        return msgspec.convert(connection.read(f"{_path(kind)}/{comment_id}"), Comment)
    except GitHubRefused as refused:
        if refused.status in (404, 410):
            return None
        raise


def all_comments(connection: Connection, kind: Kind, number: int) -> tuple[Comment, ...]:
    """Every comment of the pull request's conversation, or every one on its lines, oldest first."""
    path = f"/issues/{number}/comments" if kind == "issue" else f"/pulls/{number}/comments"
    return tuple(msgspec.convert(list(connection.pages(path)), list[Comment]))


def own_reactions(connection: Connection, kind: Kind, comment_id: int) -> tuple[ReactionRecord, ...]:
    """The App's own reactions to a comment."""
    found = connection.pages(f"{_path(kind)}/{comment_id}/reactions")
    held = msgspec.convert(list(found), list[ReactionRecord])
    return tuple(item for item in held if item.user is not None and item.user.login == connection.app.login)


def react(connection: Connection, kind: Kind, comment_id: int, content: Reaction) -> None:
    """React to a comment. GitHub keeps one reaction of a kind for each account, so twice is once."""
    path = f"{_path(kind)}/{comment_id}/reactions"
    connection.settle(
        lambda: connection.send("POST", path, {"content": content}),
        lambda: None,
    )


def own_answers(connection: Connection, number: int, kind: Kind = "issue") -> tuple[Comment, ...]:
    """The App's own comments in a pull request's conversation, or on its lines."""
    return tuple(item for item in all_comments(connection, kind, number) if is_own(connection, item))


def is_own(connection: Connection, comment: Comment) -> bool:
    """Whether the App wrote it."""
    return comment.user is not None and comment.user.login == connection.app.login


def answer(connection: Connection, number: int, body: str, marker: str, thread: int | None = None) -> Comment:
    """Comment in the conversation, or in the thread that a comment opened, unless that stands there already.

    `marker` is the part of `body` to know the answer by.
    """
    path = f"/issues/{number}/comments" if thread is None else f"/pulls/{number}/comments/{thread}/replies"

    def create() -> Comment:
        return msgspec.convert(connection.send("POST", path, {"body": body}), Comment)

    def find() -> Comment | None:
        said = own_answers(connection, number, "issue" if thread is None else "review")
        return next((held for held in said if marker in held.body), None)

    return find() or connection.settle(create, find)


def may_write(connection: Connection, login: str) -> bool:
    """Whether a person may write to the repository, by the collaborator-permission API."""
    try:
        found = msgspec.convert(connection.read(f"/collaborators/{login}/permission"), _Permission)
    except GitHubRefused as refused:
        if refused.status == 404:
            return False
        raise
    # `permission` is the legacy level: maintain counts as write, triage as read, custom roles as their base.
    return found.permission in ("write", "admin")


def _path(kind: Kind) -> str:
    return "/issues/comments" if kind == "issue" else "/pulls/comments"
