"""A command as a delivery brings it: a comment's first line, or a button of a check run. Pure."""

from __future__ import annotations

import hashlib
import re

import msgspec

from bot.delivery import Delivery
from bot.payload import Account
from bot.slash_commands import command_line

EXTERNAL_ID = re.compile(r"ba\d+:(?P<repository>\d+):(?P<number>\d+):")
"""How a check run of ours is known; see `bot.attempt`."""


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """Who said what on which pull request; the fields are those of `triggers.CommandRequest`."""

    number: int
    comment_id: int
    comment_kind: str
    author: str
    line: str
    thread: int | None = None
    head: str | None = None


def comment_of(delivery: Delivery) -> Spoken | None:
    """The command in a new comment; None for edits, bots, quotes, code and what is no command."""
    payload = delivery.payload
    comment, sender = payload.comment, payload.sender
    number = _number(delivery)
    if payload.action != "created" or number is None or comment is None or not _person(comment.user):
        return None
    line = command_line(comment.body or "")
    if line is None or comment.user is None or (sender is not None and sender.bot):
        return None
    return Spoken(
        number=number,
        comment_id=comment.id,
        comment_kind="issue" if payload.issue else "review",
        author=comment.user.login,
        line=line,
        thread=comment.in_reply_to_id,
    )


def button_of(delivery: Delivery) -> Spoken | None:
    """The button that a person pressed on a check run of ours."""
    payload = delivery.payload
    run, action, sender = payload.check_run, payload.requested_action, payload.sender
    if run is None or action is None or sender is None or sender.bot or payload.repository is None:
        return None
    # GitHub lists no pull request of a fork here; what we gave the run to be known by names it.
    named = EXTERNAL_ID.match(run.external_id or "")
    if named is None or int(named["repository"]) != payload.repository.id:
        return None
    return Spoken(
        number=int(named["number"]),
        comment_id=int.from_bytes(hashlib.blake2b(delivery.guid.encode(), digest_size=6).digest()),
        comment_kind="button",
        author=sender.login,
        line=action.identifier,
        head=run.head_sha,
    )


def _number(delivery: Delivery) -> int | None:
    issue, pull = delivery.payload.issue, delivery.payload.pull_request
    if issue is not None:
        return issue.number if issue.pull_request is not None else None
    return None if pull is None else pull.number


def _person(user: Account | None) -> bool:
    return user is not None and not user.bot
