"""The RQ worker: one queue, allowed jobs alone, and no horse that outlives it."""

from __future__ import annotations

import signal
from collections.abc import Callable

from redis import Redis
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from bot.parent_death import die_with_parent
from bot.queue import AllowedJob, open_queue

MONITORING_SECONDS = 5
MAINTENANCE_SECONDS = 30


class ReviewWorker(Worker):
    """A worker that dies with its horse and not without it."""

    log_result_lifespan = False
    housekeeping: Callable[[], None] | None = None

    def run_maintenance_tasks(self) -> None:
        """Clean RQ up, and this host; between jobs, in this process."""
        super().run_maintenance_tasks()  # type: ignore[no-untyped-call]
        if self.housekeeping is not None:
            self.housekeeping()

    def validate_queues(self) -> None:
        """Refuse to start with more than one queue: RQ then keeps no safety copy, and a crash loses jobs."""
        super().validate_queues()  # type: ignore[no-untyped-call]
        if len(self.queues) != 1:
            raise ValueError(f"a worker needs exactly one queue, not {len(self.queues)}")

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Run the job, in the forked process, and be killed when the worker dies."""
        die_with_parent(self.pid or 0, signal.SIGKILL)
        super().main_work_horse(job, queue)


def work(
    redis: Redis,
    queue: str,
    *,
    job: type[AllowedJob] = AllowedJob,
    housekeeping: Callable[[], None] | None = None,
) -> None:
    """Work on `queue` until told to stop: SIGTERM lets the running job end, a second one does not.

    `housekeeping` is called now and then between jobs, in the worker's own process.
    """
    worker = ReviewWorker(
        [open_queue(redis, queue, job=job)],
        connection=redis,
        job_class=job,
        serializer=JSONSerializer,
        job_monitoring_interval=MONITORING_SECONDS,
        maintenance_interval=MAINTENANCE_SECONDS,
        log_job_description=False,
    )
    worker.housekeeping = housekeeping
    worker.work(logging_level="WARNING")
