"""Reviews, their comments and threads."""

from __future__ import annotations

import dataclasses
from typing import Any

from bot.demo.github import anchors, changes, git, limits
from bot.demo.github.accounts import User
from bot.demo.github.anchors import BadAnchor, Placed
from bot.demo.github.conversation import Anchor, Review, ReviewComment, Thread
from bot.demo.github.hooks.hub import Event, Hub
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.refusal import Refusal, unprocessable, validation_failed
from bot.demo.github.shapes import conversation, pulls
from bot.demo.github.state import State

STATES = {
    "APPROVE": "APPROVED",
    "REQUEST_CHANGES": "CHANGES_REQUESTED",
    "COMMENT": "COMMENTED",
    None: "PENDING",
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A comment that has been found a place but is not yet written."""

    anchor: Anchor
    body: str
    placed: Placed


def submit(state: State, hub: Hub, pull: PullRequest, author: User, body: dict[str, Any]) -> Review:
    """A review with all its comments, or none of it: one bad anchor refuses the whole."""
    event = body.get("event")
    if event not in STATES:
        raise unprocessable(
            f"Variable $event of type PullRequestReviewEvent was provided invalid value: {event}"
        )
    if event in {"APPROVE", "REQUEST_CHANGES"} and author is pull.author:
        raise unprocessable(f"Can not {event.lower().replace('_', ' ')} on your own pull request")
    commit_id = reviewed_commit(pull, body.get("commit_id"))
    drafts = [_draft(pull, commit_id, comment) for comment in body.get("comments") or []]
    text = body.get("body") or ""
    limits.check_comment("PullRequestReview", text)
    if not text and (event == "REQUEST_CHANGES" or (event == "COMMENT" and not drafts)):
        raise unprocessable("Body can't be blank")
    review = _review(state, pull, author, text, STATES[event], commit_id)
    written = [_write(state, review, draft) for draft in drafts]
    if review.state != "PENDING":
        _announce_review(hub, review)
        for comment in written:
            announce_comment(hub, comment)
    return review


def reviewed_commit(pull: PullRequest, commit_id: str | None) -> str:
    if commit_id is None:
        return pull.head_sha
    if not git.has_commit(pull.repository.folder, commit_id):
        raise unprocessable("Commit could not be resolved")
    if not changes.contains(pull, commit_id):
        raise unprocessable("commit_id is not part of the pull request")
    return commit_id


def _draft(pull: PullRequest, commit_id: str, comment: dict[str, Any]) -> Draft:
    if "subject_type" in comment or "position" in comment:
        raise unprocessable("Only comments with path and line are accepted within a review")
    text = comment.get("body")
    if not isinstance(text, str) or not text.strip() or not isinstance(comment.get("line"), int):
        raise unprocessable("Body can't be blank" if not text else "Line could not be resolved")
    limits.check_comment("PullRequestReviewComment", text)
    anchor = anchor_of(comment)
    try:
        return Draft(
            anchor=anchor, body=text, placed=anchors.place(changes.files_at(pull, commit_id), anchor)
        )
    except BadAnchor as error:
        words = {"path": "Path could not be resolved", "line": "Line could not be resolved"}
        raise unprocessable(words.get(error.field, f"pull_request_review_thread.{error}")) from None


def anchor_of(comment: dict[str, Any]) -> Anchor:
    """The anchor that a comment of the API names."""
    is_file = comment.get("subject_type") == "file"
    return Anchor(
        path=str(comment.get("path", "")),
        line=None if is_file else comment.get("line"),
        side=comment.get("side") or "RIGHT",
        start_line=comment.get("start_line"),
        start_side=comment.get("start_side"),
    )


def comment(state: State, hub: Hub, pull: PullRequest, author: User, body: dict[str, Any]) -> ReviewComment:
    """One comment as a review of its own; the only way of the REST API to comment on a whole file."""
    commit_id = body.get("commit_id")
    if not isinstance(commit_id, str) or not changes.contains(pull, commit_id):
        raise validation_failed(
            "PullRequestReviewComment", "commit_id", "commit_id is not part of the pull request"
        )
    anchor, text = anchor_of(body), body.get("body") or ""
    limits.check_comment("PullRequestReviewComment", text)
    if not text.strip():
        raise Refusal(422, 'Invalid request.\n\n"body" wasn\'t supplied.')
    if body.get("subject_type") != "file" and anchor.line is None:
        raise Refusal(422, 'Invalid request.\n\nNo subschema in "oneOf" matched.\n"line" wasn\'t supplied.')
    try:
        placed = anchors.place(changes.files_at(pull, commit_id), anchor)
    except BadAnchor as error:
        field = f"pull_request_review_thread.{error.field}"
        raise validation_failed(
            "PullRequestReviewComment", field, f"pull_request_review_thread.{error}"
        ) from None
    return _alone(state, hub, pull, author, commit_id, Draft(anchor=anchor, body=text, placed=placed))


def _alone(
    state: State, hub: Hub, pull: PullRequest, author: User, commit_id: str, draft: Draft
) -> ReviewComment:
    review = _review(state, pull, author, "", "COMMENTED", commit_id)
    written = _write(state, review, draft)
    _announce_review(hub, review)
    announce_comment(hub, written)
    return written


def reply(state: State, hub: Hub, first: ReviewComment, author: User, text: str) -> ReviewComment:
    """Answer in a thread; GitHub refuses an answer to an answer."""
    if first.reply_to is not None:
        raise Refusal(404, "Not Found")
    limits.check_comment("PullRequestReviewComment", text)
    pull = first.thread.pull
    review = _review(state, pull, author, "", "COMMENTED", pull.head_sha)
    written = _say(state, review, first.thread, text)
    announce_comment(hub, written)
    return written


def _review(state: State, pull: PullRequest, author: User, text: str, outcome: str, commit_id: str) -> Review:
    review = Review(
        id=state.new_id(),
        pull=pull,
        author=author,
        body=text,
        state=outcome,
        commit_id=commit_id,
        submitted_at=state.clock(),
    )
    state.reviews[review.id] = review
    return review


def _write(state: State, review: Review, draft: Draft) -> ReviewComment:
    thread = Thread(
        id=state.new_id(),
        pull=review.pull,
        original=draft.anchor,
        original_commit=review.commit_id,
        current=draft.anchor,
        diff_hunk=draft.placed.diff_hunk,
        position=draft.placed.position,
    )
    state.threads[thread.id] = thread
    return _say(state, review, thread, draft.body)


def _say(state: State, review: Review, thread: Thread, text: str) -> ReviewComment:
    now = state.clock()
    written = ReviewComment(
        id=state.new_id(),
        thread=thread,
        review=review,
        author=review.author,
        body=text,
        commit_id=review.commit_id,
        created_at=now,
        updated_at=now,
    )
    thread.comments.append(written)
    return written


def _announce_review(hub: Hub, review: Review) -> None:
    own = {**conversation.review(hub.url, review), "state": review.state.lower()}
    details = {"review": own, "pull_request": pulls.simple(hub.url, review.pull)}
    hub.emit(
        Event(
            name="pull_request_review",
            action="submitted",
            repository=review.pull.repository,
            sender=review.author,
            details=details,
        )
    )


def announce_comment(hub: Hub, comment: ReviewComment) -> None:
    pull = comment.thread.pull
    details = {
        "comment": conversation.review_comment(hub.url, comment),
        "pull_request": pulls.simple(hub.url, pull),
    }
    hub.emit(
        Event(
            name="pull_request_review_comment",
            action="created",
            repository=pull.repository,
            sender=comment.author,
            details=details,
        )
    )
