"""Issue comments, reviews, review comments and reactions as GitHub's JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.demo.github.conversation import REACTIONS, IssueComment, Reaction, Review, ReviewComment
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.shapes.accounts import app, node_id, timestamp, user
from bot.demo.github.shapes.pulls import pull_page, pull_url
from bot.demo.github.shapes.repository import repository_url
from bot.demo.github.state import State

NEVER_SET = ("assignee", "milestone", "active_lock_reason", "performed_via_github_app", "state_reason")


def rollup(own: str, reactions: Sequence[Reaction]) -> dict[str, Any]:
    counts = {content: sum(each.content == content for each in reactions) for content in REACTIONS}
    return {"url": f"{own}/reactions", "total_count": len(reactions), **counts}


def reaction(url: str, record: Reaction) -> dict[str, Any]:
    return {
        "id": record.id,
        "node_id": node_id("REA", record.id),
        "user": user(url, record.user),
        "content": record.content,
        "created_at": timestamp(record.created_at),
    }


def issue_comment(url: str, state: State, record: IssueComment) -> dict[str, Any]:
    base = repository_url(url, record.pull.repository)
    own = f"{base}/issues/comments/{record.id}"
    return {
        "id": record.id,
        "node_id": node_id("IC", record.id),
        "url": own,
        "html_url": f"{pull_page(url, record.pull)}#issuecomment-{record.id}",
        "issue_url": f"{base}/issues/{record.pull.number}",
        "user": user(url, record.author),
        "body": record.body,
        "created_at": timestamp(record.created_at),
        "updated_at": timestamp(record.updated_at),
        "author_association": "CONTRIBUTOR",
        "performed_via_github_app": None if record.app_id is None else app(url, state.apps[record.app_id]),
        "reactions": rollup(own, record.reactions),
    }


def issue(url: str, state: State, pull: PullRequest) -> dict[str, Any]:
    """The issue that every pull request also is, as webhooks of comments carry it."""
    base = repository_url(url, pull.repository)
    own = f"{base}/issues/{pull.number}"
    page = pull_page(url, pull)
    return {
        "id": pull.id,
        "node_id": node_id("PR", pull.id),
        "number": pull.number,
        "title": pull.title,
        "body": pull.body or None,
        "state": pull.state,
        "locked": pull.is_locked,
        "draft": pull.is_draft,
        "user": user(url, pull.author),
        "url": own,
        "repository_url": base,
        "html_url": page,
        **{f"{name}_url": f"{own}/{name}" for name in ("comments", "events", "timeline")},
        "labels_url": f"{own}/labels{{/name}}",
        "comments": sum(comment.pull is pull for comment in state.issue_comments.values()),
        "created_at": timestamp(pull.created_at),
        "updated_at": timestamp(pull.updated_at),
        "closed_at": pull.closed_at and timestamp(pull.closed_at),
        **dict.fromkeys(NEVER_SET),
        "labels": [],
        "assignees": [],
        "author_association": "CONTRIBUTOR",
        "reactions": rollup(own, ()),
        "pull_request": {
            "url": pull_url(url, pull),
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "merged_at": pull.merged_at and timestamp(pull.merged_at),
        },
    }


def review(url: str, record: Review) -> dict[str, Any]:
    page = f"{pull_page(url, record.pull)}#pullrequestreview-{record.id}"
    submitted = {} if record.state == "PENDING" else {"submitted_at": timestamp(record.submitted_at)}
    return {
        "id": record.id,
        "node_id": node_id("PRR", record.id),
        "user": user(url, record.author),
        "body": record.body,
        "state": record.state,
        "html_url": page,
        "pull_request_url": pull_url(url, record.pull),
        "_links": {"html": {"href": page}, "pull_request": {"href": pull_url(url, record.pull)}},
        "commit_id": record.commit_id,
        "author_association": "NONE",
        **submitted,
    }


def review_comment(url: str, record: ReviewComment) -> dict[str, Any]:
    thread = record.thread
    own = f"{repository_url(url, thread.pull.repository)}/pulls/comments/{record.id}"
    page = f"{pull_page(url, thread.pull)}#discussion_r{record.id}"
    reply = {} if record.reply_to is None else {"in_reply_to_id": record.reply_to.id}
    return {
        "id": record.id,
        "node_id": node_id("PRRC", record.id),
        "url": own,
        "html_url": page,
        "pull_request_review_id": record.review.id,
        "pull_request_url": pull_url(url, thread.pull),
        "_links": {
            "self": {"href": own},
            "html": {"href": page},
            "pull_request": {"href": pull_url(url, thread.pull)},
        },
        "diff_hunk": thread.diff_hunk,
        "path": thread.original.path,
        "commit_id": record.commit_id,
        "original_commit_id": thread.original_commit,
        "user": user(url, record.author),
        "body": record.body,
        "created_at": timestamp(record.created_at),
        "updated_at": timestamp(record.updated_at),
        "author_association": "NONE",
        "reactions": rollup(own, record.reactions),
        **_lines(record),
        **reply,
    }


def _lines(record: ReviewComment) -> dict[str, Any]:
    original, current = record.thread.original, record.thread.current
    multiple = (
        {}
        if original.start_line is None
        else {
            "start_line": current and current.start_line,
            "original_start_line": original.start_line,
            "start_side": original.start_side or original.side,
        }
    )
    return {
        "start_line": None,
        "original_start_line": None,
        "start_side": None,
        **multiple,
        "line": current and current.line,
        "original_line": original.line,
        "side": original.side,
        "position": current and record.thread.position,
        "original_position": record.thread.position,
        "subject_type": original.subject_type,
    }
