"""GitHub's own example payloads."""

from __future__ import annotations

from tests.faults.existing import prove
from tests.faults.figures import Figures

NUMBER = "R15"
CRITERION = "GitHub's 329 example payloads: each answered 2xx, no exception"


def test_examples(figures: Figures) -> None:
    assert prove(figures, "tests/bot/test_web.py::test_every_example_of_github_is_accepted") == []
