"""The story of one review: read the pull request, fetch, judge, plan, post."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import rules
from bot.attempt import UNFINISHED, Attempt, begin, cancel, end_open_runs, end_others
from bot.errors import Superseded
from bot.github.app import FETCH_PERMISSIONS, GitHubApp
from bot.github.checks import complete_check_run
from bot.github.connection import Connection
from bot.github.pulls import PullRequest, merge_base, pull_request, pull_requests_of
from bot.github.refusal import GitHubRefused
from bot.judgement import judge
from bot.ledger.fence import Fence
from bot.open_runs import OpenRuns
from bot.posting import carry_out, what_is_shown
from bot.posts import Output, Voice, plan
from bot.render.markdown import plain
from bot.render.place import CodePage
from bot.repository.git import Remote
from bot.repository.snapshot import Repositories, Revisions, Snapshot
from bot.triggers import CommandRequest, LookupBySha, PullRequestKey, ReviewRequest


class Outcome(StrEnum):
    """How a review ended."""

    REVIEWED = "reviewed"
    CLOSED = "closed"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The edges of a review.

    `web_url` is where the host serves git and pages; `facts` is what the engine remembers of files.
    """

    app: GitHubApp
    web_url: str
    repositories: Repositories
    facts: rules.Cache

    def connect(
        self, request: ReviewRequest | CommandRequest | LookupBySha, guard: Callable[[], None]
    ) -> Connection:
        """A conversation about the request's repository."""
        return Connection(
            self.app,
            installation=request.key.installation,
            repository=request.key.repository,
            full_name=f"{request.owner}/{request.name}",
            guard=guard,
        )

    def remote(self, connection: Connection) -> Remote:
        """Where git fetches from, with a token that may read this repository alone."""
        token = self.app.token(connection.installation, connection.repository, FETCH_PERMISSIONS)
        return Remote(f"{self.web_url}/{connection.full_name}.git", token.token)


def review_pull_request(request: ReviewRequest, services: Services, fence: Fence) -> Outcome:
    """Review the pull request as it is now and show the result.

    Raises `Superseded` after ending its check run as cancelled, `LeaseLost`, `Postponed`, and whatever
    failed: then the caller tries again, and in the end calls `conclude_failed`.
    """
    open_runs = OpenRuns(fence.redis, fence.item)
    with services.connect(request, fence.check) as connection:
        pull = current(connection, request)
        if pull is None:
            return Outcome.GONE
        if pull.state != "open":
            end_others(connection, request, None, open_runs)
            services.repositories.forget(request.key.repository, pull.number)
            return Outcome.CLOSED
        attempt = begin(connection, request, pull, open_runs)
        try:
            _review(connection, services, attempt, pull)
        except Superseded:
            connection.guard = fence.check_lease
            cancel(connection, attempt)
            open_runs.remove(pull.head.sha)
            raise
        open_runs.remove(pull.head.sha)
    return Outcome.REVIEWED


def current(connection: Connection, request: ReviewRequest | CommandRequest) -> PullRequest | None:
    """The pull request as GitHub has it now, or None where it, or the repository, is gone.

    A name is a hint: if another repository answers to it now, its pull request is not the one meant.
    """
    try:
        pull = pull_request(connection, request.key.number)
    except GitHubRefused as refused:
        if refused.status in (404, 410, 451):
            return None
        raise
    if pull.base.repo is None or pull.base.repo.id != request.key.repository:
        return None
    connection.full_name = pull.base.repo.full_name
    return pull


def conclude_failed(request: ReviewRequest, services: Services, fence: Fence, reason: str) -> None:
    """After the last try: a completed check run that says what happened, and none left in progress."""
    open_runs = OpenRuns(fence.redis, fence.item)
    with services.connect(request, fence.check_lease) as connection:
        pull = current(connection, request)
        if pull is None:
            return
        for sha in {*open_runs.commits(), pull.head.sha}:
            ended = end_open_runs(connection, request, sha, UNFINISHED, _failure(reason))
            open_runs.remove(sha)
            if sha == pull.head.sha and not ended and pull.state == "open":
                _conclude_new(connection, request, pull, open_runs, reason)


def requests_of(lookup: LookupBySha, services: Services) -> tuple[ReviewRequest, ...]:
    """A fresh review for each open pull request of the repository that the commit heads."""
    key = lookup.key
    with services.connect(lookup, lambda: None) as connection:
        pulls = pull_requests_of(connection, key.sha)
    return tuple(
        ReviewRequest(
            key=PullRequestKey(key.host, key.app, key.installation, key.repository, pull.number),
            owner=lookup.owner,
            name=lookup.name,
            head=key.sha,
            reason=lookup.reason,
            attempt=lookup.attempt,
            fresh=True,
        )
        for pull in pulls
        if pull.base.repo is not None and pull.base.repo.id == key.repository
    )


def _review(connection: Connection, services: Services, attempt: Attempt, pull: PullRequest) -> None:
    snapshot = _fetch(connection, services, pull)
    judgement = judge(snapshot, services.facts)
    page = CodePage(f"{services.web_url}/{connection.full_name}", pull.head.sha)
    shown = what_is_shown(connection, attempt, pull.number)
    voice = Voice.CHECK_ONLY if pull.draft else Voice.FULL
    todo = plan(judgement.report, shown, page, key=attempt.key, budget=judgement.budget, voice=voice)
    carry_out(connection, attempt, pull, todo)


def _fetch(connection: Connection, services: Services, pull: PullRequest) -> Snapshot:
    return services.repositories.take(
        connection.repository,
        services.remote(connection),
        Revisions(number=pull.number, base=pull.base.sha, head=pull.head.sha),
        interesting=rules.interesting,
        merge_base=lambda: merge_base(connection, pull.base.sha, pull.head.sha),
    )


def _conclude_new(
    connection: Connection, request: ReviewRequest, pull: PullRequest, open_runs: OpenRuns, reason: str
) -> None:
    attempt = begin(connection, request, pull, open_runs)
    if not attempt.run.completed:
        complete_check_run(connection, attempt.run.id, UNFINISHED, _failure(reason))
    open_runs.remove(pull.head.sha)


def _failure(reason: str) -> Output:
    summary = (
        f"The review was tried several times and could not be finished: {plain(reason)}. "
        "Nothing was judged, so this is no pass. Ask for it again with Re-run."
    )
    return Output(title="The review could not be finished", summary=summary)
