"""Obeying a command: seen, allowed or not, done once, acknowledged by reactions.

A button is a command without a comment: nothing can react to it, so only what must be said is said.
"""

from __future__ import annotations

from typing import Literal, cast

from bot.buttons import pressed
from bot.commands import accept, config, explain, fix, ignore, review, unignore
from bot.commands import help as help_command
from bot.commands.committing import committed_before
from bot.commands.desk import Declined, Desk, Done, Outcome
from bot.github.comments import Kind, answer, comment, may_write, own_reactions, react
from bot.github.connection import Connection
from bot.github.pulls import PullRequest
from bot.ledger.fence import Fence
from bot.render.markers import marker
from bot.review import Services, current
from bot.slash_commands import (
    AcceptBaseline,
    Command,
    Config,
    Explain,
    Fix,
    Help,
    Ignore,
    Review,
    Unignore,
    Unknown,
    command_line,
    parse,
)
from bot.triggers import CommandRequest, ReviewRequest

_NOT_ALLOWED = "That needs write permission to this repository."
_STALE = "That check run is of an earlier commit: use the buttons of the latest one."
_OF_AUTHORS = (Review, Explain, Help, Unknown)


def run_command(request: CommandRequest, services: Services, fence: Fence) -> ReviewRequest | None:
    """Obey the command; gives the review that it asks for. A command is answered once."""
    with services.connect(request, fence.check) as connection:
        desk = _desk(request, services, connection)
        if desk is None:
            return None
        command = pressed(request.line) if request.comment_kind == "button" else parse(request.line)
        seen = _reactions(desk)
        if "confused" in seen:
            return None
        if "rocket" in seen:
            return desk.review(full=command == Review(full=True)) if _ends_in_review(command) else None
        _react(desk, "eyes", seen)
        outcome = _outcome(desk, command)
        _acknowledge(desk, outcome)
        return outcome.review if isinstance(outcome, Done) else None


def say_failed(request: CommandRequest, services: Services, fence: Fence) -> None:
    """After the last try: tell the person that nothing came of it."""
    with services.connect(request, fence.check_lease) as connection:
        desk = _desk(request, services, connection)
        if desk is not None:
            _acknowledge(desk, Declined("I could not do that now: please ask again later."))


def _desk(request: CommandRequest, services: Services, connection: Connection) -> Desk | None:
    """None where the pull request or the comment is gone, or the comment says something else by now."""
    pull = current(connection, request)
    if pull is None:
        return None
    if request.comment_kind == "button":
        return _made(request, services, connection, pull, request.author, pull.html_url)
    written = comment(connection, _kind(request), request.comment_id)
    if written is None or command_line(written.body) != request.line:
        return None
    author = written.user
    login = author.login if author is not None and author.type != "Bot" else ""
    return _made(request, services, connection, pull, login, written.html_url)


def _made(
    request: CommandRequest,
    services: Services,
    connection: Connection,
    pull: PullRequest,
    login: str,
    link: str,
) -> Desk:
    return Desk(request=request, services=services, connection=connection, pull=pull, login=login, link=link)


def _outcome(desk: Desk, command: Command) -> Outcome:
    allowed_as_author = desk.is_author and isinstance(command, _OF_AUTHORS)
    if not desk.login or not (allowed_as_author or may_write(desk.connection, desk.login)):
        return Declined(_NOT_ALLOWED)
    if desk.request.head not in (None, desk.pull.head.sha) and not committed_before(desk):
        return Declined(_STALE)
    return _obeyed(desk, command)


def _obeyed(desk: Desk, command: Command) -> Outcome:
    match command:
        case Review():
            return review.obey(desk, command)
        case Explain():
            return explain.obey(desk, command)
        case Ignore():
            return ignore.obey(desk, command)
        case Unignore():
            return unignore.obey(desk, command)
        case Fix():
            return fix.obey(desk, command)
        case AcceptBaseline():
            return accept.obey(desk, command)
        case Config():
            return config.obey(desk, command)
        case Help():
            return help_command.obey(desk, command)
        case Unknown():
            return Declined(command.why)


def _ends_in_review(command: Command) -> bool:
    return isinstance(command, Review | Ignore | Unignore)


def _acknowledge(desk: Desk, outcome: Outcome) -> None:
    text = outcome.why if isinstance(outcome, Declined) else outcome.text
    if text:
        mark = marker("answer", str(desk.request.comment_id))
        marks = outcome.marks if isinstance(outcome, Done) else ""
        body = "\n".join([text, "", mark, *([marks] if marks else [])])
        thread = desk.request.thread if desk.request.comment_kind == "review" else None
        answer(desk.connection, desk.pull.number, body, mark, thread)
    _react(desk, "confused" if isinstance(outcome, Declined) else "rocket", frozenset())


def _reactions(desk: Desk) -> frozenset[str]:
    if desk.request.comment_kind == "button":
        return frozenset()
    held = own_reactions(desk.connection, _kind(desk.request), desk.request.comment_id)
    return frozenset(reaction.content for reaction in held)


def _react(desk: Desk, content: Literal["eyes", "rocket", "confused"], seen: frozenset[str]) -> None:
    if desk.request.comment_kind != "button" and content not in seen:
        react(desk.connection, _kind(desk.request), desk.request.comment_id, content)


def _kind(request: CommandRequest) -> Kind:
    return cast("Kind", request.comment_kind)
