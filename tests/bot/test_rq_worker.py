from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import pytest
from redis import Redis
from rq import Callback, Queue
from rq.job import JobStatus
from rq.serializers import JSONSerializer

from bot import rq_worker
from bot.ledger import intake, names
from bot.ledger.names import Scope
from bot.queue import open_queue
from bot.sweeper import Sweeper
from bot.triggers import PullRequestKey, ReviewRequest
from tests.bot.counting import WORK, CountingJob, diary, leave_trace, pace, trace

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0


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


def until(true: Callable[[], bool]) -> float:
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < PATIENCE, "it did not happen in time"
        time.sleep(0.02)
    return time.monotonic() - start


def ended(process: int) -> bool:
    """Whether the process is gone, or a zombie that nobody waits for."""
    try:
        return ") Z " in Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


class Workers:
    """RQ workers and a sweeper on one queue, as `serve` runs them."""

    def __init__(self, url: str, scope: Scope) -> None:
        self.url, self.name = url, f"test-{scope.app}"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.stopping = threading.Event()
        self.queue = open_queue(Redis.from_url(url), self.name, job=CountingJob)
        self.sweeper = Sweeper(
            redis=Redis.from_url(url, decode_responses=True),
            queue=self.queue,
            scope=scope,
            sweep_seconds=0.1,
            requeue_seconds=0.5,
            maintenance_seconds=1,
            job_seconds=30,
            function=WORK,
        )
        self.thread = threading.Thread(target=self.sweeper.run, args=(self.stopping,))

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.thread.join()
        for process in self.processes:
            process.kill()
            process.wait()
        self.sweeper.redis.close()
        self.queue.connection.close()

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "tests.bot.counting", self.name]
        environment = {**os.environ, "COUNTING_REDIS": self.url, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, env=environment, cwd="/", start_new_session=True)
        self.processes.append(process)
        return process


@pytest.fixture
def workers(redis_url: str, scope: Scope) -> Iterator[Workers]:
    with Workers(redis_url, scope) as started:
        yield started


def horse(redis: Redis, item: str) -> int:
    return int(read(redis, item)[-1].split()[2])


def test_what_is_wanted_is_done_once(redis: Redis, workers: Workers, scope: Scope, item: str) -> None:
    workers.start()
    intake.want(redis, request(scope, "one"))
    until(lambda: "end one" in read(redis, item))
    until(lambda: redis.exists(names.lease_of(item)) == 0)
    assert redis.hmget(names.state_of(item), ["wanted", "done"]) == ["1", "1"]
    assert len(read(redis, item)) == 2
    assert redis.zcard(scope.work) == 0


@pytest.mark.parametrize("victim", ["both", "worker", "horse"])
def test_a_killed_worker_is_made_up_for(
    redis: Redis, workers: Workers, scope: Scope, item: str, victim: str
) -> None:
    redis.set(pace(item), "60")
    first = workers.start()
    intake.want(redis, request(scope, "one"))
    until(lambda: read(redis, item) != [])
    running = horse(redis, item)
    redis.set(pace(item), "0")
    if victim in ("both", "worker"):
        first.kill()
        first.wait()
        workers.start()
    if victim in ("both", "horse"):
        os.kill(running, signal.SIGKILL)
    took = until(lambda: "end one" in read(redis, item))
    assert [line.split()[0] for line in read(redis, item)] == ["begin", "begin", "end"]
    assert took < 15
    if sys.platform.startswith("linux"):
        until(
            lambda: not Path(f"/proc/{running}").exists() or "Z" in Path(f"/proc/{running}/stat").read_text()
        )


def test_fifty_pushes_during_a_review_end_in_the_newest(
    redis: Redis, workers: Workers, scope: Scope, item: str
) -> None:
    redis.set(pace(item), "1")
    workers.start()
    workers.start()
    intake.want(redis, request(scope, "one"))
    until(lambda: read(redis, item) != [])
    for number in range(50):
        intake.want(redis, request(scope, f"push-{number}"))
    until(lambda: "end push-49" in read(redis, item))
    lines = [line.split()[0] for line in read(redis, item)]
    assert lines.count("begin") <= 3
    assert lines.count("end") == 1


def test_a_stopped_worker_ends_its_review_first(
    redis: Redis, workers: Workers, scope: Scope, item: str
) -> None:
    redis.set(pace(item), "1")
    worker = workers.start()
    intake.want(redis, request(scope, "one"))
    until(lambda: read(redis, item) != [])
    worker.terminate()
    assert worker.wait(PATIENCE) == 0
    assert read(redis, item)[-1] == "end one"


def test_jobs_lost_by_the_queue_come_back(redis: Redis, workers: Workers, scope: Scope, item: str) -> None:
    intake.want(redis, request(scope, "one"))
    until(lambda: workers.queue.count > 0)
    workers.queue.empty()  # type: ignore[no-untyped-call]
    workers.start()
    until(lambda: "end one" in read(redis, item))
    assert read(redis, item).count("end one") == 1


def test_only_allowed_functions_run(redis: Redis, workers: Workers, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    foreign = Queue(workers.name, connection=workers.queue.connection, serializer=JSONSerializer)
    bad = [
        foreign.enqueue_call("os.mkdir", args=(str(folder),)),
        foreign.enqueue_call(WORK, args=("no item",), on_failure=Callback(leave_trace)),
    ]
    workers.start()
    until(lambda: all(job.get_status() is JobStatus.FAILED for job in bad))
    result = bad[0].latest_result()
    assert result is not None
    assert "not allowed" in str(result.exc_string)
    assert not folder.exists()
    assert redis.get(trace(bad[1].id)) is None


def test_a_worker_refuses_two_queues(redis_url: str) -> None:
    connection = Redis.from_url(redis_url)
    two = [open_queue(connection, "one"), open_queue(connection, "two")]
    with pytest.raises(ValueError, match="exactly one queue"):
        rq_worker.ReviewWorker(two, connection=connection, serializer=JSONSerializer)
    connection.close()
