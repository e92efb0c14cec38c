from __future__ import annotations

import pytest

from rules.configuration import Options, judged, selected
from rules.rule import Rule, Severity


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (Options(), {"BA305", "BA306"}),
        (Options(select=("BA2",)), {"BA214"}),
        (Options(select=("off-by-default",)), {"BA214"}),
        (Options(ignore=("BA3",)), set()),
        (Options(ignore=("BA3",), select=("BA305",)), {"BA305"}),
        (Options(select=("BA3",), ignore=("BA306",)), {"BA305"}),
        (Options(select=("BA305",), ignore=("BA305",)), set()),
        (Options(select=("unscoped-object-access",), ignore=("BA3",)), {"BA305"}),
    ],
)
def test_the_more_exact_selector_wins(options: Options, expected: set[str]) -> None:
    rules = {
        "unscoped-object-access": Rule(code="BA305", severity=Severity.HIGH),
        "unscoped-list-query": Rule(code="BA306", severity=Severity.HIGH),
        "off-by-default": Rule(code="BA214", severity=Severity.INFO, default=False),
    }
    assert {rule.code for name, rule in rules.items() if selected(options, rule, name)} == expected


@pytest.mark.parametrize(
    ("options", "path", "expected"),
    [
        (Options(), "app/main.py", True),
        (Options(), "tests/app/main.py", False),
        (Options(), "backend/tests/x.py", False),
        (Options(), "app/test_main.py", False),
        (Options(), "app/contest.py", True),
        (Options(), "app/main.txt", False),
        (Options(), "docs/openapi.yaml", True),
        (Options(include=("backend/",)), "specs/api.md", True),
        (Options(exclude=("specs/",)), "specs/api.md", False),
        (Options(exclude=("!tests/",)), "tests/app.py", True),
        (Options(exclude=("app/",)), "app/main.py", False),
        (Options(include=("backend/",)), "app/main.py", False),
        (Options(include=("backend/",)), "backend/app/main.py", True),
    ],
)
def test_what_is_judged(options: Options, path: str, *, expected: bool) -> None:
    assert judged(options)(path) is expected
