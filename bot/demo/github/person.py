"""A person on the local GitHub, who does in a browser what the API is not used for."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from bot.demo.github.accounts import User
from bot.demo.github.actions import check_runs, comments, merge_queue, pull_requests, pushes, reviews
from bot.demo.github.checks import CheckRun, CheckSuite
from bot.demo.github.conversation import IssueComment, Reaction, ReviewComment, Thread
from bot.demo.github.hooks.hub import Hub
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.state import State


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Each method is one thing done, with the deliveries that follow from it."""

    state: State
    hub: Hub
    user: User

    def comment(self, pull: PullRequest, body: str) -> IssueComment:
        with self.state.lock:
            return comments.comment(self.state, self.hub, pull, self.user, body)

    def edit_comment(self, comment: IssueComment, body: str) -> None:
        with self.state.lock:
            comments.edit(self.state, self.hub, comment, body, self.user)

    def delete_comment(self, comment: IssueComment) -> None:
        with self.state.lock:
            del self.state.issue_comments[comment.id]
            comments.announce(self.state, self.hub, comment, "deleted", self.user)

    def react(self, comment: IssueComment | ReviewComment, content: str) -> Reaction:
        with self.state.lock:
            return comments.react(self.state, comment, self.user, content)[0]

    def review_comment(self, pull: PullRequest, body: str, **anchor: Any) -> ReviewComment:
        """Comment on a line: `path`, `line` and what else the API takes."""
        given: Mapping[str, Any] = {"commit_id": pull.head_sha, "body": body, **anchor}
        with self.state.lock:
            return reviews.comment(self.state, self.hub, pull, self.user, dict(given))

    def reply(self, first: ReviewComment, body: str) -> ReviewComment:
        with self.state.lock:
            return reviews.reply(self.state, self.hub, first, self.user, body)

    def resolve(self, thread: Thread) -> None:
        with self.state.lock:
            thread.resolved_by = self.user

    def unresolve(self, thread: Thread) -> None:
        with self.state.lock:
            thread.resolved_by = None

    def close(self, pull: PullRequest) -> None:
        with self.state.lock:
            pull_requests.close(self.state, self.hub, pull, self.user)

    def merge(self, pull: PullRequest) -> None:
        with self.state.lock:
            pull_requests.merge(self.state, self.hub, pull, self.user)

    def enqueue(self, pull: PullRequest) -> str:
        """Put the pull request into the merge queue; answers the head of its group."""
        with self.state.lock:
            return merge_queue.enqueue(self.state, self.hub, pull, self.user)

    def update_branch(self, pull: PullRequest) -> str:
        """Merge the base branch into the pull request's; answers the new head."""
        with self.state.lock:
            return pushes.update_branch(self.state, self.hub, pull, self.user)

    def reopen(self, pull: PullRequest) -> None:
        with self.state.lock:
            pull_requests.reopen(self.state, self.hub, pull, self.user)

    def mark_ready(self, pull: PullRequest) -> None:
        with self.state.lock:
            pull_requests.mark_ready(self.state, self.hub, pull, self.user)

    def change_base(self, pull: PullRequest, base_branch: str) -> None:
        with self.state.lock:
            pull_requests.change_base(self.state, self.hub, pull, base_branch, self.user)

    def lock_conversation(self, pull: PullRequest) -> None:
        with self.state.lock:
            pull.is_locked = True

    def rerequest_check_run(self, run: CheckRun) -> None:
        with self.state.lock:
            check_runs.rerequest(self.state, self.hub, run, self.user)

    def rerequest_check_suite(self, suite: CheckSuite) -> None:
        with self.state.lock:
            check_runs.rerequest_suite(self.state, self.hub, suite, self.user)

    def request_action(self, run: CheckRun, identifier: str) -> None:
        """Press the button of the check run that has this identifier."""
        with self.state.lock:
            check_runs.request_action(self.state, self.hub, run, identifier, self.user)
