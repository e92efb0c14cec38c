"""REST operations on check runs and check suites."""

from __future__ import annotations

from bot.demo.github import git
from bot.demo.github.actions import check_runs
from bot.demo.github.call import Answer, Call, Endpoint, paged
from bot.demo.github.checks import CheckRun, CheckSuite
from bot.demo.github.refusal import Refusal, not_found
from bot.demo.github.repository import Repository
from bot.demo.github.shapes import checks

READ, WRITE = "checks:read", "checks:write"


def _sha(repository: Repository, revision: str) -> str:
    try:
        return git.resolve(repository.folder, revision)
    except git.GitError:
        raise Refusal(422, f"No commit found for SHA: {revision}") from None


def create_run(call: Call) -> Answer:
    run = check_runs.create(call.state, call.hub, call.own_app(), call.repository(), call.body)
    return Answer(body=checks.run(call.hub.url, call.state, run), status=201)


def _run(call: Call) -> CheckRun:
    repository = call.repository()
    run = call.state.runs.get(call.number("check_run_id"))
    if run is None or run.suite.repository is not repository:
        raise not_found()
    return run


def show_run(call: Call) -> Answer:
    return Answer(body=checks.run(call.hub.url, call.state, _run(call)))


def update_run(call: Call) -> Answer:
    run = _run(call)
    own = call.own_app()
    if run.suite.app is not own:
        message = (
            f"Invalid app_id `{own.id}` - check run can only be modified by the GitHub App that created it."
        )
        raise Refusal(403, message)
    check_runs.update(call.state, call.hub, run, call.body)
    return Answer(body=checks.run(call.hub.url, call.state, run))


def list_annotations(call: Call) -> Answer:
    run = _run(call)
    return paged(call, run.annotations, lambda each: checks.annotation(call.hub.url, run, each))


def list_runs(call: Call) -> Answer:
    """The latest run of each name of each App, or with `filter=all` every one, newest first."""
    repository = call.repository()
    sha = _sha(repository, call.parameters["ref"])
    suites = [
        each for each in call.state.suites.values() if each.repository is repository and each.head_sha == sha
    ]
    return _listed(call, suites)


def list_runs_of_suite(call: Call) -> Answer:
    return _listed(call, [_suite(call)])


def _listed(call: Call, suites: list[CheckSuite]) -> Answer:
    query = call.query
    found: list[CheckRun] = []
    for suite in suites:
        runs = call.state.runs_of(suite)
        found.extend(runs if query.get("filter") == "all" else check_runs.latest_runs(runs))
    wanted = [
        run
        for run in found
        if query.get("check_name") in (None, run.name)
        and query.get("app_id") in (None, str(run.suite.app.id))
        and query.get("status") in (None, run.status)
    ]
    wanted.sort(key=lambda run: -run.id)
    return paged(call, wanted, lambda run: checks.run(call.hub.url, call.state, run), within="check_runs")


def rerequest_run(call: Call) -> Answer:
    run = _run(call)
    check_runs.rerequest(call.state, call.hub, run, call.actor())
    return Answer(body={}, status=201)


def _suite(call: Call) -> CheckSuite:
    repository = call.repository()
    suite = call.state.suites.get(call.number("check_suite_id"))
    if suite is None or suite.repository is not repository:
        raise not_found()
    return suite


def show_suite(call: Call) -> Answer:
    return Answer(body=checks.suite(call.hub.url, call.state, _suite(call)))


def list_suites(call: Call) -> Answer:
    repository = call.repository()
    sha = _sha(repository, call.parameters["ref"])
    found = [
        each for each in call.state.suites.values() if each.repository is repository and each.head_sha == sha
    ]
    return paged(
        call, found, lambda each: checks.suite(call.hub.url, call.state, each), within="check_suites"
    )


def rerequest_suite(call: Call) -> Answer:
    check_runs.rerequest_suite(call.state, call.hub, _suite(call), call.actor())
    return Answer(body={}, status=201)


REPOSITORY = "/repos/{owner}/{repo}"
RUN = f"{REPOSITORY}/check-runs/{{check_run_id}}"
SUITE = f"{REPOSITORY}/check-suites/{{check_suite_id}}"
ENDPOINTS = (
    Endpoint(method="POST", path=f"{REPOSITORY}/check-runs", answer=create_run, permission=WRITE),
    Endpoint(method="GET", path=RUN, answer=show_run, permission=READ),
    Endpoint(method="PATCH", path=RUN, answer=update_run, permission=WRITE),
    Endpoint(method="GET", path=f"{RUN}/annotations", answer=list_annotations, permission=READ),
    Endpoint(method="POST", path=f"{RUN}/rerequest", answer=rerequest_run, permission=WRITE),
    Endpoint(method="GET", path=SUITE, answer=show_suite, permission=READ),
    Endpoint(method="GET", path=f"{SUITE}/check-runs", answer=list_runs_of_suite, permission=READ),
    Endpoint(method="POST", path=f"{SUITE}/rerequest", answer=rerequest_suite, permission=WRITE),
    Endpoint(
        method="GET", path=f"{REPOSITORY}/commits/{{ref}}/check-runs", answer=list_runs, permission=READ
    ),
    Endpoint(
        method="GET", path=f"{REPOSITORY}/commits/{{ref}}/check-suites", answer=list_suites, permission=READ
    ),
)
