"""The summary: what it tells and in which order, that it always fits, and that names in it do nothing."""

from __future__ import annotations

import dataclasses
import re
import time

import msgspec
import pytest

from bot.render.findings import section_findings
from bot.render.summary import LONGEST_SUMMARY, TITLES, summary
from bot.report import Report
from rules import Change, Endpoint, Extent, OperationChange
from rules.finding import Suppression
from rules.rule import Section, Severity
from rules.verdict import Conclusion, Coverage, SkippedFile
from tests.bot.rendering import HOSTILE, OF_OURS, Rendered, harmless
from tests.bot.reported import PAGE, RULES, SHOP, finding, hostile_report, operation, plain_report


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_do_nothing(text: str) -> None:
    body = summary(hostile_report(text), PAGE)
    rendered = Rendered(body)
    assert rendered.tags <= OF_OURS
    said = [text] if text.startswith("http") else []
    assert all(link.startswith((f"{SHOP}/blob/", f"{RULES}#", *said)) for link in rendered.links)
    assert harmless(rendered)
    assert rendered.languages == ["language-mermaid"]
    assert not set("\u202e\u2066\x00\x1b") & set(body)
    assert [line for line in body.splitlines() if line.startswith("## ")] == list(TITLES.values())


def test_the_three_sections_stand_in_their_order() -> None:
    text = summary(plain_report(), PAGE)
    titles = re.findall(r"^## .*$", text, re.MULTILINE)
    assert titles == [
        "## Backend Architecture Validation",
        "## API Correctness Confirmation",
        "## Security & Data Isolation Report",
    ]
    security = text[text.index(titles[2]) :]
    assert (
        f"**[BA305 unscoped-object-access](<{RULES}#ba305-unscoped-object-access>)** (critical, high"
        in security
    )
    assert f"{SHOP}/blob/{'a' * 40}/app/items.py#L41-L44" in security


def test_it_begins_with_the_extent_and_the_gate_below_the_title() -> None:
    text = summary(plain_report(), PAGE)
    assert text.startswith(
        "Analysed: 3 files, 2 of 2 endpoints resolved, 70 rules, in 1.2 s.\n\n"
        "**The gate fails**:\n\n- BA305 unscoped-object-access (critical) at app/items.py:41\n\n"
    )


def test_a_repository_without_fastapi_gets_one_line() -> None:
    report = Report(conclusion=Conclusion.SUCCESS, title="No FastAPI code here: nothing to review")
    assert summary(report, PAGE) == "**The gate passes**."


def test_partly_and_not_analysed_are_no_pass() -> None:
    skipped = Coverage(files_analysed=2, files_skipped=(SkippedFile("app/broken.py", "invalid syntax"),))
    partly = dataclasses.replace(plain_report(), extent=Extent.PARTLY_ANALYSED, coverage=skipped)
    text = summary(partly, PAGE)
    assert "Partly analysed: 2 files" in text
    assert "What was not analysed is no pass." in text
    assert "`app/broken.py`: invalid syntax" in text
    nothing = dataclasses.replace(partly, extent=Extent.NOT_ANALYSED)
    assert summary(nothing, PAGE).startswith("Not analysed: 2 files")


def test_of_what_nobody_looked_at_nothing_is_said_to_be_well() -> None:
    skipped = Coverage(files_skipped=(SkippedFile("app/main.py", "invalid syntax"),), rules_run=70)
    report = Report(
        conclusion=Conclusion.FAILURE, title="", extent=Extent.NOT_ANALYSED, coverage=skipped, changes=()
    )
    text = summary(report, PAGE)
    assert "No problem" not in text
    assert "not changed" not in text
    assert "`app/main.py`: invalid syntax" in text
    partly = dataclasses.replace(report, extent=Extent.PARTLY_ANALYSED)
    assert summary(partly, PAGE).count("No problem introduced in what was analysed.") == len(TITLES)


def test_endpoints_and_questions_are_shown() -> None:
    text = summary(plain_report(), PAGE)
    assert (
        "| `GET /items/{id}` | none | unscoped | `ItemPublic` | `ItemPublic` | 200 and undeclared 404 |"
        in text
    )
    assert "For a person to decide:\n\n- " in text
    assert "Is this public?" in text
    assert "Authentication of 1 endpoint: 1 none." in text


def test_what_was_asked_before_the_change_is_folded() -> None:
    report = plain_report()
    moved = tuple(msgspec.structs.replace(asked, line=asked.line + 9) for asked in report.questions)
    text = summary(dataclasses.replace(report, asked_before=moved), PAGE)
    assert "For a person to decide" not in text
    assert "<summary>1 that stood before this change</summary>" in text
    assert text.count("Is this public?") == 1


def test_what_changes_for_clients_is_shown_and_what_opens_first() -> None:
    added, opened = (
        OperationChange(None, operation("/a")),
        OperationChange(
            operation("/b"),
            operation("/b"),
            (Change(place="authentication", said="was required, is none", opens=True),),
        ),
    )
    text = summary(dataclasses.replace(plain_report(), changes=(added, opened)), PAGE)
    assert "API surface: 1 added, 1 changed, **1 less protected**." in text
    rows = [line for line in text.splitlines() if line.startswith(("| `GET /a`", "| `GET /b`"))]
    assert rows == [
        "| `GET /b` | changed, **less protected** | **`authentication` was required, is none** |",
        "| `GET /a` | added | authentication none, scope unscoped |",
    ]
    assert "API surface: not changed." in summary(dataclasses.replace(plain_report(), changes=()), PAGE)


def test_who_accepted_a_finding_is_told() -> None:
    by_person = Suppression(
        "person",
        "the list is public",
        by="mira",
        at="2026-11-22T10:00:00Z",
        link=f"{SHOP}/pull/1#issuecomment-7",
    )
    accepted = (
        finding(suppressed=by_person, fingerprint="abcdef0123"),
        finding(suppressed=Suppression("inline", "by design")),
        finding(suppressed=Suppression("baseline", "old")),
    )
    report = dataclasses.replace(plain_report(), suppressed=accepted)
    text = "\n".join(section_findings(report, Section.SECURITY, PAGE, report.introduced, 10))
    assert "<details><summary>3 accepted</summary>" in text
    assert (
        f"by mira on 2026-11-22 ([comment](<{SHOP}/pull/1#issuecomment-7>)): the list is public `abcdef01`"
        in text
    )
    assert "by a comment in the code: by design" in text
    assert "by the baseline: old" in text


def test_the_most_severe_comes_first() -> None:
    weak = finding(rule="BA306", severity=Severity.LOW, fingerprint="f2", path="a.py")
    text = summary(plain_report(weak, finding()), PAGE)
    security = text[text.index("**New") :]
    assert security.index("BA305") < security.index("BA306")


def test_ten_thousand_findings_fit_and_the_most_severe_stay() -> None:
    many = tuple(
        finding(
            fingerprint=f"f{number}",
            path=f"app/ü{number}.py",
            message="m`x`" * 30,
            severity=list(Severity)[-1 - number % 4],
            section=list(Section)[number % 3],
        )
        for number in range(9_990)
    )
    worst = tuple(finding(fingerprint=f"w{number}", path=f"app/z{number}.py") for number in range(10))
    report = dataclasses.replace(plain_report(*worst, elsewhere=many), existing=many, fixed=many)
    began = time.monotonic()
    text = summary(report, PAGE)
    assert time.monotonic() - began < 20
    assert len(text) <= len(text.encode()) <= LONGEST_SUMMARY
    assert all(f"app/z{number}.py:41" in text for number in range(10))
    assert re.search(r"… and [\d]+ more", text)
    assert "### Coverage" in text


@pytest.mark.parametrize("character", ["ü", "`", "<", "\u202e", "😀", "]("])
def test_endless_names_fit(character: str) -> None:
    long = character * 5_000
    report = dataclasses.replace(
        hostile_report(long), endpoints=tuple(Endpoint(operation(long, long)) for _ in range(500))
    )
    text = summary(report, PAGE)
    assert len(text.encode()) <= LONGEST_SUMMARY
