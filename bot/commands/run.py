"""Obeying a slash command: seen, allowed or not, done once, acknowledged by reactions."""

from __future__ import annotations

from typing import Literal, cast

from bot.commands import help as help_command
from bot.commands.parse import Command, Help, Review, Unknown, parse
from bot.commands.review import review_request
from bot.github.comments import Kind, answer, comment, may_write, own_answers, own_reactions, react
from bot.github.connection import Connection
from bot.github.pulls import PullRequest, User
from bot.ledger.fence import Fence
from bot.render.markers import marker
from bot.review import Services, current
from bot.triggers import CommandRequest, ReviewRequest

_DONE = frozenset({"rocket", "confused"})
_NOT_ALLOWED = "That needs write permission to this repository."
_CLOSED = "This pull request is closed."


def run_command(request: CommandRequest, services: Services, fence: Fence) -> ReviewRequest | None:
    """Obey the command; gives the review that it asks for. A comment is answered once."""
    kind = cast("Kind", request.comment_kind)
    with services.connect(request, fence.check) as connection:
        pull = current(connection, request)
        written = comment(connection, kind, request.comment_id) if pull else None
        if pull is None or written is None:
            return None
        command = parse(request.line)
        reactions = {held.content for held in own_reactions(connection, kind, request.comment_id)}
        if "eyes" not in reactions:
            react(connection, kind, request.comment_id, "eyes")
        why = _objection(connection, command, pull, written.user)
        if not reactions & _DONE:
            _acknowledge(connection, request, command, why)
        wanted = isinstance(command, Review) and why is None and "confused" not in reactions
        return review_request(request, pull.head.sha) if wanted else None


def say_failed(request: CommandRequest, services: Services, fence: Fence) -> None:
    """After the last try: tell the person that nothing came of it."""
    with services.connect(request, fence.check_lease) as connection:
        if current(connection, request) is not None:
            _close(connection, request, "confused", "I could not do that now: please ask again later.")


def _objection(
    connection: Connection, command: Command, pull: PullRequest, author: User | None
) -> str | None:
    if author is None or author.type == "Bot":
        return _NOT_ALLOWED
    is_author = pull.user is not None and pull.user.login == author.login
    if not is_author and not may_write(connection, author.login):
        return _NOT_ALLOWED
    if isinstance(command, Unknown):
        return command.why
    return _CLOSED if isinstance(command, Review) and pull.state != "open" else None


def _acknowledge(connection: Connection, request: CommandRequest, command: Command, why: str | None) -> None:
    if why is not None:
        _close(connection, request, "confused", why)
    elif isinstance(command, Help):
        _close(connection, request, "rocket", help_command.TEXT)
    else:
        react(connection, cast("Kind", request.comment_kind), request.comment_id, "rocket")


def _close(
    connection: Connection, request: CommandRequest, reaction: Literal["rocket", "confused"], text: str
) -> None:
    mark = marker("answer", str(request.comment_id))
    if not any(mark in held.body for held in own_answers(connection, request.key.number)):
        answer(connection, request.key.number, f"{text}\n\n{mark}", mark)
    react(connection, cast("Kind", request.comment_kind), request.comment_id, reaction)
