"""Redis is killed again and again, and then loses everything."""

from __future__ import annotations

import time

from tests.faults.crowd import crowd
from tests.faults.figures import Figures
from tests.faults.form import size
from tests.faults.outcome import count_effects, ends
from tests.service import processes
from tests.service.running import PATIENCE, Service, until
from tests.service.subject import Subject

NUMBER = "R4"
CRITERION = (
    "Redis killed and restarted 10 times (AOF): nothing lost of what was acknowledged; then wiped: "
    "everything is restored from GitHub within one sweep"
)
KILLS = size(short=2, long=10)
AT_A_TIME = size(short=2, long=5)
SWEEP_SECONDS = 1.0
REVIEW_SECONDS = 60.0


def acknowledged(subject: Subject) -> bool:
    return any(each.status_code == 202 for each in subject.deliveries("pull_request"))


def test_killed(service: Service, figures: Figures) -> None:
    subjects: list[Subject] = []
    for _ in range(KILLS):
        subjects += crowd(service, AT_A_TIME)
        processes.kill(*service.redis_server())
        until(service.ready, "Redis is back")
    service.github.wait_for_deliveries()
    figures.count("kills", KILLS)
    figures.count("acknowledged", sum(acknowledged(each) for each in subjects))
    ends(subjects, within=PATIENCE * size(short=2, long=6))
    service.settle()
    count_effects(figures, subjects)


def test_wiped(service: Service, figures: Figures) -> None:
    reviewed = crowd(service, AT_A_TIME)
    ends(reviewed)
    service.settle()
    pending = crowd(service, AT_A_TIME)
    service.github.wait_for_deliveries()
    with service.redis() as redis:
        redis.flushall()
    since = time.monotonic()
    ends(pending)
    service.settle()
    figures.count("wipes", 1)
    figures.at_most("restored, s", time.monotonic() - since, SWEEP_SECONDS + REVIEW_SECONDS)
    count_effects(figures, [*reviewed, *pending])
    assert [len(each.all_runs()) for each in reviewed] == [1] * AT_A_TIME
    assert figures.over() == {}
