"""The story of one review: read the pull request, fetch, judge, plan, post."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from redis import Redis

import rules
from bot.alerts import raise_alerts
from bot.attempt import UNFINISHED, Attempt, begin, cancel, end_open_runs, end_others
from bot.conversation import decisions
from bot.errors import LeaseLost, Superseded
from bot.github.app import FETCH_PERMISSIONS, GitHubApp
from bot.github.checks import complete_check_run
from bot.github.connection import Connection
from bot.github.gate import Account
from bot.github.pulls import PullRequest, merge_base, pull_request, pull_requests_of
from bot.github.refusal import WAIT_WITHOUT_A_HINT, GitHubRefused, Pause, RateLimited
from bot.judgement import judge
from bot.ledger import names
from bot.ledger.answers import Answers
from bot.ledger.budget import Budget, Limits
from bot.ledger.fence import Fence
from bot.ledger.names import ItemKey
from bot.measurements import FINDINGS, RULE_CRASHES, count, timed
from bot.open_runs import OpenRuns
from bot.posting import carry_out, what_is_shown
from bot.posts import Output, Voice, plan
from bot.registration import RULES_PAGE
from bot.render.markdown import plain
from bot.render.place import CodePage
from bot.report import Report
from bot.repository.git import GitFailed, Remote
from bot.repository.snapshot import Repositories, Revisions, Snapshot
from bot.thread_keeping import NOTHING, keep_threads, plan_threads, with_notice
from bot.triggers import CommandRequest, GroupRequest, LookupBySha, PullRequestKey, ReviewRequest


class Outcome(StrEnum):
    """How a review ended."""

    REVIEWED = "reviewed"
    CLOSED = "closed"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The edges of a review.

    `web_url` is where the host serves git and pages; `facts` is what the engine remembers of files. In
    `redis` the workers share each installation's budget, of `limits`, and what GitHub answered it; without
    it nothing is counted or remembered. `rules_url` is the page that tells about the rules.
    `code_scanning`: reviews are uploaded as its alerts too.
    """

    app: GitHubApp
    web_url: str
    repositories: Repositories
    facts: rules.Cache
    redis: Redis | None = None
    limits: Limits = field(default_factory=Limits)
    rules_url: str = RULES_PAGE
    code_scanning: bool = False

    def connect(
        self,
        request: ReviewRequest | CommandRequest | LookupBySha | GroupRequest,
        guard: Callable[[], None],
    ) -> Connection:
        """A conversation about the request's repository."""
        return Connection(
            self.app,
            installation=request.key.installation,
            repository=request.key.repository,
            full_name=f"{request.owner}/{request.name}",
            guard=guard,
            account=self._account(request.key),
        )

    def _account(self, key: ItemKey) -> Account:
        if self.redis is None:
            return Account()
        place = names.scope_of(key).place(key.installation)
        budget = Budget(redis=self.redis, place=place, holder=names.item_of(key), limits=self.limits)
        return Account(budget, Answers(redis=self.redis, place=place))

    @contextlib.contextmanager
    def remote(self, connection: Connection) -> Iterator[Remote]:
        """Where git fetches from, with a token that may read this repository alone.

        Where fetching fails the token is not used again: git does not say whether it was to blame.
        """
        token = connection.token(FETCH_PERMISSIONS)
        try:
            yield Remote(f"{self.web_url}/{connection.full_name}.git", token.token)
        except GitFailed as failed:
            if failed.limited:
                pause = Pause(WAIT_WITHOUT_A_HINT, said=False)
                raise connection.limited(RateLimited(pause, str(failed))) from None
            if not failed.local:
                self.app.forget(token)
            raise


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
        try:
            attempt = begin(connection, request, pull, open_runs)
            _review_or_cancel(connection, services, attempt, pull, fence)
        except LeaseLost:
            # Where Redis lost its data too, nobody else knows that a run may be open on this commit.
            open_runs.add(pull.head.sha)
            raise
        open_runs.remove(pull.head.sha)
    return Outcome.REVIEWED


def _review_or_cancel(
    connection: Connection, services: Services, attempt: Attempt, pull: PullRequest, fence: Fence
) -> None:
    try:
        _review(connection, services, attempt, pull)
    except Superseded:
        connection.guard = fence.check_lease
        cancel(connection, attempt)
        OpenRuns(fence.redis, fence.item).remove(pull.head.sha)
        raise


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
            ended = end_open_runs(connection, request, sha, UNFINISHED, failure(reason))
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
    began = time.monotonic()
    with timed("fetch"):
        snapshot = fetch(connection, services, pull)
    with timed("read-back"):
        said = decisions(connection, pull.number)
    with timed("judge"):
        judgement = judge(snapshot, rules.NoCache() if attempt.full else services.facts, said)
    _count(judgement.report)
    page = CodePage(f"{services.web_url}/{connection.full_name}", pull.head.sha, services.rules_url)
    with timed("read-back"):
        shown = what_is_shown(connection, attempt, pull.number)
        threads = (
            plan_threads(connection, pull, judgement.report, page, snapshot.changed)
            if shown.fingerprints
            else NOTHING
        )
    voice = Voice.CHECK_ONLY if pull.draft else Voice.FULL
    report = replace(with_notice(judgement.report, threads), seconds=time.monotonic() - began)
    todo = plan(report, shown, page, key=attempt.key, budget=judgement.budget, voice=voice)
    with timed("post"):
        carry_out(connection, attempt, pull, todo)
        keep_threads(connection, threads)
    if services.code_scanning:
        with timed("alerts"):
            raise_alerts(connection, pull, judgement.comparison, snapshot.head.contents)


def _count(report: Report) -> None:
    for finding in report.introduced:
        count(FINDINGS, finding.rule)
    for crash in report.coverage.rules_crashed:
        count(RULE_CRASHES, crash.rule)


def fetch(connection: Connection, services: Services, pull: PullRequest) -> Snapshot:
    """Both sides of the pull request as a review reads them."""
    with services.remote(connection) as remote:
        return services.repositories.take(
            connection.repository,
            remote,
            Revisions(number=pull.number, base=pull.base.sha, head=pull.head.sha),
            interesting=rules.interesting,
            merge_base=lambda: merge_base(connection, pull.base.sha, pull.head.sha),
        )


def _conclude_new(
    connection: Connection, request: ReviewRequest, pull: PullRequest, open_runs: OpenRuns, reason: str
) -> None:
    attempt = begin(connection, request, pull, open_runs)
    if not attempt.run.completed:
        complete_check_run(connection, attempt.run.id, UNFINISHED, failure(reason))
    open_runs.remove(pull.head.sha)


def failure(reason: str) -> Output:
    """What a check run says that could not be finished."""
    summary = (
        f"The review was tried several times and could not be finished: {plain(reason)}. "
        "Nothing was judged, so this is no pass. Ask for it again with Re-run."
    )
    return Output(title="The review could not be finished", summary=summary)
