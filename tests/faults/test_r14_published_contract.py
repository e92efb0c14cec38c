"""Everything that is said to GitHub, and that it says, is as GitHub publishes it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.faults.crowd import crowd
from tests.faults.figures import Figures
from tests.faults.form import size
from tests.github import webhooks
from tests.service.running import serving_held_to
from tests.service.subject import FAULTIER, MENDED

NUMBER = "R14"
CRITERION = (
    "every request, answer and payload held against GitHub's OpenAPI, GraphQL and webhook descriptions"
)
PULL_REQUESTS = size(short=1, long=6)


def test_a_whole_story(figures: Figures) -> None:
    # Leaving the block raises where an exchange broke the contract.
    with tempfile.TemporaryDirectory(prefix="architect-") as folder:
        pace = {"REDELIVERY_SECONDS": "2", "RECONCILE_SECONDS": "5"}
        with serving_held_to(Path(folder), sys.maxsize, pace) as service:
            for subject in crowd(service, PULL_REQUESTS):
                (run,) = subject.reviewed()
                service.github.person("mira").comment(subject.pull, "/architect help")
                subject.push(FAULTIER)
                service.github.person("mira").rerequest_check_run(run)
                subject.reviewed()
                subject.push(MENDED)
                subject.reviewed()
                service.github.person("jon").close(subject.pull)
                service.settle()
            figures.count("exchanges", len(service.github.log.entries()))
            figures.count("payloads", len(service.github.hub.deliveries))
            broken = [
                each for delivery in service.github.hub.deliveries for each in webhooks.violations(delivery)
            ]
    figures.count("violations", len(broken))
    assert broken == []
    assert figures.counted["exchanges"] > 20
