from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from bot.dismissals import Decision, dismissed, lapsed, matching, standing
from rules.finding import Finding, Suppression
from rules.rule import Confidence, Section, Severity
from rules.verdict import Comparison, Review

ONE, OTHER = "0123abcd" + "0" * 24, "0123abcd" + "1" * 24
THIRD = "f" * 32


def decision(named: str, *, ignored: bool = True, at: int = 1) -> Decision:
    return Decision(
        ignored=ignored,
        findings=(named,),
        reason="meant",
        by="mira",
        at=f"2026-11-22T10:00:{at:02}Z",
        link="l",
    )


def finding(fingerprint: str) -> Finding:
    return Finding(
        rule="BA204",
        name="route-shadowed",
        section=Section.API,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        path="app/main.py",
        line=3,
        column=1,
        end_line=3,
        end_column=2,
        message="m",
        fingerprint=fingerprint,
    )


def test_the_last_word_counts_in_whatever_order_they_are_read() -> None:
    words = [decision(THIRD[:8]), decision(THIRD, ignored=False, at=2), decision(THIRD[:9], at=3)]
    for order in (words, words[::-1]):
        assert standing(order, {THIRD}) == {THIRD: words[2]}
        assert standing(order[:0], {THIRD}) == {}
    assert standing(words[:2], {THIRD}) == {}


def test_what_names_several_says_nothing() -> None:
    assert matching("0123abcd", {ONE, OTHER, THIRD}) == [ONE, OTHER]
    assert standing([decision("0123abcd")], {ONE, OTHER}) == {}
    assert standing([decision("0123abcd")], {ONE}) != {}


def test_what_is_dismissed_is_suppressed_with_who_why_when_and_where() -> None:
    inline = msgspec.structs.replace(finding(OTHER), suppressed=Suppression("inline", "noqa"))
    head = Review(findings=(finding(THIRD), inline, finding(ONE)))
    made = dismissed(Comparison(head=head), [decision(THIRD[:8]), decision(OTHER)])
    first, second, third = made.head.findings
    assert first.suppressed == Suppression("person", "meant", "mira", "2026-11-22T10:00:01Z", "l")
    assert second.suppressed == Suppression("inline", "noqa")
    assert third.suppressed is None


def test_what_is_gone_is_named_unless_it_was_taken_back() -> None:
    gone = decision(ONE[:8])
    assert len(lapsed([gone], {THIRD})) == 1
    assert "mira" in lapsed([gone], {THIRD})[0]
    assert lapsed([gone], {ONE}) == ()
    assert lapsed([gone, decision(ONE, ignored=False, at=2)], {THIRD}) == ()


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 50)), max_size=20))
def test_a_finding_is_dismissed_exactly_if_the_last_word_says_so(said: list[tuple[bool, int]]) -> None:
    words = [decision(THIRD[:8], ignored=ignored, at=at) for ignored, at in said]
    ordered = sorted(said, key=lambda each: each[1])
    assert (THIRD in standing(words, {THIRD})) == (bool(ordered) and ordered[-1][0])
