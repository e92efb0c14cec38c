"""Which deliveries ask for work, and for what: pure, from a `Delivery` to ids and hints.

What a payload says is a hint: deliveries come late, twice and out of order, so the worker reads the
pull request again from GitHub before it does anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from bot.delivery import Delivery
from bot.payload import CheckTarget, Payload

COMMAND = re.compile(r" {0,3}(/architect(?:[ \t].*)?)\Z")
LONGEST_COMMAND = 1_000

FIRST_LOOKS = frozenset({"opened", "synchronize"})
LOOKS_AGAIN = frozenset({"reopened", "ready_for_review", "closed"})


class PullRequestKey(msgspec.Struct, frozen=True, order=True):
    """One pull request of one repository as one installation of one App on one GitHub sees it."""

    host: str
    app: str
    installation: int
    repository: int
    number: int


class CommitKey(msgspec.Struct, frozen=True, order=True):
    """One commit of one repository, where the pull request that it heads is not known yet."""

    host: str
    app: str
    installation: int
    repository: int
    sha: str


class ReviewRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody wants a pull request looked at.

    `owner`, `name` and `head` are hints. `reason` is `event.action`. `fresh`: a check run that is done
    for this commit is not enough, a new one is wanted. `attempt` names the asking: the GUID of the
    delivery (or the comment) that raised this request, the same for every retry and redelivery of it.
    """

    key: PullRequestKey
    owner: str
    name: str
    head: str | None
    reason: str
    attempt: str
    fresh: bool = False


class CommandRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A person wrote a slash command; `line` is the comment's first line, from `/architect` on.

    `attempt` is the GUID of the delivery that brought it.
    """

    key: PullRequestKey
    owner: str
    name: str
    comment_id: int
    comment_kind: str
    author: str
    line: str
    attempt: str = ""


class LookupBySha(msgspec.Struct, frozen=True, kw_only=True):
    """A re-run was asked for a commit; which pull requests it heads is to be asked of GitHub."""

    key: CommitKey
    owner: str
    name: str
    reason: str
    attempt: str


Wanted = ReviewRequest | CommandRequest | LookupBySha


def wanted(delivery: Delivery) -> Wanted | None:
    """What the delivery asks for; None for the many that ask for nothing."""
    handler = _HANDLERS.get(delivery.event)
    if handler is None or delivery.payload.installation is None or delivery.payload.repository is None:
        return None
    return handler(delivery)


def _pull_request(delivery: Delivery) -> Wanted | None:
    payload = delivery.payload
    new_base = payload.action == "edited" and payload.changes is not None and payload.changes.base is not None
    if payload.pull_request is None or not (payload.action in FIRST_LOOKS | LOOKS_AGAIN or new_base):
        return None
    number, head = payload.pull_request.number, payload.pull_request.head.sha
    return _review(delivery, number, head=head or None, fresh=payload.action not in FIRST_LOOKS)


def _check(delivery: Delivery, target: CheckTarget | None) -> Wanted | None:
    payload = delivery.payload
    if payload.action != "rerequested" or target is None or payload.repository is None:
        return None
    if target.app is not None and delivery.app and str(target.app.id) != delivery.app:
        return None
    ours = [
        pull_request.number
        for pull_request in target.pull_requests
        if pull_request.base.repo is not None and pull_request.base.repo.id == payload.repository.id
    ]
    if len(ours) == 1:
        return _review(delivery, ours[0], head=target.head_sha, fresh=True)
    return _lookup(delivery, target.head_sha)


def _check_run(delivery: Delivery) -> Wanted | None:
    return _check(delivery, delivery.payload.check_run)


def _check_suite(delivery: Delivery) -> Wanted | None:
    return _check(delivery, delivery.payload.check_suite)


def _issue_comment(delivery: Delivery) -> Wanted | None:
    payload = delivery.payload
    issue, comment, sender = payload.issue, payload.comment, payload.sender
    if payload.action != "created" or issue is None or issue.pull_request is None:
        return None
    if comment is None or comment.user is None or comment.user.bot or (sender is not None and sender.bot):
        return None
    line = command_line(comment.body or "")
    if line is None or (place := _place(delivery)) is None:
        return None
    installation, repository, owner, name = place
    return CommandRequest(
        key=PullRequestKey(delivery.host, delivery.app, installation, repository, issue.number),
        owner=owner,
        name=name,
        comment_id=comment.id,
        comment_kind="issue",
        author=comment.user.login,
        line=line,
        attempt=delivery.guid,
    )


def command_line(body: str) -> str | None:
    """The command on a comment's first line; None for prose, quotes, code and anything further down."""
    first = re.split(r"\r\n|\r|\n", body, maxsplit=1)[0]
    if len(first) > LONGEST_COMMAND or not first.replace("\t", " ").isprintable():
        return None
    found = COMMAND.match(first)
    return found.group(1).rstrip() if found else None


def _review(delivery: Delivery, number: int, *, head: str | None, fresh: bool) -> ReviewRequest | None:
    if (place := _place(delivery)) is None:
        return None
    installation, repository, owner, name = place
    return ReviewRequest(
        key=PullRequestKey(delivery.host, delivery.app, installation, repository, number),
        owner=owner,
        name=name,
        head=head,
        reason=f"{delivery.event}.{delivery.payload.action}",
        attempt=delivery.guid,
        fresh=fresh,
    )


def _lookup(delivery: Delivery, sha: str) -> LookupBySha | None:
    if (place := _place(delivery)) is None:
        return None
    installation, repository, owner, name = place
    return LookupBySha(
        key=CommitKey(delivery.host, delivery.app, installation, repository, sha),
        owner=owner,
        name=name,
        reason=f"{delivery.event}.{delivery.payload.action}",
        attempt=delivery.guid,
    )


def _place(delivery: Delivery) -> tuple[int, int, str, str] | None:
    payload: Payload = delivery.payload
    if payload.installation is None or payload.repository is None:
        return None
    repository = payload.repository
    return payload.installation.id, repository.id, repository.owner.login, repository.name


_HANDLERS: dict[str, Callable[[Delivery], Wanted | None]] = {
    "pull_request": _pull_request,
    "check_run": _check_run,
    "check_suite": _check_suite,
    "issue_comment": _issue_comment,
}

ACTED_ON = frozenset(_HANDLERS)
"""The events that can ask for work; the payloads of others are not looked into."""
