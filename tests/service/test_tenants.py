from __future__ import annotations

import pytest

from bot.demo.github.faults import Fault
from tests.service.running import Service, until
from tests.service.subject import opened

pytestmark = pytest.mark.thorough


def test_one_installation_that_is_limited_does_not_hold_up_another(service: Service) -> None:
    service.github.faults.next("POST", "/acme/limited/check-runs$", Fault.TOO_MANY, seconds=3_600)
    held = opened(service, full_name="acme/limited")
    free = opened(service, full_name="globex/free")
    service.github.wait_for_deliveries()
    (run,) = free.completed()
    assert run.conclusion == "failure"
    assert held.runs() == []
    service.let_time_pass()
    assert held.reviewed()[0].conclusion == "failure"


@pytest.mark.parametrize("loss", ["uninstalled", "removed from the installation", "deleted"])
def test_work_on_a_repository_that_is_out_of_reach_ends(service: Service, loss: str) -> None:
    name = f"acme/{loss.replace(' ', '-')}"
    service.github.faults.next("POST", f"/{name}/check-runs$", Fault.TOO_MANY, seconds=3_600)
    subject = opened(service, full_name=name)
    until(lambda: any(seconds > 60 for seconds in service.waiting().values()), "the review waits")
    state = service.github.state
    with state.lock:
        state.tokens.clear()
        subject.installation.repository_ids.clear()
        if loss == "uninstalled":
            del state.installations[subject.installation.id]
        if loss == "deleted":
            del state.repositories[subject.repository.id]
    asked = len(service.github.log.entries("POST"))
    service.let_time_pass()
    service.settle()
    assert subject.all_runs() == []
    assert len(service.github.log.entries("POST")) - asked <= 2
