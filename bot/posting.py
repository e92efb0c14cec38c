"""Carrying out a plan: annotations, the completed check run, then the review; nothing is posted twice."""

from __future__ import annotations

import structlog

from bot.attempt import Attempt
from bot.errors import Superseded
from bot.github.checks import annotate, complete_check_run, shown_annotations
from bot.github.connection import Connection
from bot.github.pulls import PullRequest, changed_files, pull_request
from bot.github.refusal import GitHubRefused
from bot.github.reviews import create_file_comment, create_review, review_comments, reviews
from bot.patch import FilePatch, parse_file
from bot.posts import DraftComment, DraftReview, FileComment, PostPlan, Shown
from bot.render.markers import headed, marked, marker

log = structlog.get_logger(__name__)


def what_is_shown(connection: Connection, attempt: Attempt, number: int) -> Shown:
    """Read back what GitHub shows of this App on the pull request."""
    comments = review_comments(connection, number)
    posted = reviews(connection, number)
    told = (mark for held in posted for mark in headed(held.body or "", "told"))
    about_findings = [held for held in comments if marked(held.body, "finding")]
    return Shown(
        completed=attempt.run.completed,
        annotations=() if attempt.run.completed else shown_annotations(connection, attempt.run.id),
        fingerprints=frozenset(
            mark for held in about_findings for mark in marked(held.body, "finding")
        ).union(told),
        comments=len(about_findings),
        file_comments=sum(held.subject_type == "file" for held in about_findings),
        reviews=frozenset(
            marker("review", mark) for held in posted for mark in marked(held.body or "", "review")
        ),
    )


def carry_out(connection: Connection, attempt: Attempt, pull: PullRequest, plan: PostPlan) -> None:
    """Do what the plan says: the check run ends first, so that limits on comments block nobody."""
    conclude(connection, attempt, plan)
    if plan.review is not None:
        _post(connection, pull, plan.review)
    for comment in plan.file_comments:
        _post_at_file(connection, pull, comment)


def conclude(connection: Connection, attempt: Attempt, plan: PostPlan) -> None:
    """Annotate and complete the check run, as far as that is still to be done."""
    for batch in plan.annotate:
        annotate(connection, attempt.run.id, plan.output, batch)
    if plan.complete:
        complete_check_run(connection, attempt.run.id, plan.conclusion, plan.output, plan.buttons)


def _post(connection: Connection, pull: PullRequest, draft: DraftReview) -> None:
    try:
        create_review(connection, pull.number, draft)
    except GitHubRefused as refused:
        if refused.status not in (403, 422):
            raise
        if pull_request(connection, pull.number).head.sha != pull.head.sha:
            raise Superseded(pull.head.sha) from refused
        _post_survivors(connection, pull, draft, refused)


def _post_at_file(connection: Connection, pull: PullRequest, comment: FileComment) -> None:
    try:
        create_file_comment(connection, pull.number, comment)
    except GitHubRefused as refused:
        # GitHub Enterprise Server 3.6 knows no comments at files; the check run says the same.
        if refused.status not in (403, 404, 422):
            raise
        log.warning("comment at a file refused", path=comment.path, reason=refused.message)


def _post_survivors(
    connection: Connection, pull: PullRequest, draft: DraftReview, refused: GitHubRefused
) -> None:
    # One bad anchor rejects the whole review and GitHub does not say which: ask its own diff, once.
    shown = {
        file.filename: parse_file(file.filename, file.patch)
        for file in changed_files(connection, pull.number)
        if file.patch
    }
    comments = tuple(comment for comment in draft.comments if _fits(comment, shown.get(comment.path)))
    log.warning("review refused", reason=refused.message, comments=len(draft.comments), left=len(comments))
    if not comments or comments == draft.comments:
        return
    survivors = DraftReview(commit=draft.commit, body=draft.body, marker=draft.marker, comments=comments)
    try:
        create_review(connection, pull.number, survivors)
    except GitHubRefused as again:
        # A locked conversation, say. Every finding stands in the check run already.
        log.warning("review refused again", reason=again.message)


def _fits(comment: DraftComment, patch: FilePatch | None) -> bool:
    return patch is not None and patch.hunk(comment.start_line or comment.line, comment.line) is not None
