"""The check run's summary: the specification's three sections, most severe first, within GitHub's limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.render.comment import heading
from bot.render.endpoints import endpoint_table, endpoints_in_numbers, tables_in_numbers
from bot.render.markdown import clip, code, plain, prose
from bot.render.place import CodePage
from bot.report import Report
from rules.finding import Finding
from rules.rule import Section

# GitHub counts 65,535; bytes are never fewer than characters.
LONGEST_SUMMARY = 65_535
_CAPS = (2_000, 500, 200, 100, 50, 25, 10, 5, 2, 0)
TITLES = {
    Section.ARCHITECTURE: "## Backend Architecture Validation",
    Section.API: "## API Correctness Confirmation",
    Section.SECURITY: "## Security & Data Isolation Report",
}


def summary(report: Report, page: CodePage) -> str:
    """The whole report, each list shortened as far as the limit asks, and saying so."""
    texts = (_composed(report, page, cap) for cap in _CAPS)
    return next(text for text in texts if len(text.encode()) <= LONGEST_SUMMARY)


def _composed(report: Report, page: CodePage, cap: int) -> str:
    blocks = [
        prose(report.title, 300),
        *_bullets("The gate", [prose(reason, 300) for reason in report.reasons], cap),
        *_bullets("Notice", [prose(notice, 500) for notice in report.notices], cap),
    ]
    for section, title in TITLES.items():
        blocks += [title, *_facts(report, section), *_findings(report, section, page, cap)]
        if section is Section.API:
            blocks += endpoint_table(report.routes.routes, page, cap)
    blocks += _questions(report, page, cap)
    blocks += _coverage(report, cap)
    return "\n\n".join(blocks)


def _facts(report: Report, section: Section) -> list[str]:
    if section is Section.ARCHITECTURE:
        return tables_in_numbers(report.routes, report.schema)
    if section is Section.SECURITY:
        return endpoints_in_numbers(report.routes)
    return []


def _findings(report: Report, section: Section, page: CodePage, cap: int) -> Iterator[str]:
    here = [found for found in report.introduced if found.section is section]
    yield from _bullets(
        "Introduced by this change", [_line(found, page) for found in here[:cap]], cap, len(here)
    )
    if not here:
        yield "No problem introduced."
    fixed = [f"{heading(found)}: {prose(found.message, 200)}" for found in _of(report.fixed, section)]
    yield from _bullets("Fixed by this change", fixed, cap)
    existing, suppressed = _of(report.existing, section), _of(report.suppressed, section)
    if existing or suppressed:
        yield f"Not counted: {len(existing)} from before this change, {len(suppressed)} suppressed."


def _line(finding: Finding, page: CodePage) -> str:
    place = page.lines(finding.path, finding.line, finding.end_line)
    grade = f"{finding.severity}, {finding.confidence} confidence"
    return f"**{heading(finding)}** ({grade}) at {place}: {prose(finding.message, 500)}"


def _questions(report: Report, page: CodePage, cap: int) -> Iterator[str]:
    if report.questions:
        yield "### Questions"
        lines = [
            f"{page.lines(asked.path, asked.line)} {prose(asked.message, 400)}" for asked in report.questions
        ]
        yield from _bullets("For a person to decide", lines, cap)


def _coverage(report: Report, cap: int) -> Iterator[str]:
    held = report.coverage
    yield "### Coverage"
    yield (
        f"{held.files_analysed} files analysed, {len(held.files_skipped)} not; "
        f"{held.routes_resolved} of {held.routes} endpoints resolved, {held.unknown_edges} unknown edges; "
        f"{held.rules_run} rules run, {len(held.rules_crashed)} failed."
    )
    skipped = [
        f"{code(clip(file.path, 200))}: {plain(clip(file.reason, 300))}" for file in held.files_skipped
    ]
    yield from _bullets("Not analysed", skipped, cap)
    crashed = [f"{plain(crash.rule)}: {plain(clip(crash.reason, 300))}" for crash in held.rules_crashed]
    yield from _bullets("Rules that failed", crashed, cap)


def _bullets(title: str, lines: list[str], cap: int, total: int | None = None) -> Iterator[str]:
    count = len(lines) if total is None else total
    if not count:
        return
    shown = [f"- {line}" for line in lines[:cap]]
    if count > len(shown):
        shown.append(f"- … and {count - len(shown)} more")
    yield f"{title}:\n\n" + "\n".join(shown)


def _of(findings: Iterable[Finding], section: Section) -> list[Finding]:
    return [found for found in findings if found.section is section]
