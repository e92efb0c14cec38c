"""Records as the objects that GraphQL resolves fields on."""

from __future__ import annotations

import dataclasses
from typing import Any

from bot.demo.github.accounts import Kind, User
from bot.demo.github.call import Call
from bot.demo.github.conversation import IssueComment, Review, ReviewComment, Thread
from bot.demo.github.graph.connection import connection
from bot.demo.github.graph.failure import Failure
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.repository import Repository
from bot.demo.github.shapes import conversation
from bot.demo.github.shapes.accounts import node_id, timestamp
from bot.demo.github.shapes.pulls import pull_page


def may_resolve(call: Call) -> bool:
    """Resolving threads needs `contents: write` beside `pull_requests: write`, as Apps found out."""
    token = call.token
    return token is not None and token.allows("contents:write") and token.allows("pull_requests:write")


@dataclasses.dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes for one call: urls and what its viewer may do depend on it."""

    call: Call

    def actor(self, user: User) -> dict[str, Any]:
        login = user.login.removesuffix("[bot]")
        is_bot = user.kind is Kind.BOT
        return {
            "__typename": "Bot" if is_bot else "User",
            "id": node_id("BOT" if is_bot else "U", user.id),
            "databaseId": user.id,
            "login": login,
            "url": f"{self.call.hub.url}/{login}",
        }

    def repository(self, record: Repository) -> dict[str, Any]:
        return {
            "__typename": "Repository",
            "id": node_id("R", record.id),
            "databaseId": record.id,
            "name": record.name,
            "nameWithOwner": record.full_name,
            "pullRequest": lambda _info, number: self._numbered(record, number),
        }

    def _numbered(self, record: Repository, number: int) -> dict[str, Any]:
        for pull in self.call.state.pulls_of(record):
            if pull.number == number:
                return self.pull(pull)
        raise Failure("NOT_FOUND", f"Could not resolve to a PullRequest with the number of {number}.")

    def pull(self, record: PullRequest) -> dict[str, Any]:
        state = self.call.state
        threads = [each for each in state.threads.values() if each.pull is record]
        comments = [each for each in state.issue_comments.values() if each.pull is record]
        return {
            "__typename": "PullRequest",
            "id": node_id("PR", record.id),
            "databaseId": record.id,
            "number": record.number,
            "title": record.title,
            "body": record.body,
            "state": "MERGED" if record.merged_at else record.state.upper(),
            "isDraft": record.is_draft,
            "headRefName": record.head_branch,
            "headRefOid": record.head_sha,
            "baseRefName": record.base_branch,
            "baseRefOid": record.base_sha,
            "url": pull_page(self.call.hub.url, record),
            "reviewThreads": lambda _info, **page: connection("reviewThreads", threads, self.thread, page),
            "comments": lambda _info, **page: connection("comments", comments, self.issue_comment, page),
        }

    def thread(self, record: Thread) -> dict[str, Any]:
        original, current = record.original, record.current
        is_resolved = record.resolved_by is not None
        resolver = record.resolved_by
        return {
            "__typename": "PullRequestReviewThread",
            "id": node_id("PRRT", record.id),
            "comments": lambda _info, **page: connection(
                "comments", record.comments, self.review_comment, page
            ),
            "diffSide": original.side,
            "isCollapsed": is_resolved,
            "isOutdated": current is None,
            "isResolved": is_resolved,
            "line": current and current.line,
            "originalLine": original.line,
            "originalStartLine": original.start_line,
            "path": original.path,
            "pullRequest": lambda _info: self.pull(record.pull),
            "resolvedBy": self.actor(resolver) if resolver and resolver.kind is Kind.USER else None,
            "startDiffSide": original.start_side,
            "startLine": current and current.start_line,
            "subjectType": original.subject_type.upper(),
            "viewerCanReply": True,
            "viewerCanResolve": may_resolve(self.call) and not is_resolved,
            "viewerCanUnresolve": may_resolve(self.call) and is_resolved,
        }

    def review_comment(self, record: ReviewComment) -> dict[str, Any]:
        thread = record.thread
        shown = conversation.review_comment(self.call.hub.url, record)
        return {
            "__typename": "PullRequestReviewComment",
            **self._comment(record, "PRRC"),
            "path": shown["path"],
            "diffHunk": shown["diff_hunk"],
            "line": shown["line"],
            "originalLine": shown["original_line"],
            "outdated": thread.current is None,
            "url": shown["html_url"],
            "pullRequestReview": self.review(record.review),
        }

    def issue_comment(self, record: IssueComment) -> dict[str, Any]:
        page = pull_page(self.call.hub.url, record.pull)
        return {
            "__typename": "IssueComment",
            **self._comment(record, "IC"),
            "url": f"{page}#issuecomment-{record.id}",
        }

    def _comment(self, record: ReviewComment | IssueComment, prefix: str) -> dict[str, Any]:
        return {
            "id": node_id(prefix, record.id),
            "databaseId": record.id,
            "fullDatabaseId": str(record.id),
            "author": self.actor(record.author),
            "body": record.body,
            "createdAt": timestamp(record.created_at),
            "updatedAt": timestamp(record.updated_at),
            "isMinimized": record.minimized_reason is not None,
            "minimizedReason": record.minimized_reason,
            "viewerCanMinimize": True,
            "viewerDidAuthor": record.author is self.call.actor(),
        }

    def review(self, record: Review) -> dict[str, Any]:
        return {
            "__typename": "PullRequestReview",
            "id": node_id("PRR", record.id),
            "databaseId": record.id,
            "fullDatabaseId": str(record.id),
            "body": record.body,
            "url": conversation.review(self.call.hub.url, record)["html_url"],
        }
