"""The life of check suites and check runs."""

from __future__ import annotations

import datetime
from typing import Any

from bot.demo.github import git, limits
from bot.demo.github.accounts import App, User
from bot.demo.github.checks import CONCLUSIONS, STATUSES, CheckRun, CheckSuite
from bot.demo.github.hooks.hub import Event, Hub
from bot.demo.github.refusal import Refusal, invalid_request
from bot.demo.github.repository import Repository
from bot.demo.github.shapes import checks
from bot.demo.github.state import State


def suite_for(
    state: State, app: App, repository: Repository, sha: str, branch: str | None = None
) -> CheckSuite:
    """The App's suite on a commit, made at the first need."""
    for suite in state.suites.values():
        if suite.repository is repository and suite.app is app and suite.head_sha == sha:
            return suite
    now = state.clock()
    heads = [name for name, tip in git.branches(repository.folder).items() if tip == sha]
    suite = CheckSuite(
        id=state.new_id(),
        repository=repository,
        app=app,
        head_sha=sha,
        head_branch=branch or (heads[0] if heads else None),
        created_at=now,
        updated_at=now,
    )
    state.suites[suite.id] = suite
    return suite


def create(state: State, hub: Hub, app: App, repository: Repository, body: dict[str, Any]) -> CheckRun:
    """A new run on a commit of the repository; 422 for what GitHub would not take."""
    name, sha = body.get("name"), body.get("head_sha")
    if not isinstance(name, str) or not name or not isinstance(sha, str):
        missing = "head_sha" if isinstance(name, str) and name else "name"
        raise invalid_request(f'"{missing}" wasn\'t supplied.')
    if not git.has_commit(repository.folder, sha):
        raise Refusal(422, f"No commit found for SHA: {sha}")
    run = CheckRun(
        id=state.new_id(), suite=suite_for(state, app, repository, sha), name=name, created_at=state.clock()
    )
    _check(run, body)
    _require_complete_output(body)
    state.runs[run.id] = run
    _apply(state, run, body)
    _announce(state, hub, run, "created", app.bot)
    if run.status == "completed":
        _announce(state, hub, run, "completed", app.bot)
    return run


def update(state: State, hub: Hub, run: CheckRun, body: dict[str, Any]) -> None:
    """Change a run. One that is completed stays so: opening it again is refused, whatever GitHub does."""
    was_completed = run.status == "completed"
    if was_completed and body.get("status", "completed") != "completed":
        raise invalid_request("A completed check run cannot be moved back to another status.")
    _check(run, body)
    _apply(state, run, body)
    if run.status == "completed" and not was_completed:
        _announce(state, hub, run, "completed", run.suite.app.bot)


def _check(run: CheckRun, body: dict[str, Any]) -> None:
    status, conclusion = body.get("status"), body.get("conclusion")
    if status is not None and status not in STATUSES:
        raise invalid_request(f"{status} is not a member of {list(STATUSES)}.")
    if conclusion is not None and conclusion not in CONCLUSIONS:
        raise invalid_request(f"{conclusion} is not a member of {list(CONCLUSIONS)}.")
    if status == "completed" and conclusion is None and run.conclusion is None:
        raise invalid_request('"conclusion" is required when "status" is "completed".')
    if conclusion is not None and status not in (None, "completed"):
        raise invalid_request('"conclusion" is allowed only with the status "completed".')
    limits.check_output(body.get("output") or {})
    limits.check_actions(body.get("actions") or [])


def _require_complete_output(body: dict[str, Any]) -> None:
    output = body.get("output")
    for name in ("title", "summary"):
        if output is not None and not output.get(name):
            raise invalid_request(f'"{name}" wasn\'t supplied.')


def _apply(state: State, run: CheckRun, body: dict[str, Any]) -> None:
    output = body.get("output") or {}
    run.name = body.get("name") or run.name
    run.external_id = body.get("external_id", run.external_id)
    run.details_url = body.get("details_url", run.details_url)
    run.title = output.get("title", run.title)
    run.summary = output.get("summary", run.summary)
    run.text = output.get("text", run.text)
    run.annotations.extend(output.get("annotations") or [])
    run.actions = body.get("actions", run.actions)
    run.conclusion = body.get("conclusion", run.conclusion)
    run.status = "completed" if body.get("conclusion") else body.get("status", run.status)
    run.started_at = _moment(body.get("started_at")) or run.started_at or state.clock()
    if run.status == "completed":
        run.completed_at = _moment(body.get("completed_at")) or run.completed_at or state.clock()
    _summarise(state, run.suite)


def _moment(text: str | None) -> datetime.datetime | None:
    return None if text is None else datetime.datetime.fromisoformat(text).astimezone(datetime.UTC)


def _summarise(state: State, suite: CheckSuite) -> None:
    latest = latest_runs(state.runs_of(suite))
    done = all(run.status == "completed" for run in latest)
    suite.status = "completed" if done else "in_progress"
    conclusions = [run.conclusion for run in latest]
    worst = ("failure", "timed_out", "action_required", "cancelled", "neutral", "success", "skipped")
    suite.conclusion = next((each for each in worst if each in conclusions), None) if done else None
    suite.updated_at = state.clock()


def latest_runs(runs: list[CheckRun]) -> list[CheckRun]:
    """The newest run of each name, as GitHub shows them."""
    return list({run.name: run for run in sorted(runs, key=lambda run: run.id)}.values())


def rerequest(state: State, hub: Hub, run: CheckRun, sender: User) -> None:
    """Ask for the run again: its suite goes back to queued, the run itself stays as it is."""
    _queue_again(state, run.suite)
    _announce(state, hub, run, "rerequested", sender)


def rerequest_suite(state: State, hub: Hub, suite: CheckSuite, sender: User) -> None:
    _queue_again(state, suite)
    hub.emit(
        Event(
            name="check_suite",
            action="rerequested",
            repository=suite.repository,
            sender=sender,
            details={"check_suite": checks.suite(hub.url, state, suite)},
            only=suite.app,
        )
    )


def request_action(state: State, hub: Hub, run: CheckRun, identifier: str, sender: User) -> None:
    """Press one of the run's buttons."""
    if identifier not in [action["identifier"] for action in run.actions]:
        raise invalid_request(f"The check run has no action {identifier}.")
    _announce(state, hub, run, "requested_action", sender, requested_action={"identifier": identifier})


def _queue_again(state: State, suite: CheckSuite) -> None:
    suite.status, suite.conclusion, suite.updated_at = "queued", None, state.clock()


def _announce(state: State, hub: Hub, run: CheckRun, action: str, sender: User, **details: object) -> None:
    private = action in {"rerequested", "requested_action"}
    hub.emit(
        Event(
            name="check_run",
            action=action,
            repository=run.suite.repository,
            sender=sender,
            details={"check_run": checks.run_in_webhook(hub.url, state, run), **details},
            only=run.suite.app if private else None,
        )
    )
