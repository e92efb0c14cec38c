"""The few fields of GitHub's webhook payloads that the bot acts on; everything else is skipped unread.

Every field that an official example leaves out is optional here: GitHub adds and drops fields without
notice, and a delivery must not be refused for a field that nobody needs.
Source: https://docs.github.com/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

import msgspec


class Account(msgspec.Struct, frozen=True):
    """A person, an organization or a bot."""

    login: str = ""
    type: str = "User"

    @property
    def bot(self) -> bool:
        """Whether an App or another machine account acts here."""
        return self.type == "Bot" or self.login.endswith("[bot]")


class Identified(msgspec.Struct, frozen=True):
    """Anything of which the number that GitHub gave it is enough."""

    id: int


class Repository(msgspec.Struct, frozen=True):
    """The repository that the event belongs to: for a pull request, the base repository."""

    id: int
    name: str
    owner: Account


class Tip(msgspec.Struct, frozen=True):
    """One end of a pull request. `repo` is null when a fork was deleted."""

    sha: str = ""
    repo: Identified | None = None


class PullRequest(msgspec.Struct, frozen=True):
    """A pull request, in full or in the short form that check events carry."""

    number: int
    head: Tip = Tip()
    base: Tip = Tip()


class CheckTarget(msgspec.Struct, frozen=True):
    """A check run or a check suite; `pull_requests` is empty for a fork."""

    head_sha: str
    pull_requests: tuple[PullRequest, ...] = ()
    app: Identified | None = None
    external_id: str | None = None


class MergeGroup(msgspec.Struct, frozen=True):
    """A merge queue's group: `head_sha` is the merge that would become the base branch's tip."""

    head_sha: str
    head_ref: str
    base_sha: str


class RequestedAction(msgspec.Struct, frozen=True):
    """The button of a check run that a person pressed."""

    identifier: str = ""


class Present(msgspec.Struct, frozen=True):
    """An object of which only matters that it is there."""


class Comment(msgspec.Struct, frozen=True):
    """A comment of the conversation, or on a line; `in_reply_to_id` is the one that opened the thread."""

    id: int
    body: str | None = None
    user: Account | None = None
    in_reply_to_id: int | None = None


class Issue(msgspec.Struct, frozen=True):
    """An issue; one with `pull_request` is a pull request's conversation."""

    number: int
    pull_request: Present | None = None


class Changes(msgspec.Struct, frozen=True):
    """What an `edited` event changed: `base` is there only when the target branch changed."""

    base: Present | None = None


class Payload(msgspec.Struct, frozen=True):
    """The union of the payloads of the events in `triggers` and `app_changes`."""

    action: str = ""
    installation: Identified | None = None
    repository: Repository | None = None
    sender: Account | None = None
    pull_request: PullRequest | None = None
    changes: Changes | None = None
    check_run: CheckTarget | None = None
    check_suite: CheckTarget | None = None
    requested_action: RequestedAction | None = None
    merge_group: MergeGroup | None = None
    issue: Issue | None = None
    comment: Comment | None = None
    repositories: tuple[Identified, ...] = ()
    repositories_added: tuple[Identified, ...] = ()
    repositories_removed: tuple[Identified, ...] = ()
