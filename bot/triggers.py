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
from bot.spoken import Spoken, button_of, comment_of

GROUP_BRANCH = re.compile(r"/gh-readonly-queue/.+/pr-(?P<number>\d+)-[0-9a-f]{40,64}\Z")
"""The branch that GitHub makes for a merge group."""

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


class GroupKey(msgspec.Struct, frozen=True, order=True):
    """The head of one merge group of one repository."""

    host: str
    app: str
    installation: int
    repository: int
    group: str


class ReviewRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody wants a pull request looked at.

    `owner`, `name` and `head` are hints. `reason` is `event.action`. `fresh`: a check run that is done
    for this commit is not enough, a new one is wanted. `attempt` names the asking: the GUID of the
    delivery (or the comment) that raised this request, the same for every retry and redelivery of it.
    `full`: nothing that is remembered of files is used.
    """

    key: PullRequestKey
    owner: str
    name: str
    head: str | None
    reason: str
    attempt: str
    fresh: bool = False
    full: bool = False


class CommandRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A person wrote a slash command; `line` is the comment's first line, from `/architect` on.

    `attempt` is the GUID of the delivery that brought it. `comment_kind` is issue, review (then `thread` is
    the comment that opened the thread, if this is not it) or button: then `line` is the button's identifier,
    `head` the commit of its check run, and `comment_id` a number made of the GUID.
    """

    key: PullRequestKey
    owner: str
    name: str
    comment_id: int
    comment_kind: str
    author: str
    line: str
    attempt: str = ""
    thread: int | None = None
    head: str | None = None


class LookupBySha(msgspec.Struct, frozen=True, kw_only=True):
    """A re-run was asked for a commit; which pull requests it heads is to be asked of GitHub."""

    key: CommitKey
    owner: str
    name: str
    reason: str
    attempt: str


class GroupRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A merge queue wants to know whether a pull request goes together with what is merged before it.

    `base` is the commit that the group was merged onto, `number` the pull request that it adds (None where
    the group's branch does not say).
    """

    key: GroupKey
    owner: str
    name: str
    base: str
    number: int | None
    reason: str
    attempt: str


Wanted = ReviewRequest | CommandRequest | LookupBySha | GroupRequest


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
    if _foreign(delivery, target):
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
    target = delivery.payload.check_run
    if delivery.payload.action != "requested_action":
        return _check(delivery, target)
    return None if target is None or _foreign(delivery, target) else _command(delivery, button_of(delivery))


def _foreign(delivery: Delivery, target: CheckTarget) -> bool:
    return target.app is not None and bool(delivery.app) and str(target.app.id) != delivery.app


def _merge_group(delivery: Delivery) -> Wanted | None:
    group = delivery.payload.merge_group
    if delivery.payload.action != "checks_requested" or group is None or (place := _place(delivery)) is None:
        return None
    installation, repository, owner, name = place
    added = GROUP_BRANCH.search(group.head_ref)
    return GroupRequest(
        key=GroupKey(delivery.host, delivery.app, installation, repository, group.head_sha),
        owner=owner,
        name=name,
        base=group.base_sha,
        number=int(added["number"]) if added else None,
        reason=f"{delivery.event}.{delivery.payload.action}",
        attempt=delivery.guid,
    )


def _check_suite(delivery: Delivery) -> Wanted | None:
    return _check(delivery, delivery.payload.check_suite)


def _command(delivery: Delivery, found: Spoken | None) -> Wanted | None:
    if found is None or (place := _place(delivery)) is None:
        return None
    installation, repository, owner, name = place
    return CommandRequest(
        key=PullRequestKey(delivery.host, delivery.app, installation, repository, found.number),
        owner=owner,
        name=name,
        comment_id=found.comment_id,
        comment_kind=found.comment_kind,
        author=found.author,
        line=found.line,
        attempt=delivery.guid,
        thread=found.thread,
        head=found.head,
    )


def _comment(delivery: Delivery) -> Wanted | None:
    return _command(delivery, comment_of(delivery))


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
    "issue_comment": _comment,
    "merge_group": _merge_group,
    "pull_request_review_comment": _comment,
}

ACTED_ON = frozenset(_HANDLERS)
"""The events that can ask for work; the payloads of others are not looked into."""
