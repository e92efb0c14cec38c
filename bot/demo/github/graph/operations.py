"""The queries and mutations: what a node id stands for, who may do what, and the doing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from bot.demo.github.actions import reviews
from bot.demo.github.call import Call
from bot.demo.github.conversation import IssueComment, ReviewComment, Thread
from bot.demo.github.graph.failure import Failure, forbidden, unresolved
from bot.demo.github.graph.shapes import Shapes, may_resolve
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.refusal import Refusal
from bot.demo.github.repository import Repository
from bot.demo.github.shapes.accounts import node_id

Record = Repository | PullRequest | Thread | ReviewComment | IssueComment


@dataclasses.dataclass(frozen=True, slots=True)
class Operations:
    """The root of a call; its methods are the fields of `Query` and `Mutation`."""

    call: Call

    def repository(self, _info: Any, owner: str, name: str, **_: Any) -> dict[str, Any]:
        try:
            record = self.call.state.repository(owner, name)
        except Refusal:
            record = None
        if record is None or not self._covers(record):
            message = f"Could not resolve to a Repository with the name '{owner}/{name}'."
            raise Failure("NOT_FOUND", message)
        return Shapes(self.call).repository(record)

    def node(self, _info: Any, id: str) -> dict[str, Any]:  # noqa: A002 - GraphQL names the argument
        return self._shape(self._record(id))

    def rateLimit(self, _info: Any, **_: Any) -> dict[str, Any]:  # noqa: N802 - GraphQL names the field
        return {"cost": 1, "limit": 5000, "remaining": 4999, "resetAt": "2099-01-01T00:00:00Z"}

    def resolveReviewThread(self, _info: Any, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002, N802
        thread = self._thread(input)
        thread.resolved_by = self.call.actor()
        return {"clientMutationId": input.get("clientMutationId"), "thread": Shapes(self.call).thread(thread)}

    def unresolveReviewThread(self, _info: Any, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002, N802
        thread = self._thread(input)
        thread.resolved_by = None
        return {"clientMutationId": input.get("clientMutationId"), "thread": Shapes(self.call).thread(thread)}

    def minimizeComment(self, _info: Any, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002, N802
        comment = self._minimizable(input)
        comment.minimized_reason = input["classifier"].lower().replace("_", "-")
        return {"clientMutationId": input.get("clientMutationId"), "minimizedComment": self._shape(comment)}

    def unminimizeComment(self, _info: Any, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002, N802
        comment = self._minimizable(input)
        comment.minimized_reason = None
        shown = self._shape(comment)
        return {"clientMutationId": input.get("clientMutationId"), "unminimizedComment": shown}

    def addPullRequestReviewThread(self, _info: Any, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002, N802
        """As GitHub, answers with a null thread when the place is not in the diff."""
        pull = self._record(input.get("pullRequestId") or "")
        if not isinstance(pull, PullRequest):
            raise unresolved(str(input.get("pullRequestId")))
        self._require("pull_requests:write")
        given = {
            "body": input["body"],
            "path": input["path"],
            "line": input.get("line"),
            "side": input.get("side"),
            "start_line": input.get("startLine"),
            "start_side": input.get("startSide") if input.get("startLine") else None,
            "subject_type": input.get("subjectType", "LINE").lower(),
            "commit_id": pull.head_sha,
        }
        try:
            written = reviews.comment(self.call.state, self.call.hub, pull, self.call.actor(), given)
        except Refusal:
            return {"clientMutationId": input.get("clientMutationId"), "thread": None}
        shown = Shapes(self.call).thread(written.thread)
        return {"clientMutationId": input.get("clientMutationId"), "thread": shown}

    def _minimizable(self, given: dict[str, Any]) -> ReviewComment | IssueComment:
        comment = self._record(given["subjectId"])
        if not isinstance(comment, ReviewComment | IssueComment):
            raise unresolved(given["subjectId"])
        self._require("pull_requests:write")
        return comment

    def _thread(self, given: dict[str, Any]) -> Thread:
        thread = self._record(given["threadId"])
        if not isinstance(thread, Thread):
            raise unresolved(given["threadId"])
        if not may_resolve(self.call):
            raise forbidden()
        return thread

    def _require(self, permission: str) -> None:
        if self.call.token is None or not self.call.token.allows(permission):
            raise forbidden()

    def _covers(self, repository: Repository) -> bool:
        return self.call.token is not None and repository.id in self.call.token.repository_ids

    def _record(self, identifier: str) -> Record:
        for prefix, records in self._nodes():
            for record in records:
                if node_id(prefix, record.id) == identifier and self._covers(_repository_of(record)):
                    return record
        raise unresolved(identifier)

    def _nodes(self) -> Iterable[tuple[str, Iterable[Record]]]:
        state = self.call.state
        yield "PRRT", state.threads.values()
        yield "PRRC", state.review_comments()
        yield "IC", state.issue_comments.values()
        yield "PR", state.pulls.values()
        yield "R", state.repositories.values()

    def _shape(self, record: Record) -> dict[str, Any]:
        shapes = Shapes(self.call)
        match record:
            case Thread():
                return shapes.thread(record)
            case ReviewComment():
                return shapes.review_comment(record)
            case IssueComment():
                return shapes.issue_comment(record)
            case PullRequest():
                return shapes.pull(record)
            case Repository():
                return shapes.repository(record)


def _repository_of(record: Record) -> Repository:
    match record:
        case Repository():
            return record
        case PullRequest():
            return record.repository
        case ReviewComment():
            return record.thread.pull.repository
        case Thread() | IssueComment():
            return record.pull.repository
