"""Files that kill or stall parsers, in a pull request with others."""

from __future__ import annotations

import time

import rules
from bot.service import Role
from rules.configuration import Options
from tests.faults.crowd import prepared
from tests.faults.existing import prove
from tests.faults.figures import Figures
from tests.faults.form import size
from tests.rules.hostile import hostile_files
from tests.service import processes
from tests.service.running import Service
from tests.service.subject import FAULTY

NUMBER = "R9"
CRITERION = "more than 25 shapes of poison files: the worker survives, other files are reviewed, each ≤ 10 s"
SECONDS = 10.0


def test_poison(service: Service, figures: Figures) -> None:
    poison = {f"app/{name}": content for name, content in hostile_files().items()}
    workers = service.role(Role.WORKER)
    subject = prepared(service, {**FAULTY, **poison}).opened()
    (run,) = subject.reviewed()
    figures.count("shapes", len(poison))
    figures.count("workers that died", sum(not processes.alive(each) for each in workers))
    assert figures.counted["workers that died"] == 0
    assert run.conclusion == "failure"
    assert any("BA204" in comment.body for comment in subject.comments())
    assert len(poison) > 25


def test_each_on_its_own(figures: Figures) -> None:
    for name, content in sorted(hostile_files().items())[:: size(short=6, long=1)]:
        began = time.monotonic()
        rules.review({"app/main.py": b"x = 1\n", f"app/{name}": content}, Options())
        figures.at_most("slowest file, s", time.monotonic() - began, SECONDS)
    assert figures.over() == {}


def test_what_the_engine_proves(figures: Figures) -> None:
    assert (
        prove(
            figures,
            "tests/rules/test_engine.py::test_hostile_files_are_analysed_or_named_and_the_rest_is_judged",
        )
        == []
    )
