"""What people decided, read back from their comments on each review: nothing else needs to remember it.

A decision counts when the App said so with its rocket: by then the person's permission was checked and the
finding was there. A comment that was edited since says something that nobody checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.dismissals import Decision
from bot.github.comments import Comment, Kind, all_comments, is_own, own_reactions
from bot.github.connection import Connection
from bot.render.markers import marked
from bot.slash_commands import Ignore, Unignore, command_line, parse

ACCEPTED = "accepted"
"""The mark of an own comment that says whose word accepted which findings: the login, then fingerprints."""


def decisions(connection: Connection, number: int) -> tuple[Decision, ...]:
    """Every decision that people took on the pull request, and that still stands as it was written."""
    said = all_comments(connection, "issue", number)
    on_lines = all_comments(connection, "review", number)
    threads = {comment.id: comment for comment in on_lines if is_own(connection, comment)}
    found = [*_accepted(connection, said)]
    for kind, comments in (("issue", said), ("review", on_lines)):
        for comment in comments:
            decision = _decision(comment, threads)
            if decision is not None and _acknowledged(
                connection, "issue" if kind == "issue" else "review", comment
            ):
                found.append(decision)
    return tuple(found)


def findings_of(comment: Comment) -> tuple[str, ...]:
    """The fingerprints that a comment of ours on a line is about."""
    return marked(comment.body, "finding")


def _decision(comment: Comment, threads: Mapping[int, Comment]) -> Decision | None:
    line = command_line(comment.body)
    if line is None or comment.user is None or comment.user.type == "Bot":
        return None
    command = parse(line)
    if not isinstance(command, Ignore | Unignore):
        return None
    thread = threads.get(comment.in_reply_to_id or 0)
    named = (command.finding,) if command.finding else findings_of(thread) if thread else ()
    return Decision(
        ignored=isinstance(command, Ignore),
        findings=named,
        reason=command.reason if isinstance(command, Ignore) else "",
        by=comment.user.login,
        at=comment.created_at,
        link=comment.html_url,
    )


def _acknowledged(connection: Connection, kind: Kind, comment: Comment) -> bool:
    if not comment.reactions.rocket:
        return False
    return any(
        held.content == "rocket" and held.created_at >= comment.updated_at
        for held in own_reactions(connection, kind, comment.id)
    )


def _accepted(connection: Connection, said: tuple[Comment, ...]) -> Iterator[Decision]:
    for comment in said:
        login, *findings = marked(comment.body, ACCEPTED) or ("",)
        if findings and is_own(connection, comment):
            yield Decision(
                ignored=True,
                findings=tuple(findings),
                reason="accepted as baseline",
                by=login,
                at=comment.created_at,
                link=comment.html_url,
            )
