from __future__ import annotations

import rules
from bot.options import agreed, previewed
from rules.finding import Finding, Suppression
from rules.rule import Confidence, Section, Severity

CONFIGURATION = ".github/backend-architect.yml"
STRICT = {CONFIGURATION: b"fail-on: low\n"}
LAX = {CONFIGURATION: b"fail-on: critical\n"}
WRONG = {CONFIGURATION: b"selct: [BA3]\n"}


def test_the_base_decides() -> None:
    terms = agreed(STRICT, LAX)
    assert terms.options == rules.load_options(STRICT)
    assert terms.problems == ()
    assert "went by the base commit's" in terms.notices[0]


def test_without_a_change_there_is_nothing_to_say() -> None:
    assert agreed(STRICT, STRICT).notices == ()
    assert agreed({}, {}).options == rules.Options()


def test_a_mistake_that_the_change_brings_is_named() -> None:
    terms = agreed(STRICT, WRONG)
    assert terms.options == rules.load_options(STRICT)
    assert [(problem.path, problem.line) for problem in terms.problems] == [(CONFIGURATION, 1)]


def test_a_wrong_base_can_be_mended() -> None:
    terms = agreed(WRONG, LAX)
    assert terms.options == rules.Options()
    assert terms.problems == ()
    assert "the defaults were used" in terms.notices[0]


def test_a_wrong_base_that_stays_wrong_is_named() -> None:
    assert len(agreed(WRONG, WRONG).problems) == 1


def test_a_right_edit_is_proposed_and_a_wrong_one_is_not() -> None:
    assert agreed(STRICT, LAX).proposed == rules.load_options(LAX)
    assert agreed(STRICT, STRICT).proposed is None
    assert agreed(STRICT, WRONG).proposed is None


def finding(fingerprint: str, rule: str, severity: Severity, *, accepted: bool = False) -> Finding:
    return Finding(
        rule=rule,
        name="n",
        section=Section.API,
        severity=severity,
        confidence=Confidence.HIGH,
        path="a.py",
        line=1,
        column=1,
        end_line=1,
        end_column=1,
        message="m",
        fingerprint=fingerprint,
        suppressed=Suppression("baseline", "") if accepted else None,
    )


def test_the_preview_counts_what_comes_goes_and_weighs_differently() -> None:
    kept, weighed = finding("1", "BA204", Severity.HIGH), finding("2", "BA206", Severity.LOW)
    gone = finding("3", "BA206", Severity.LOW)
    by_base = rules.Review(findings=(kept, weighed, gone))
    by_head = rules.Review(
        findings=(
            kept,
            finding("2", "BA206", Severity.HIGH),
            finding("3", "BA206", Severity.LOW, accepted=True),
            finding("4", "BA305", Severity.HIGH),
            finding("5", "BA305", Severity.HIGH),
        )
    )
    assert previewed(by_base, by_head) == (
        "With the configuration of this change: +2/-1 findings; more: BA305 ×2; fewer: BA206 ×1; "
        "1 of another severity."
    )
    assert previewed(by_base, by_base) == "With the configuration of this change: +0/-0 findings."
