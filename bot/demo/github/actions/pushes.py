"""A branch that moved: the pull requests that follow it, and the threads that move or go out of date."""

from __future__ import annotations

from bot.demo.github import anchors, changes, diff, git
from bot.demo.github.accounts import User
from bot.demo.github.actions import pull_requests
from bot.demo.github.actions.check_runs import suite_for
from bot.demo.github.hooks.hub import Event, Hub
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.repository import Repository
from bot.demo.github.shapes import checks
from bot.demo.github.state import State

MERGER = "GitHub <noreply@github.com>"


def branch_moved(state: State, hub: Hub, repository: Repository, branch: str, sender: User) -> None:
    """Tell everything that depends on the new tip of `branch`."""
    tip = git.resolve(repository.folder, f"refs/heads/{branch}")
    for installation in state.installations_on(repository):
        suite = suite_for(state, installation.app, repository, tip, branch)
        details = {"check_suite": checks.suite(hub.url, state, suite)}
        hub.emit(
            Event(
                name="check_suite",
                action="requested",
                repository=repository,
                sender=sender,
                details=details,
                only=installation.app,
            )
        )
    for pull in state.pulls.values():
        follows = pull.head_repository is repository and pull.head_branch == branch and pull.state == "open"
        if follows and pull.head_sha != tip:
            _synchronize(state, hub, pull, tip, sender)


def update_branch(state: State, hub: Hub, pull: PullRequest, sender: User) -> str:
    """Merge the base branch into the head, as the button of that name does. Answers the new head."""
    source, target = pull.repository, pull.head_repository
    tip = git.resolve(source.folder, f"refs/heads/{pull.base_branch}")
    git.bring(target.folder, source.folder, tip)
    message = f"Merge branch '{pull.base_branch}' into {pull.head_branch}"
    head = git.merge(target.folder, pull.head_sha, tip, message, MERGER, state.clock())
    git.set_ref(target.folder, f"refs/heads/{pull.head_branch}", head)
    branch_moved(state, hub, target, pull.head_branch, sender)
    return head


def _synchronize(state: State, hub: Hub, pull: PullRequest, tip: str, sender: User) -> None:
    before, pull.head_sha, pull.updated_at = pull.head_sha, tip, state.clock()
    pull.base_sha = git.resolve(pull.repository.folder, f"refs/heads/{pull.base_branch}")
    pull_requests.keep_head(pull)
    _move_threads(state, pull, before)
    if not git.is_ancestor(pull.repository.folder, before, tip):
        _point_reviews_at_head(state, pull)
    pull_requests.announce(state, hub, pull, "synchronize", sender, before=before, after=tip)


def _move_threads(state: State, pull: PullRequest, before: str) -> None:
    change = diff.between(pull.repository.folder, before, pull.head_sha, context=0)
    shown = changes.files(pull)
    for thread in state.threads.values():
        if thread.pull is not pull or thread.current is None:
            continue
        thread.current = anchors.moved(thread.current, change)
        if thread.current is None:
            continue
        try:
            thread.position = anchors.place(shown, thread.current).position
        except anchors.BadAnchor:
            thread.current = None
            continue
        for comment in thread.comments:
            comment.commit_id = pull.head_sha


def _point_reviews_at_head(state: State, pull: PullRequest) -> None:
    # After a force push GitHub shows earlier reviews as if they were of the new head.
    for review in state.reviews.values():
        if review.pull is pull:
            review.commit_id = pull.head_sha
