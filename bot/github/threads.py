"""The App's own review threads: read by GraphQL, closed and reopened as far as the App may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from bot.github.app import RESOLVE_PERMISSIONS, not_granted
from bot.github.connection import Connection
from bot.github.refusal import GitHubRefused
from bot.threads import Thread

_REFUSED = (403, 404, 422)

_THREADS = """
query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id isResolved isOutdated path
          resolvedBy { login }
          comments(first: 1) {
            totalCount
            nodes { id databaseId body isMinimized author { login __typename } }
          }
        }
      }
    }
  }
}
"""
_CHANGES = {
    "resolve": "mutation($id: ID!) { resolveReviewThread(input: {threadId: $id}) { thread { id } } }",
    "unresolve": "mutation($id: ID!) { unresolveReviewThread(input: {threadId: $id}) { thread { id } } }",
    "minimize": (
        "mutation($id: ID!) { minimizeComment(input: {subjectId: $id, classifier: RESOLVED}) "
        "{ minimizedComment { isMinimized } } }"
    ),
    "unminimize": (
        "mutation($id: ID!) { unminimizeComment(input: {subjectId: $id}) "
        "{ unminimizedComment { isMinimized } } }"
    ),
}
Change = Literal["resolve", "unresolve", "minimize", "unminimize"]


class _Actor(msgspec.Struct, rename={"kind": "__typename"}):
    login: str
    kind: str = "User"


class _Comment(msgspec.Struct, rename="camel"):
    id: str
    body: str
    is_minimized: bool
    database_id: int | None = None
    author: _Actor | None = None


class _Comments(msgspec.Struct, rename="camel"):
    total_count: int
    nodes: list[_Comment]


class _Thread(msgspec.Struct, rename="camel"):
    id: str
    is_resolved: bool
    is_outdated: bool
    path: str
    comments: _Comments
    resolved_by: _Actor | None = None


def own_threads(connection: Connection, number: int) -> tuple[Thread, ...]:
    """The threads that the App opened on a pull request, resolved and outdated ones too, oldest first."""
    found = (_thread(connection, node) for node in _nodes(connection, number))
    return tuple(thread for thread in found if thread is not None)


def may_resolve(connection: Connection) -> bool:
    """Whether the installation grants what resolving threads needs."""
    try:
        connection.token(RESOLVE_PERMISSIONS)
    except GitHubRefused as refused:
        if not_granted(refused):
            return False
        raise
    return True


def change_thread(connection: Connection, change: Change, node: str) -> bool:
    """Resolve a thread or minimise a comment, or undo that; False where the App may not. Twice is once."""
    resolving = change in ("resolve", "unresolve")
    permissions = {"permissions": RESOLVE_PERMISSIONS} if resolving else {}

    def send() -> bool:
        connection.graph(_CHANGES[change], {"id": node}, changes=True, **permissions)
        return True

    try:
        return connection.settle(send, lambda: None)
    except GitHubRefused as refused:
        if refused.status in _REFUSED:
            return False
        raise


def edit_comment(connection: Connection, comment: int, body: str) -> bool:
    """Give an own review comment a new text; nobody is notified. False where it is gone or locked."""

    def send() -> bool:
        connection.send("PATCH", f"/pulls/comments/{comment}", {"body": body})
        return True

    try:
        return connection.settle(send, lambda: None)
    except GitHubRefused as refused:
        if refused.status in _REFUSED:
            return False
        raise


def _nodes(connection: Connection, number: int) -> Iterator[_Thread]:
    owner, _, name = connection.full_name.partition("/")
    after: str | None = None
    while True:
        variables = {"owner": owner, "name": name, "number": number, "after": after}
        data: Any = connection.graph(_THREADS, variables, changes=False)
        page = data["repository"]["pullRequest"]["reviewThreads"]
        yield from msgspec.convert(page["nodes"], list[_Thread])
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def _thread(connection: Connection, node: _Thread) -> Thread | None:
    first = next(iter(node.comments.nodes), None)
    if first is None or first.database_id is None or first.author is None:
        return None
    if first.author.kind != "Bot" or not _is_own(connection, first.author):
        return None
    return Thread(
        id=node.id,
        path=node.path,
        comment=first.database_id,
        comment_node=first.id,
        body=first.body,
        resolved=node.is_resolved,
        resolved_by_person=node.resolved_by is not None and not _is_own(connection, node.resolved_by),
        outdated=node.is_outdated,
        minimized=first.is_minimized,
        replies=node.comments.total_count - 1,
    )


def _is_own(connection: Connection, actor: _Actor | None) -> bool:
    # GraphQL names an App's bot without the suffix that REST gives it.
    return actor is not None and actor.login.removesuffix("[bot]") == connection.app.login.removesuffix(
        "[bot]"
    )
