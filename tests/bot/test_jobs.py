from __future__ import annotations

import pytest
from redis import Redis

from bot import jobs
from bot.errors import Postponed, Superseded
from bot.jobs import Policy, drain
from bot.ledger import intake, lease, names, scripts
from bot.ledger.fence import Fence
from bot.ledger.names import Scope
from bot.queue import open_queue, put
from bot.triggers import CommandRequest, CommitKey, LookupBySha, PullRequestKey, ReviewRequest, Wanted
from tests.bot.counting import POLICY, CountingReviewer, diary


def request(scope: Scope, attempt: str) -> ReviewRequest:
    return ReviewRequest(
        key=PullRequestKey(scope.host, scope.app, 11, 22, 7),
        owner="o",
        name="r",
        head=None,
        reason="pull_request.opened",
        attempt=attempt,
    )


@pytest.fixture
def item(scope: Scope) -> str:
    return names.item_of(request(scope, "any").key)


def read(redis: Redis, item: str) -> list[str]:
    return [str(line) for line in redis.lrange(diary(item), 0, -1)]


def test_a_job_holds_the_item_alone(redis_url: str, item: str) -> None:
    connection = Redis.from_url(redis_url)
    queue = open_queue(connection, f"only-{item.split('/')[1]}")
    put(queue, item, seconds=5)
    job = queue.get_jobs()[0]
    assert (job.func_name, job.args, job.kwargs) == ("bot.jobs.work", [item], {})
    assert b'["bot.jobs.work", null,' in job.data
    connection.close()


def test_a_job_for_another_app_is_refused(monkeypatch: pytest.MonkeyPatch, item: str) -> None:
    monkeypatch.setenv("GITHUB_APP_ID", "1")
    with pytest.raises(ValueError, match=r"not api\.github\.test"):
        jobs.work(item)


class Failing(CountingReviewer):
    """Raises at every review; giving up fails as often as `stubborn` says."""

    def __init__(self, redis: Redis, error: Exception, stubborn: int = 0) -> None:
        super().__init__(redis)
        self.error, self.stubborn, self.given_up = error, stubborn, 0

    def review(self, request: ReviewRequest, fence: Fence) -> None:
        super().review(request, fence)
        raise self.error

    def give_up(self, wanted: Wanted, fence: Fence, reason: str) -> None:
        self.given_up += 1
        if self.given_up <= self.stubborn:
            raise ConnectionError
        super().give_up(wanted, fence, reason)


TWICE = Policy(lease_seconds=5, retry_seconds=(0.01,))


def test_what_fails_at_every_try_is_given_up_and_said(redis: Redis, scope: Scope, item: str) -> None:
    intake.want(redis, request(scope, "one"))
    reviewer = Failing(redis, RuntimeError("no"), stubborn=2)
    for _ in range(4):
        drain(redis, item, reviewer, TWICE)
    assert [line.split()[0] for line in read(redis, item)] == ["begin", "end", "begin", "end", "gave"]
    assert reviewer.given_up == 3
    assert redis.llen(scope.dead) == 1
    drain(redis, item, reviewer, TWICE)
    assert reviewer.given_up == 3


def test_an_outage_longer_than_every_try_still_ends_the_check_run(
    redis: Redis, scope: Scope, item: str
) -> None:
    intake.want(redis, request(scope, "one"))
    reviewer = Failing(redis, RuntimeError("no"), stubborn=40)
    for _ in range(42):
        drain(redis, item, reviewer, TWICE)
    assert reviewer.given_up == 41
    assert read(redis, item)[-1].startswith("gave up")


def test_a_review_that_kills_its_worker_is_given_up(redis: Redis, scope: Scope, item: str) -> None:
    class Killed(BaseException):
        pass

    class Killing(CountingReviewer):
        def review(self, request: ReviewRequest, fence: Fence) -> None:
            super().review(request, fence)
            raise Killed

    intake.want(redis, request(scope, "one"))
    for _ in range(TWICE.tries):
        with pytest.raises(Killed):
            drain(redis, item, Killing(redis), TWICE)
        redis.delete(names.lease_of(item))
    drain(redis, item, Killing(redis), TWICE)
    assert read(redis, item)[-1] == "gave up: no try came to its end"
    assert redis.hget(names.state_of(item), "done") == "1"


def test_waiting_as_github_asks_is_no_try(redis: Redis, scope: Scope, item: str) -> None:
    intake.want(redis, request(scope, "one"))
    for _ in range(5):
        drain(redis, item, Failing(redis, Postponed(0.01, "limit")), TWICE)
    assert redis.llen(scope.dead) == 0
    drain(redis, item, CountingReviewer(redis), TWICE)
    assert redis.hget(names.state_of(item), "done") == "1"


def test_superseded_by_a_push_of_which_no_delivery_came_waits(redis: Redis, scope: Scope, item: str) -> None:
    intake.want(redis, request(scope, "one"))
    drain(redis, item, Failing(redis, Superseded("elsewhere")), POLICY)
    assert [line.split()[0] for line in read(redis, item)] == ["begin", "end"]
    intake.want(redis, request(scope, "two"))
    drain(redis, item, CountingReviewer(redis), POLICY)
    assert read(redis, item)[-1] == "end two"


def test_a_lookup_leads_to_reviews_and_a_command_may(redis: Redis, scope: Scope, item: str) -> None:
    class Asking(CountingReviewer):
        def lookup(self, request: LookupBySha) -> tuple[ReviewRequest, ...]:
            return (asked(request.attempt),)

        def command(self, request: CommandRequest, fence: Fence) -> ReviewRequest:
            fence.check()
            return asked(f"comment-{request.comment_id}")

    def asked(attempt: str) -> ReviewRequest:
        return request(scope, attempt)

    commit = CommitKey(scope.host, scope.app, 11, 22, "d" * 40)
    lookup = LookupBySha(key=commit, owner="o", name="r", reason="check_suite.rerequested", attempt="suite")
    intake.want(redis, lookup)
    drain(redis, names.item_of(commit), Asking(redis), POLICY)
    drain(redis, item, Asking(redis), POLICY)
    assert read(redis, item)[-1] == "end suite"
    command = CommandRequest(
        key=request(scope, "any").key,
        owner="o",
        name="r",
        comment_id=5,
        comment_kind="issue",
        author="ada",
        line="/architect review",
    )
    recording = intake.call("guid", command)
    scripts.run(redis, recording.script, recording.keys, recording.args)
    drain(redis, item, Asking(redis), POLICY)
    assert read(redis, item)[-1] == "end comment-5"


def test_an_item_that_is_held_is_left_to_its_holder(redis: Redis, scope: Scope, item: str) -> None:
    intake.want(redis, request(scope, "one"))
    held = lease.take(redis, item, seconds=5)
    assert held is not None
    drain(redis, item, CountingReviewer(redis), POLICY)
    assert read(redis, item) == []
