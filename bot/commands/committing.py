"""Bringing changed files to a pull request: a commit on its branch where the App may, else a patch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from bot.commands.desk import Desk
from bot.github.commits import CannotPush, commit_files, message_of
from bot.render.markdown import prose
from bot.render.patch import LONGEST_PATCH, CannotShow, patch, patch_block

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Whole files of the new state, those of the old one, and the commit's message.

    `room`: how many bytes of a comment the patch may take where there is no commit.
    """

    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    message: str
    room: int = LONGEST_PATCH


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a change: the commit, or None and Markdown that holds the patch."""

    commit: str | None
    text: str = ""


def trailer(desk: Desk) -> str:
    """The last line of our commit's message, by which it is known when a command is tried again."""
    return f"Architect-Request: {desk.request.comment_kind}-{desk.request.comment_id}"


def committed_before(desk: Desk) -> bool:
    """Whether the head is the commit that this very command led to."""
    return trailer(desk) in message_of(desk.connection, desk.pull.head.sha).splitlines()


def bring(desk: Desk, change: Change) -> Brought:
    """Commit the change on the reviewed head, or give it as a patch, saying why it is none."""
    try:
        return Brought(_committed(desk, change))
    except CannotPush as refused:
        log.info("no commit", reason=str(refused))
        why = f"I may not commit here: {prose(str(refused), 200)}"
    try:
        block = patch_block(patch(change.before, change.after), change.room)
    except CannotShow as hidden:
        block = f"The patch is not shown: {hidden}. Run `backend-architect check --fix` in a checkout."
    return Brought(None, f"{why.rstrip('.')}.\n\n{block}")


def _committed(desk: Desk, change: Change) -> str:
    head = desk.pull.head
    if head.repo is None or head.repo.id != desk.request.key.repository:
        raise CannotPush("the branch is a fork's")
    message = f"{change.message}\n\nRequested-by: {desk.login}\n{trailer(desk)}"
    return commit_files(desk.connection, branch=head.ref, head=head.sha, files=change.after, message=message)
