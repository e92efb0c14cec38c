"""Check suites, check runs and annotations as GitHub's JSON."""

from __future__ import annotations

from typing import Any

from bot.demo.github import log
from bot.demo.github.checks import CheckRun, CheckSuite
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.shapes import pulls
from bot.demo.github.shapes.accounts import app, node_id, timestamp
from bot.demo.github.shapes.repository import html_url, repository, repository_url
from bot.demo.github.state import State


def visible_pulls(state: State, suite: CheckSuite) -> list[PullRequest]:
    """The open pull requests of the suite's commit; GitHub never lists those of forks."""
    return [
        pull
        for pull in state.pulls_of(suite.repository)
        if pull.head_sha == suite.head_sha and pull.state == "open" and not pull.is_from_fork
    ]


def suite(url: str, state: State, record: CheckSuite) -> dict[str, Any]:
    own = f"{repository_url(url, record.repository)}/check-suites/{record.id}"
    commit = log.commit(record.repository.folder, record.head_sha)
    return {
        "id": record.id,
        "node_id": node_id("CS", record.id),
        "head_branch": record.head_branch,
        "head_sha": record.head_sha,
        "status": record.status,
        "conclusion": record.conclusion,
        "url": own,
        "before": commit.parents[0] if commit.parents else None,
        "after": record.head_sha,
        "pull_requests": [pulls.minimal(url, pull) for pull in visible_pulls(state, record)],
        "app": app(url, record.app),
        "repository": repository(url, record.repository),
        "created_at": timestamp(record.created_at),
        "updated_at": timestamp(record.updated_at),
        "head_commit": _simple_commit(commit),
        "latest_check_runs_count": len(state.runs_of(record)),
        "check_runs_url": f"{own}/check-runs",
        "rerequestable": True,
        "runs_rerequestable": True,
    }


def _simple_commit(commit: log.Commit) -> dict[str, Any]:
    return {
        "id": commit.sha,
        "tree_id": commit.tree,
        "message": commit.message,
        "timestamp": commit.committer.date,
        "author": {"name": commit.author.name, "email": commit.author.email},
        "committer": {"name": commit.committer.name, "email": commit.committer.email},
    }


def run(url: str, state: State, record: CheckRun) -> dict[str, Any]:
    repository_of_run = record.suite.repository
    own = f"{repository_url(url, repository_of_run)}/check-runs/{record.id}"
    page = f"{html_url(url, repository_of_run)}/runs/{record.id}"
    return {
        "id": record.id,
        "name": record.name,
        "node_id": node_id("CR", record.id),
        "head_sha": record.head_sha,
        "external_id": record.external_id,
        "url": own,
        "html_url": page,
        "details_url": record.details_url or page,
        "status": record.status,
        "conclusion": record.conclusion,
        "started_at": timestamp(record.started_at or record.created_at),
        "completed_at": record.completed_at and timestamp(record.completed_at),
        "output": {
            "title": record.title,
            "summary": record.summary,
            "text": record.text,
            "annotations_count": len(record.annotations),
            "annotations_url": f"{own}/annotations",
        },
        "check_suite": {"id": record.suite.id},
        "app": app(url, record.suite.app),
        "pull_requests": [pulls.minimal(url, pull) for pull in visible_pulls(state, record.suite)],
    }


def run_in_webhook(url: str, state: State, record: CheckRun) -> dict[str, Any]:
    """A check run with its suite in short, as webhooks carry it."""
    whole = suite(url, state, record.suite)
    left_out = (
        "repository",
        "head_commit",
        "latest_check_runs_count",
        "check_runs_url",
        "rerequestable",
        "runs_rerequestable",
    )
    short = {name: value for name, value in whole.items() if name not in left_out}
    return {**run(url, state, record), "check_suite": short}


def annotation(url: str, record: CheckRun, given: dict[str, Any]) -> dict[str, Any]:
    page = f"{html_url(url, record.suite.repository)}/blob/{record.head_sha}/{given['path']}"
    optional = ("start_column", "end_column", "title", "raw_details")
    return {
        "path": given["path"],
        "blob_href": page,
        "start_line": given["start_line"],
        "end_line": given["end_line"],
        "annotation_level": given["annotation_level"],
        "message": given["message"],
        **{name: given.get(name) for name in optional},
    }
