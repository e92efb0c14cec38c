from __future__ import annotations

import msgspec

from bot.patch import Patch, parse
from bot.report import build
from rules import Problem, compare
from rules.finding import Edit, Finding, Fix, Safety, Suppression, TrailStep
from rules.rule import Confidence, Section, Severity
from rules.verdict import Comparison, Conclusion, Coverage, Extent, Gate, Review, RuleCrash, SkippedFile
from tests.bot.reported import operation

PATCH = parse(
    "--- a/app/items.py\n+++ b/app/items.py\n"
    "@@ -10,4 +10,5 @@\n a\n b\n+c\n d\n e\n"
    "@@ -40,4 +41,3 @@\n k\n-l\n m\n n\n"
)
PASSED = Gate(Conclusion.SUCCESS)
FAILED = Gate(Conclusion.FAILURE, ("1 critical finding",))


def finding(
    fingerprint: str = "f1", *, line: int = 12, end_line: int = 12, path: str = "app/items.py"
) -> Finding:
    return Finding(
        rule="BA305",
        name="unscoped-object-access",
        section=Section.SECURITY,
        severity=Severity.CRITICAL,
        confidence=Confidence.HIGH,
        path=path,
        line=line,
        column=1,
        end_line=end_line,
        end_column=1,
        message="m",
        fingerprint=fingerprint,
    )


def compared(*findings: Finding, fixed: tuple[Finding, ...] = ()) -> Comparison:
    return Comparison(head=Review(findings=findings), fixed=fixed)


def mended(found: Finding, first: int, last: int, replacement: str = "x\n") -> Finding:
    edit = Edit(found.path, first, last, replacement)
    return msgspec.structs.replace(found, fix=Fix("Mend", Safety.SUGGEST, (edit,), proved=True))


def test_findings_stand_inline_only_where_the_diff_allows() -> None:
    inside, outside = finding("in", line=12), finding("out", line=30, end_line=30)
    untouched = finding("other", path="app/untouched.py")
    report = build(compared(inside, outside, untouched), FAILED, PATCH)
    assert [(item.finding.fingerprint, item.first, item.last) for item in report.inline] == [("in", 12, 12)]
    assert [found.fingerprint for found in report.elsewhere] == ["out", "other"]
    assert {found.fingerprint for found in report.introduced} == {"in", "out", "other"}


def test_a_finding_that_leaves_its_hunk_stands_on_its_first_line() -> None:
    report = build(compared(finding(line=14, end_line=30)), FAILED, PATCH)
    assert [(item.first, item.last) for item in report.inline] == [(14, 14)]


def test_what_stood_before_or_is_suppressed_is_not_shown_inline() -> None:
    old = msgspec.structs.replace(finding("old"), introduced=False)
    quiet = msgspec.structs.replace(finding("quiet"), suppressed=Suppression("inline", "by design"))
    report = build(compared(old, quiet), PASSED, PATCH)
    assert report.inline == ()
    assert report.elsewhere == ()
    assert [found.fingerprint for found in report.existing] == ["old"]
    assert [found.fingerprint for found in report.suppressed] == ["quiet"]
    assert report.title == "0 new, 0 fixed, 1 remaining, 1 accepted"


def test_a_fix_that_was_not_proved_is_not_suggested() -> None:
    found = mended(finding(line=12), 12, 12)
    assert found.fix is not None
    unproved = msgspec.structs.replace(found, fix=msgspec.structs.replace(found.fix, proved=False))
    assert build(compared(unproved), FAILED, PATCH).inline[0].suggestion is None


def test_a_fix_within_one_hunk_is_suggested_on_exactly_its_lines() -> None:
    report = build(compared(mended(finding(line=12), 11, 13)), FAILED, PATCH)
    item = report.inline[0]
    assert (item.first, item.last) == (11, 13)
    assert item.suggestion is not None
    assert item.suggestion.replacement == "x\n"


def test_a_fix_beside_its_finding_is_suggested_where_it_stands() -> None:
    (item,) = build(compared(mended(finding(line=11, end_line=11), 12, 12)), FAILED, PATCH).inline
    assert (item.first, item.last) == (12, 12)
    assert item.suggestion is not None


def test_no_suggestion_over_removed_lines_out_of_the_hunk_or_elsewhere() -> None:
    over_removed = mended(finding("a", line=41, end_line=41), 41, 42)
    out_of_hunk = mended(finding("b", line=14, end_line=14), 14, 20)
    elsewhere = mended(finding("c", line=12), 42, 43)
    carriage_return = mended(finding("d", line=12), 12, 12, "x\r\n")
    report = build(compared(over_removed, out_of_hunk, elsewhere, carriage_return), FAILED, PATCH)
    assert len(report.inline) == 4
    assert all(item.suggestion is None for item in report.inline)


def test_the_title_tells_the_delta_and_names_what_is_missing() -> None:
    low = msgspec.structs.replace(finding("low"), severity=Severity.LOW)
    coverage = Coverage(files_analysed=3, files_skipped=(SkippedFile("big.py", "larger than 2048 KiB"),))
    head = Review(findings=(finding("a"), finding("b"), low), coverage=coverage)
    report = build(Comparison(head=head, fixed=(finding("gone"),)), FAILED, PATCH)
    assert report.title == "3 new, 1 fixed, 0 remaining; partly analysed: 1 file not read"
    assert report.conclusion is Conclusion.FAILURE
    assert report.coverage.files_skipped == (SkippedFile("big.py", "larger than 2048 KiB"),)


def test_a_repository_without_fastapi_says_so() -> None:
    report = build(Comparison(head=Review(fastapi=False)), PASSED, Patch())
    assert report.title == "No FastAPI code here: nothing to review"
    assert report.conclusion is Conclusion.SUCCESS


def test_where_the_file_that_named_fastapi_may_be_the_broken_one_there_is_no_all_clear() -> None:
    coverage = Coverage(files_analysed=3, files_skipped=(SkippedFile("app/main.py", "does not parse"),))
    report = build(Comparison(head=Review(fastapi=False, coverage=coverage)), FAILED, Patch())
    assert report.title == "Nothing found; partly analysed: 1 file not read"
    assert report.extent is Extent.PARTLY_ANALYSED


def test_what_was_not_analysed_at_all_is_said_first() -> None:
    coverage = Coverage(
        files_skipped=(SkippedFile("a.py", "x"), SkippedFile("b.py", "x")),
        rules_crashed=(RuleCrash("all", "the review ran out of memory"),),
    )
    report = build(Comparison(head=Review(coverage=coverage)), FAILED, Patch())
    assert report.title == "Not analysed: 2 files not read, 1 rule failed"
    assert report.extent is Extent.NOT_ANALYSED


def test_what_could_not_be_read_is_neither_mended_nor_removed() -> None:
    base = Review(
        findings=(finding("a"), finding("b", path="app/broken.py")),
        surface=(operation("/items", file="app/items.py"), operation("/broken", file="app/broken.py")),
    )
    coverage = Coverage(files_analysed=1, files_skipped=(SkippedFile("app/broken.py", "does not parse"),))
    report = build(compare(base, Review(coverage=coverage)), FAILED, Patch())
    assert [found.fingerprint for found in report.fixed] == ["a"]
    assert report.changes is None
    nothing = Coverage(files_skipped=coverage.files_skipped, rules_crashed=(RuleCrash("all", "killed"),))
    report = build(compare(base, Review(coverage=nothing)), FAILED, Patch())
    assert report.fixed == ()
    assert report.changes is None


def test_nothing_found_is_said_so() -> None:
    assert build(compared(), PASSED, Patch()).title == "Nothing found"


def test_a_mistake_in_the_configuration_fails_and_is_named() -> None:
    problem = Problem(".github/backend-architect.yml", 3, "unknown key `selct`")
    report = build(compared(), PASSED, PATCH, problems=(problem,))
    assert report.conclusion is Conclusion.FAILURE
    assert report.title == "Nothing found; 1 mistake in the configuration"
    assert ".github/backend-architect.yml:3" in report.reasons[0]


def test_a_finding_that_the_diff_cannot_carry_stands_at_the_file_that_causes_it() -> None:
    through = (TrailStep("app/other.py", 3, "included"), TrailStep("app/items.py", 12, "included"))
    caused = msgspec.structs.replace(finding("caused", path="app/untouched.py"), trail=through)
    again = msgspec.structs.replace(caused, fingerprint="again", line=40)
    own = finding("own", line=30, end_line=30)
    alone = finding("alone", path="app/nowhere.py")
    report = build(compared(caused, again, own, alone), FAILED, PATCH)
    (remark,) = report.at_files
    assert remark.path == "app/items.py"
    assert {found.fingerprint for found in remark.findings} == {"caused", "again", "own"}
    assert {found.fingerprint for found in report.elsewhere} == {"caused", "again", "own", "alone"}


def test_the_cause_is_where_the_trail_passes_a_new_line() -> None:
    patch = parse(
        "--- a/app/main.py\n+++ b/app/main.py\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"
        "--- a/app/router.py\n+++ b/app/router.py\n@@ -8,2 +8,3 @@\n a\n b\n+c\n"
    )
    through = (TrailStep("app/main.py", 1, "included"), TrailStep("app/router.py", 10, "included"))
    caused = msgspec.structs.replace(finding(path="app/untouched.py"), trail=through)
    assert [remark.path for remark in build(compared(caused), FAILED, patch).at_files] == ["app/router.py"]


def test_two_findings_with_one_fingerprint_are_both_kept() -> None:
    head = Review(findings=(finding("same"), finding("same", line=30, end_line=30)), coverage=Coverage())
    report = build(Comparison(head=head), FAILED, PATCH)
    assert len(report.inline) == len(report.elsewhere) == 1
