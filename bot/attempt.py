"""One attempt at a review and its check run: found again after a crash, never reopened, always ended."""

from __future__ import annotations

from dataclasses import dataclass

from bot.github.checks import (
    CheckRun,
    check_run,
    check_runs,
    complete_check_run,
    create_check_run,
    start_check_run,
)
from bot.github.connection import Connection
from bot.github.pulls import PullRequest
from bot.github.refusal import GitHubRefused
from bot.open_runs import OpenRuns
from bot.posts import Output
from bot.triggers import ReviewRequest

CANCELLED = "cancelled"
# Blocks a required check, as "not reviewed" must; neutral and skipped would pass it.
UNFINISHED = "timed_out"
_VERSION = "ba1"
_SUPERSEDED = Output(
    title="Superseded by a newer request",
    summary="Something newer was asked for this pull request; its own check run follows.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """The check run that one asking leads to; `key` is its external id and marks what it posts.

    `full`: nothing that is remembered of files is used.
    """

    key: str
    run: CheckRun
    full: bool = False


def begin(connection: Connection, request: ReviewRequest, pull: PullRequest, open_runs: OpenRuns) -> Attempt:
    """The attempt's check run: the one it had before a crash, or a new one.

    Where no fresh run is asked for, a run of the same head and base counts, whoever asked for it.
    """
    end_others(connection, request, pull.head.sha, open_runs)
    key = _key(request, pull)
    held = [run for run in check_runs(connection, pull.head.sha) if _belongs(run, request)]
    mine = next((run for run in held if run.external_id == key), None) or _reusable(held, request, key)
    for run in held:
        if run != mine and not run.completed:
            complete_check_run(connection, run.id, CANCELLED, _SUPERSEDED)
    if mine is None:
        open_runs.add(pull.head.sha)
        mine = create_check_run(connection, pull.head.sha, key)
    if mine.status == "queued":
        start_check_run(connection, mine.id)
    return Attempt(key=mine.external_id or key, run=mine, full=request.full)


def end_others(connection: Connection, request: ReviewRequest, head: str | None, open_runs: OpenRuns) -> None:
    """Cancel what a killed worker left in progress on earlier commits of the pull request."""
    for sha in open_runs.commits() - {head}:
        end_open_runs(connection, request, sha, CANCELLED, _SUPERSEDED)
        open_runs.remove(sha)


def end_open_runs(
    connection: Connection, request: ReviewRequest, sha: str, conclusion: str, output: Output
) -> bool:
    """Complete the pull request's open runs on a commit; whether there were any."""
    try:
        held = check_runs(connection, sha)
    except GitHubRefused as refused:
        if refused.status in (404, 422):
            return False
        raise
    mine = [run for run in held if _belongs(run, request) and not run.completed]
    for run in mine:
        complete_check_run(connection, run.id, conclusion, output)
    return bool(mine)


def cancel(connection: Connection, attempt: Attempt) -> None:
    """End a superseded attempt's run, unless it is completed already."""
    if not check_run(connection, attempt.run.id).completed:
        complete_check_run(connection, attempt.run.id, CANCELLED, _SUPERSEDED)


def is_about(run: CheckRun, repository: int, number: int) -> bool:
    """Whether a version of ours, this one or another, made the run for this pull request."""
    version, *place = (run.external_id or "").split(":")
    return version.startswith("ba") and place[:2] == [str(repository), str(number)]


def _prefix(request: ReviewRequest) -> str:
    return f"{_VERSION}:{request.key.repository}:{request.key.number}:"


def _key(request: ReviewRequest, pull: PullRequest) -> str:
    return f"{_prefix(request)}{pull.base.sha[:12]}:{request.attempt}"


def _belongs(run: CheckRun, request: ReviewRequest) -> bool:
    return is_about(run, request.key.repository, request.key.number)


def _reusable(held: list[CheckRun], request: ReviewRequest, key: str) -> CheckRun | None:
    if request.fresh:
        return None
    same_base = key.rpartition(":")[0] + ":"
    useful = [
        run
        for run in held
        if (run.external_id or "").startswith(same_base) and run.conclusion not in (CANCELLED, UNFINISHED)
    ]
    return useful[-1] if useful else None
