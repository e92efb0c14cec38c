"""Opening, closing and changing pull requests."""

from __future__ import annotations

from bot.demo.github import git
from bot.demo.github.accounts import User
from bot.demo.github.hooks.hub import Event, Hub
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.repository import Repository
from bot.demo.github.shapes import pulls
from bot.demo.github.state import State


def open_pull(  # noqa: PLR0913 - each is a fact of the pull request
    state: State,
    hub: Hub,
    *,
    repository: Repository,
    head: Repository,
    head_branch: str,
    base_branch: str,
    title: str,
    body: str,
    author: User,
    is_draft: bool,
) -> PullRequest:
    """A pull request from a real branch, with `refs/pull/N/head` kept in the base repository."""
    head_sha = git.resolve(head.folder, f"refs/heads/{head_branch}")
    now = state.clock()
    pull = PullRequest(
        id=state.new_id(),
        number=repository.next_number,
        repository=repository,
        head_repository=head,
        author=author,
        title=title,
        body=body,
        head_branch=head_branch,
        head_sha=head_sha,
        base_branch=base_branch,
        base_sha=git.resolve(repository.folder, f"refs/heads/{base_branch}"),
        created_at=now,
        updated_at=now,
        is_draft=is_draft,
    )
    keep_head(pull)
    repository.next_number += 1
    state.pulls[pull.id] = pull
    announce(state, hub, pull, "opened", author)
    return pull


def keep_head(pull: PullRequest) -> None:
    """Point `refs/pull/N/head` of the base repository at the head, brought from the fork if it is one."""
    if pull.is_from_fork:
        git.bring(pull.repository.folder, pull.head_repository.folder, pull.head_sha)
    git.set_ref(pull.repository.folder, f"refs/pull/{pull.number}/head", pull.head_sha)


def announce(state: State, hub: Hub, pull: PullRequest, action: str, sender: User, **details: object) -> None:
    hub.emit(
        Event(
            name="pull_request",
            action=action,
            repository=pull.repository,
            sender=sender,
            details={"number": pull.number, "pull_request": pulls.full(hub.url, state, pull), **details},
        )
    )


def close(state: State, hub: Hub, pull: PullRequest, sender: User) -> None:
    pull.closed_at = pull.updated_at = state.clock()
    announce(state, hub, pull, "closed", sender)


def merge(state: State, hub: Hub, pull: PullRequest, sender: User) -> None:
    """Merge by moving the base branch to the head, as a fast-forward would, and close."""
    git.set_ref(pull.repository.folder, f"refs/heads/{pull.base_branch}", pull.head_sha)
    pull.merged_at, pull.merged_by = state.clock(), sender
    close(state, hub, pull, sender)


def reopen(state: State, hub: Hub, pull: PullRequest, sender: User) -> None:
    pull.closed_at, pull.updated_at = None, state.clock()
    announce(state, hub, pull, "reopened", sender)


def mark_ready(state: State, hub: Hub, pull: PullRequest, sender: User) -> None:
    pull.is_draft = False
    announce(state, hub, pull, "ready_for_review", sender)


def change_base(state: State, hub: Hub, pull: PullRequest, base_branch: str, sender: User) -> None:
    before = {"ref": {"from": pull.base_branch}, "sha": {"from": pull.base_sha}}
    pull.base_branch = base_branch
    pull.base_sha = git.resolve(pull.repository.folder, f"refs/heads/{base_branch}")
    announce(state, hub, pull, "edited", sender, changes={"base": before})
