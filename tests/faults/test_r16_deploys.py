"""SIGTERM and a new start while reviews are under way, as a deployment does it."""

from __future__ import annotations

import time

from tests.faults.crowd import crowd
from tests.faults.figures import Figures
from tests.faults.form import size
from tests.faults.outcome import count_effects, ends
from tests.service import processes
from tests.service.running import Service
from tests.service.subject import Subject

NUMBER = "R16"
CRITERION = "SIGTERM under load, 10 times: no job is lost, what is under way ends or goes on ≤ 120 s later"
DEPLOYS = size(short=1, long=10)
AT_A_TIME = size(short=2, long=4)
WITHIN = 120.0


def test_deploys(service: Service, figures: Figures) -> None:
    subjects: list[Subject] = []
    for number in range(DEPLOYS):
        began = crowd(service, AT_A_TIME)
        subjects += began
        time.sleep(0.3 * (number % 4))
        assert service.process is not None
        everything = processes.descendants(service.process.pid)
        stopped = time.monotonic()
        assert service.stop() == 0
        figures.count("deploys", 1)
        figures.count("processes left", len([each for each in everything if processes.alive(each)]))
        service.start()
        ends(began)
        figures.at_most("ended after the stop, s", time.monotonic() - stopped, WITHIN)
    service.settle()
    count_effects(figures, subjects)
    assert figures.counted["processes left"] == 0
    assert figures.over() == {}
