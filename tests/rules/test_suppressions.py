from __future__ import annotations

import pytest

from rules.configuration import Options
from rules.engine import review_here
from rules.finding import Suppression
from rules.verdict import Review
from tests.rules.sources import NO_BAD_CALLS, engine, rule

OTHER = rule("other", lambda _: [], code="BA198")


def _review(text: str) -> Review:
    return review_here(engine(NO_BAD_CALLS, OTHER), {"app/main.py": text.encode()}, Options())


@pytest.mark.parametrize(
    "text",
    [
        "bad()  # architect: ignore[BA199] agreed with Ada\n",
        "bad()  #architect:ignore[BA199]   agreed with Ada\n",
        "bad()  # architect: ignore[bad-call]: agreed with Ada\n",
        "bad()  # architect: ignore[BA198, BA199] agreed with Ada\n",
        "# architect: ignore[BA199] agreed with Ada\nbad()\n",
        "# architect: ignore[BA199] agreed with Ada\n# more words\n\nbad()\n",
        "bad(\n    1,\n)  # architect: ignore[BA199] agreed with Ada\n",
        "bad(\n    1,  # architect: ignore[BA199] agreed with Ada\n)\n",
        "def f():\n    # architect: ignore[BA199] agreed with Ada\n    return bad()\n",
        "x = f'{d['k']}'\nbad()  # architect: ignore[BA199] agreed with Ada\n",
    ],
)
def test_a_comment_with_a_reason_suppresses(text: str) -> None:
    (finding,) = _review(text).findings
    assert finding.suppressed == Suppression("inline", "agreed with Ada")


@pytest.mark.parametrize(
    "text",
    [
        "bad()  # architect: ignore[BA198] of another rule\n",
        "bad()\nx = 1  # architect: ignore[BA199] elsewhere\n",
        "bad()\n# architect: ignore[BA199] after it\n",
        "bad(); x = '# architect: ignore[BA199] in a string'\n",
        "x = '''\n# architect: ignore[BA199] in a string\n'''; bad()\n",
        "def f():  # architect: ignore[BA199] on the function\n    bad()\n",
        "bad()  # architect: disable[BA199] another word\n",
    ],
)
def test_a_comment_about_something_else_does_not(text: str) -> None:
    (finding,) = _review(text).findings
    assert finding.suppressed is None


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("bad()  # architect: ignore[BA199]\n", "suppression-without-reason", 1),
        ("bad()  # architect: ignore[BA199] -\n", "suppression-without-reason", 1),
        ("x = 1\nbad()  # architect: ignore all of it\n", "suppression-without-rule", 2),
        ("bad()  # architect: ignore[BA999] no such rule\n", "suppression-unknown-rule", 1),
        ("good()  # architect: ignore[BA199] once needed\n", "suppression-unused", 1),
    ],
)
def test_what_is_wrong_with_a_comment_is_said(text: str, kind: str, line: int) -> None:
    review = _review(text)
    assert [(question.kind, question.line) for question in review.questions] == [(kind, line)]
    assert all(finding.suppressed is None for finding in review.findings)


def test_a_comment_for_a_rule_that_did_not_run_is_not_called_unused() -> None:
    tree = {"app/main.py": b"good()  # architect: ignore[BA199] once needed\n"}
    review = review_here(engine(NO_BAD_CALLS, OTHER), tree, Options(ignore=("BA199",)))
    assert review.questions == ()
