"""Comments, reactions to them, and what their author may do."""

from __future__ import annotations

from typing import Literal

import msgspec

from bot.github.connection import Connection
from bot.github.pulls import User
from bot.github.refusal import GitHubRefused

Kind = Literal["issue", "review"]
Reaction = Literal["eyes", "rocket", "confused"]


class Comment(msgspec.Struct, frozen=True):
    """A comment of a conversation or on a line."""

    id: int
    body: str
    user: User | None = None


class ReactionRecord(msgspec.Struct, frozen=True):
    """Somebody's reaction."""

    id: int
    content: str
    user: User | None = None


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


def own_answers(connection: Connection, number: int) -> tuple[Comment, ...]:
    """The App's own comments in a pull request's conversation."""
    found = msgspec.convert(list(connection.pages(f"/issues/{number}/comments")), list[Comment])
    return tuple(item for item in found if item.user is not None and item.user.login == connection.app.login)


def answer(connection: Connection, number: int, body: str, marker: str) -> Comment:
    """Comment in the conversation. `marker` is the part of `body` to know the answer by."""

    def create() -> Comment:
        return msgspec.convert(connection.send("POST", f"/issues/{number}/comments", {"body": body}), Comment)

    def find() -> Comment | None:
        return next((held for held in own_answers(connection, number) if marker in held.body), None)

    return connection.settle(create, find)


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
