"""A worker is killed about every second while many pull requests are opened."""

from __future__ import annotations

import random
import threading
import time

from bot.service import Role
from tests.faults.crowd import crowd
from tests.faults.figures import Figures
from tests.faults.form import size
from tests.faults.outcome import count_effects, ends
from tests.service import processes
from tests.service.running import Service

NUMBER = "R3"
CRITERION = (
    "kill -9 about every second for 60 s over 300 pull requests: none lost, nothing twice, drained ≤ 180 s "
    "after the last kill, a stale maintenance lock of RQ included"
)
PULL_REQUESTS = size(short=12, long=300)
IN_A_REPOSITORY = size(short=2, long=6)
SECONDS = size(short=6.0, long=60.0)
DRAINED = 180.0
STALE_SECONDS = 700
"""Left of the 899 s of RQ's lock, as a worker leaves it that died at maintenance three minutes ago."""


def killing(service: Service, killed: list[int], until: float) -> None:
    while time.monotonic() < until:
        time.sleep(random.uniform(0.5, 1.5))
        workers = service.role(Role.WORKER)
        if workers:
            worker = random.choice(workers)
            horses = processes.children(worker)
            victims = random.choice([[worker], horses[:1], [worker, *horses]])
            processes.kill(*victims)
            killed += victims


def test_chaos(service: Service, figures: Figures) -> None:
    random.seed(2)
    killed: list[int] = []
    chaos = threading.Thread(target=killing, args=(service, killed, time.monotonic() + SECONDS))
    with service.redis() as redis:
        redis.set("rq:clean_registries:reviews", 1, ex=STALE_SECONDS)
    chaos.start()
    subjects = crowd(service, PULL_REQUESTS, each=IN_A_REPOSITORY)
    chaos.join()
    since = time.monotonic()
    ends(subjects, within=2 * DRAINED)
    service.settle()
    figures.count("processes killed", len(killed))
    figures.at_most("drained, s", time.monotonic() - since, DRAINED)
    count_effects(figures, subjects)
    assert killed
    assert figures.over() == {}
