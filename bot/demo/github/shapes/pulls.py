"""Pull requests and their files as GitHub's JSON."""

from __future__ import annotations

from typing import Any

from bot.demo.github import changes
from bot.demo.github.diff import FileDiff
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.repository import Repository
from bot.demo.github.shapes.accounts import node_id, timestamp, user
from bot.demo.github.shapes.repository import html_url, repository, repository_url
from bot.demo.github.state import State


def pull_url(url: str, pull: PullRequest) -> str:
    return f"{repository_url(url, pull.repository)}/pulls/{pull.number}"


def pull_page(url: str, pull: PullRequest) -> str:
    return f"{html_url(url, pull.repository)}/pull/{pull.number}"


def minimal(url: str, pull: PullRequest) -> dict[str, Any]:
    """A pull request as a check run lists it."""
    return {
        "id": pull.id,
        "number": pull.number,
        "url": pull_url(url, pull),
        "head": {"ref": pull.head_branch, "sha": pull.head_sha, "repo": _named(url, pull.head_repository)},
        "base": {"ref": pull.base_branch, "sha": pull.base_sha, "repo": _named(url, pull.repository)},
    }


def _named(url: str, record: Repository) -> dict[str, Any]:
    return {"id": record.id, "url": repository_url(url, record), "name": record.name}


def simple(url: str, pull: PullRequest) -> dict[str, Any]:
    """A pull request as lists show it."""
    moments = {
        "created_at": pull.created_at,
        "updated_at": pull.updated_at,
        "closed_at": pull.closed_at,
        "merged_at": pull.merged_at,
    }
    return {
        "id": pull.id,
        "node_id": node_id("PR", pull.id),
        "number": pull.number,
        "state": pull.state,
        "locked": pull.is_locked,
        "draft": pull.is_draft,
        "title": pull.title,
        "body": pull.body or None,
        "user": user(url, pull.author),
        **_addresses(url, pull),
        **{name: moment and timestamp(moment) for name, moment in moments.items()},
        "merge_commit_sha": None,
        "labels": [],
        "milestone": None,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "active_lock_reason": None,
        "author_association": "CONTRIBUTOR",
        "auto_merge": None,
        "head": _end(url, pull.head_repository, pull.head_branch, pull.head_sha),
        "base": _end(url, pull.repository, pull.base_branch, pull.base_sha),
    }


def _addresses(url: str, pull: PullRequest) -> dict[str, Any]:
    own, page = pull_url(url, pull), pull_page(url, pull)
    issue = f"{repository_url(url, pull.repository)}/issues/{pull.number}"
    places = {
        "html": page,
        "issue": issue,
        "comments": f"{issue}/comments",
        "commits": f"{own}/commits",
        "review_comments": f"{own}/comments",
        "review_comment": f"{repository_url(url, pull.repository)}/pulls/comments{{/number}}",
        "statuses": f"{repository_url(url, pull.repository)}/statuses/{pull.head_sha}",
    }
    return {
        "url": own,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        **{f"{name}_url": place for name, place in places.items()},
        "_links": {"self": {"href": own}, **{name: {"href": place} for name, place in places.items()}},
    }


def _end(url: str, record: Repository, branch: str, sha: str) -> dict[str, Any]:
    return {
        "label": f"{record.owner.login}:{branch}",
        "ref": branch,
        "sha": sha,
        "user": user(url, record.owner),
        "repo": repository(url, record),
    }


def full(url: str, state: State, pull: PullRequest) -> dict[str, Any]:
    """A pull request as its own endpoint and its webhooks show it."""
    files = changes.files(pull)
    return {
        **simple(url, pull),
        "merged": pull.merged_at is not None,
        "mergeable": True,
        "rebaseable": True,
        "mergeable_state": "clean",
        "merged_by": pull.merged_by and user(url, pull.merged_by),
        "comments": sum(comment.pull is pull for comment in state.issue_comments.values()),
        "review_comments": len(state.review_comments_of(pull)),
        "maintainer_can_modify": False,
        "commits": len(changes.commits(pull)),
        "additions": sum(file.additions for file in files),
        "deletions": sum(file.deletions for file in files),
        "changed_files": len(files),
    }


def file(url: str, pull: PullRequest, record: FileDiff) -> dict[str, Any]:
    page = html_url(url, pull.repository)
    previous = {} if record.previous_path is None else {"previous_filename": record.previous_path}
    patch = {"patch": record.patch} if record.patch else {}
    return {
        "sha": record.sha,
        "filename": record.path,
        "status": record.status,
        "additions": record.additions,
        "deletions": record.deletions,
        "changes": record.additions + record.deletions,
        "blob_url": f"{page}/blob/{pull.head_sha}/{record.path}",
        "raw_url": f"{page}/raw/{pull.head_sha}/{record.path}",
        "contents_url": f"{repository_url(url, pull.repository)}/contents/{record.path}?ref={pull.head_sha}",
        **patch,
        **previous,
    }
