"""A merge queue: each pull request in it gets a group, a merge onto the group before or the base branch."""

from __future__ import annotations

from typing import Any

from bot.demo.github import git, log
from bot.demo.github.accounts import User
from bot.demo.github.actions import pushes
from bot.demo.github.hooks.hub import Event, Hub
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.state import State

QUEUE = "gh-readonly-queue"


def enqueue(state: State, hub: Hub, pull: PullRequest, sender: User) -> str:
    """Put a pull request into its base branch's queue and ask for the group's checks. Answers its head."""
    folder = pull.repository.folder
    parent = _last(pull) or git.resolve(folder, f"refs/heads/{pull.base_branch}")
    message = f"Merge pull request #{pull.number} from {pull.head_branch}"
    head = git.merge(folder, parent, pull.head_sha, message, pushes.MERGER, state.clock())
    branch = f"{QUEUE}/{pull.base_branch}/pr-{pull.number}-{parent}"
    git.set_ref(folder, f"refs/heads/{branch}", head)
    pushes.branch_moved(state, hub, pull.repository, branch, sender)
    group = _group(pull, branch, parent, head)
    details = {"merge_group": group}
    hub.emit(
        Event(
            name="merge_group",
            action="checks_requested",
            repository=pull.repository,
            sender=sender,
            details=details,
        )
    )
    return head


def _last(pull: PullRequest) -> str | None:
    """The head of the queue's last group: the one that no other group is built on."""
    prefix = f"{QUEUE}/{pull.base_branch}/"
    branches = git.branches(pull.repository.folder)
    heads = {sha for name, sha in branches.items() if name.startswith(prefix)}
    parents = {name.rpartition("-")[2] for name in branches if name.startswith(prefix)}
    return next(iter(heads - parents), None)


def _group(pull: PullRequest, branch: str, parent: str, head: str) -> dict[str, Any]:
    commit = log.commit(pull.repository.folder, head)
    person = {"name": commit.author.name, "email": commit.author.email}
    return {
        "head_sha": head,
        "head_ref": f"refs/heads/{branch}",
        "base_sha": parent,
        "base_ref": f"refs/heads/{pull.base_branch}",
        "head_commit": {
            "id": commit.sha,
            "tree_id": commit.tree,
            "message": commit.message,
            "timestamp": commit.committer.date,
            "author": person,
            "committer": person,
        },
    }
