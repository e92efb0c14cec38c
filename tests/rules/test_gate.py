from __future__ import annotations

import msgspec
import pytest

from rules.configuration import Options
from rules.configuration.options import OnIncomplete
from rules.finding import Finding, Question, Suppression
from rules.gate import compare, extent, gate
from rules.rule import Confidence, Section, Severity
from rules.verdict import Comparison, Conclusion, Coverage, Extent, Review, RuleCrash, SkippedFile


def _finding(
    fingerprint: str, severity: Severity = Severity.HIGH, confidence: Confidence = Confidence.HIGH
) -> Finding:
    return Finding(
        rule="BA305", name="unscoped-object-access", section=Section.SECURITY, severity=severity,
        confidence=confidence, path="app/a.py", line=3, column=1, end_line=3, end_column=9, message="m",
        fingerprint=fingerprint,
    )  # fmt: skip


def _accepted(finding: Finding) -> Finding:
    return msgspec.structs.replace(finding, suppressed=Suppression("inline", "agreed"))


def _head(*findings: Finding, coverage: Coverage | None = None) -> Comparison:
    return compare(None, Review(findings=findings, coverage=coverage or Coverage()))


def test_without_a_base_everything_is_introduced() -> None:
    assert [finding.introduced for finding in _head(_finding("a"), _finding("b")).head.findings] == [
        True,
        True,
    ]


def test_head_minus_base_is_introduced_and_base_minus_head_is_fixed() -> None:
    base = Review(findings=(_finding("old"), _finding("both"), _finding("both")))
    head = Review(findings=(_finding("both"), _finding("new"), _finding("new")))
    comparison = compare(base, head)
    introduced = [(finding.fingerprint, finding.introduced) for finding in comparison.head.findings]
    assert introduced == [("both", False), ("new", True), ("new", True)]
    assert [finding.fingerprint for finding in comparison.fixed] == ["old", "both"]


def test_a_removed_suppression_introduces_its_finding() -> None:
    finding = _finding("a")
    removed = compare(Review(findings=(_accepted(finding),)), Review(findings=(finding,)))
    added = compare(Review(findings=(finding,)), Review(findings=(_accepted(finding),)))
    kept = compare(Review(findings=(_accepted(finding),)), Review(findings=(_accepted(finding),)))
    assert [c.head.findings[0].introduced for c in (removed, added, kept)] == [True, False, False]
    assert gate(removed, Options(), ()).conclusion is Conclusion.FAILURE


def test_steps_that_base_has_taken_are_left_out() -> None:
    old, new = (
        Question("breaking-schema-change", "a.py", 9, "old"),
        Question("unresolved-include", "b.py", 1, "x"),
    )
    base = Review(findings=(_finding("old"), _finding("gone")), questions=(old, new))
    moved = msgspec.structs.replace(old, line=10)
    added = msgspec.structs.replace(old, message="added")
    head = Review(findings=(_finding("old"), _finding("new")), questions=(moved, added, new))
    comparison = compare(base, head, of_change={"BA305"})
    assert [(f.fingerprint, f.introduced) for f in comparison.head.findings] == [("new", True)]
    assert comparison.head.questions == (added, new)
    assert comparison.fixed == ()
    assert compare(None, head, of_change={"BA305"}).head.questions == head.questions


@pytest.mark.parametrize(
    ("severity", "confidence", "fails"),
    [
        (Severity.CRITICAL, Confidence.HIGH, True),
        (Severity.HIGH, Confidence.HIGH, True),
        (Severity.HIGH, Confidence.MEDIUM, False),
        (Severity.MEDIUM, Confidence.HIGH, False),
        (Severity.CRITICAL, Confidence.LOW, False),
    ],
)
def test_the_default_gate(severity: Severity, confidence: Confidence, fails: bool) -> None:  # noqa: FBT001
    verdict = gate(_head(_finding("a", severity, confidence)), Options(), ())
    assert (verdict.conclusion is Conclusion.FAILURE) == fails
    expected = (f"BA305 unscoped-object-access ({severity.value}) at app/a.py:3",) if fails else ()
    assert verdict.reasons == expected


def test_the_configuration_moves_the_gate() -> None:
    low = _head(_finding("a", Severity.LOW, Confidence.LOW))
    strict = Options(fail_on=Severity.INFO, fail_confidence=Confidence.LOW)
    assert gate(low, strict, ()).conclusion is Conclusion.FAILURE
    critical = gate(_head(_finding("a")), Options(fail_on=Severity.CRITICAL), ())
    assert critical.conclusion is Conclusion.SUCCESS


def test_suppressed_and_old_findings_never_fail() -> None:
    old = compare(Review(findings=(_finding("a"),)), Review(findings=(_finding("a"),)))
    assert gate(old, Options(), ()) == gate(_head(_accepted(_finding("b"))), Options(), ())
    assert gate(old, Options(), ()).conclusion is Conclusion.SUCCESS


SKIPPED = Coverage(files_analysed=9, files_skipped=(SkippedFile("app/b.py", "does not parse: line 1: x"),))
CRASHED = Coverage(rules_crashed=(RuleCrash("BA305", "KeyError: 1"),))
NOTHING_READ = Coverage(
    files_skipped=SKIPPED.files_skipped, rules_crashed=(RuleCrash("all", "the review ran out of memory"),)
)
UNRESOLVED = Coverage(routes=10, routes_resolved=6)


@pytest.mark.parametrize(
    ("coverage", "changed", "on_incomplete", "conclusion"),
    [
        (SKIPPED, ["app/b.py"], None, Conclusion.FAILURE),
        (SKIPPED, ["app/c.py"], None, Conclusion.SUCCESS),
        (SKIPPED, ["app/b.py"], OnIncomplete.PASS, Conclusion.SUCCESS),
        (SKIPPED, [], OnIncomplete.NEUTRAL, Conclusion.NEUTRAL),
        (SKIPPED, [], OnIncomplete.FAIL, Conclusion.FAILURE),
        (CRASHED, ["app/b.py"], None, Conclusion.NEUTRAL),
        (CRASHED, ["app/b.py"], OnIncomplete.PASS, Conclusion.SUCCESS),
        (NOTHING_READ, [], None, Conclusion.FAILURE),
        (NOTHING_READ, [], OnIncomplete.NEUTRAL, Conclusion.NEUTRAL),
        (CRASHED, [], OnIncomplete.FAIL, Conclusion.FAILURE),
        (UNRESOLVED, [], None, Conclusion.NEUTRAL),
        (UNRESOLVED, [], OnIncomplete.PASS, Conclusion.SUCCESS),
        (Coverage(routes=10, routes_resolved=9), [], None, Conclusion.SUCCESS),
        (Coverage(), ["app/b.py"], OnIncomplete.FAIL, Conclusion.SUCCESS),
    ],
)
def test_what_could_not_be_analysed(
    coverage: Coverage, changed: list[str], on_incomplete: OnIncomplete | None, conclusion: Conclusion
) -> None:
    verdict = gate(_head(coverage=coverage), Options(on_incomplete=on_incomplete), changed)
    assert verdict.conclusion is conclusion


def test_what_a_failed_rule_or_an_unread_file_hides_is_not_fixed() -> None:
    base = Review(findings=(_finding("a"),))
    unread = Coverage(files_analysed=9, files_skipped=(SkippedFile(base.findings[0].path, "x"),))
    failed = Coverage(files_analysed=9, rules_crashed=(RuleCrash(base.findings[0].rule, "x"),))
    assert compare(base, Review(coverage=Coverage(files_analysed=9))).fixed == base.findings
    assert compare(base, Review(coverage=unread)).fixed == ()
    assert compare(base, Review(coverage=failed)).fixed == ()
    assert compare(base, Review(coverage=NOTHING_READ)).fixed == ()


def test_three_states_tell_how_much_was_seen() -> None:
    seen = [extent(coverage) for coverage in (Coverage(files_analysed=9), SKIPPED, CRASHED, UNRESOLVED)]
    assert seen == [Extent.ANALYSED, *[Extent.PARTLY_ANALYSED] * 3]
    assert extent(NOTHING_READ) is Extent.NOT_ANALYSED


def test_what_is_missing_is_said_even_where_the_gate_passes() -> None:
    reasons = [
        gate(_head(coverage=coverage), Options(), ()).reasons for coverage in (SKIPPED, CRASHED, UNRESOLVED)
    ]
    assert reasons == [
        ("not analysed: app/b.py: does not parse: line 1: x",),
        ("not run to the end: BA305: KeyError: 1",),
        ("only 6 of 10 routes could be resolved",),
    ]


def test_a_broken_test_file_does_not_fail_the_change() -> None:
    broken = SkippedFile("tests/data/test_broken.py", "does not parse")
    coverage = Coverage(files_analysed=9, files_skipped=(broken,))
    changed = ["tests/data/test_broken.py"]
    assert gate(_head(coverage=coverage), Options(), changed).conclusion is Conclusion.SUCCESS


def test_a_project_without_fastapi_passes_and_says_so() -> None:
    verdict = gate(compare(None, Review(fastapi=False)), Options(), ())
    assert verdict.conclusion is Conclusion.SUCCESS
    assert "no FastAPI" in verdict.reasons[0]
