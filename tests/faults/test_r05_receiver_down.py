"""Nobody listens while GitHub delivers."""

from __future__ import annotations

import time

from tests.faults.crowd import crowd
from tests.faults.figures import Figures
from tests.faults.form import size
from tests.faults.outcome import count_effects, ends
from tests.service.running import Service, until

NUMBER = "R5"
CRITERION = (
    "receiver down for 2 minutes, 200 failed deliveries: 200 of 200 are asked for again, nothing twice"
)
PULL_REQUESTS = size(short=4, long=200)
DOWN_SECONDS = size(short=0.0, long=120.0)


def test_down(service: Service, figures: Figures) -> None:
    service.stop()
    stopped = time.monotonic()
    subjects = crowd(service, PULL_REQUESTS, each=5)
    service.github.wait_for_deliveries(60)
    failed = [
        each
        for one in {each.repository.id: each for each in subjects}.values()
        for each in one.deliveries("pull_request")
    ]
    time.sleep(max(0.0, stopped + DOWN_SECONDS - time.monotonic()))
    service.start()
    since = time.monotonic()
    ends(subjects, within=400)
    lost = {each.guid for each in failed}

    def arrived() -> set[str]:
        return {each.guid for each in service.github.hub.deliveries if each.status_code == 202} & lost

    until(lambda: arrived() == lost, "every delivery arrived", 120)
    service.settle()
    figures.count("failed deliveries", len(failed))
    figures.count("arrived", len(arrived()))
    figures.at_most("caught up, s", time.monotonic() - since, 400)
    count_effects(figures, subjects)
    assert {each.status_code for each in failed} >= {502}
    assert len(failed) >= PULL_REQUESTS
