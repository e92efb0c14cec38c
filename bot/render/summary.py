"""The check run's summary: the specification's three sections, most severe first, within GitHub's limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.headline import counted
from bot.render.architecture import architecture_facts
from bot.render.endpoints import endpoint_facts, endpoint_table
from bot.render.findings import section_findings
from bot.render.markdown import bullets, clip, code, folded, plain, prose
from bot.render.place import CodePage
from bot.render.security import security_facts
from bot.render.surface import surface_change
from bot.report import Report
from rules import Extent
from rules.finding import Finding, Question
from rules.rule import Section
from rules.verdict import Conclusion

# GitHub counts 65,535; bytes are never fewer than characters.
LONGEST_SUMMARY = 65_535
TITLES = {
    Section.ARCHITECTURE: "## Backend Architecture Validation",
    Section.API: "## API Correctness Confirmation",
    Section.SECURITY: "## Security & Data Isolation Report",
}
_GATE = {
    Conclusion.SUCCESS: "**The gate passes**",
    Conclusion.NEUTRAL: "**The gate neither passes nor fails**",
    Conclusion.FAILURE: "**The gate fails**",
}
_UNSEEN = " What was not analysed is no pass."
_CAPS = (
    (250, 200), (200, 100), (200, 50), (100, 50), (100, 20), (60, 20), (60, 8), (30, 8), (30, 4), (12, 4),
    (12, 0), (5, 0), (2, 0), (0, 0),
)  # fmt: skip
"""How many new findings, and how many rows of anything else: rows give way first. A line has 250 bytes."""


def summary(report: Report, page: CodePage) -> str:
    """The whole report, each list shortened as far as the limit asks, and saying so."""
    introduced = report.introduced
    texts = (_composed(report, page, introduced[:new], rows) for new, rows in _CAPS)
    return next(text for text in texts if len(text.encode()) <= LONGEST_SUMMARY)


def _composed(report: Report, page: CodePage, new: Sequence[Finding], rows: int) -> str:
    blocks = [*_state(report), *_gate(report, max(rows, 2))]
    blocks += _list("Notice", [prose(notice, 500) for notice in report.notices[:20]], len(report.notices))
    if _has_sections(report):
        for section, title in TITLES.items():
            blocks += [title, *_facts(report, section, page, rows)]
            blocks += section_findings(report, section, page, new, rows)
    if _judged(report):
        blocks += _questions(report, page, rows)
        blocks += _coverage(report, rows)
    return "\n\n".join(blocks)


def _judged(report: Report) -> bool:
    """Whether there was anything to judge: without FastAPI no rule runs, and all is said."""
    return report.coverage.rules_run > 0 or report.extent is not Extent.ANALYSED or bool(report.introduced)


def _has_sections(report: Report) -> bool:
    """Whether there is anything to tell in them: of what nobody looked at they would say that it is well."""
    seen = report.coverage.rules_run > 0 and report.extent is not Extent.NOT_ANALYSED
    return seen or bool(report.introduced or report.existing)


def _state(report: Report) -> Iterator[str]:
    if not _judged(report):
        return
    held = report.coverage
    took = f", in {report.seconds:.1f} s" if report.seconds is not None else ""
    done = (
        f"{counted(held.files_analysed, 'file')}, {held.routes_resolved} of "
        f"{counted(held.routes, 'endpoint')} resolved, {counted(held.rules_run, 'rule')}{took}"
    )
    word = str(report.extent).capitalize()
    yield f"{word}: {done}.{'' if report.extent is Extent.ANALYSED else _UNSEEN}"


def _gate(report: Report, most: int) -> Iterator[str]:
    title = _GATE[report.conclusion]
    if not report.reasons:
        yield f"{title}."
    yield from _list(title, [prose(reason, 300) for reason in report.reasons[:most]], len(report.reasons))


def _facts(report: Report, section: Section, page: CodePage, rows: int) -> list[str]:
    if section is Section.ARCHITECTURE:
        return architecture_facts(report)
    if section is Section.SECURITY:
        return security_facts(report, page)
    return [
        *surface_change(report.changes, rows),
        *endpoint_facts(report.endpoints),
        *endpoint_table(report.endpoints, page, rows),
    ]


def _questions(report: Report, page: CodePage, rows: int) -> Iterator[str]:
    unread = {file.path for file in report.coverage.files_skipped}
    asked = [q for q in report.questions if not (q.kind == "file-not-analysed" and q.path in unread)]
    before = {_question(q) for q in report.asked_before}
    new = [question for question in asked if _question(question) not in before]
    old = [question for question in asked if _question(question) in before]
    if asked:
        yield "### Questions"
    yield from _list("For a person to decide", _asked(new[:rows], page), len(new))
    if old and rows:
        title = f"{len(old)} that stood before this change"
        yield folded(title, bullets(_asked(old[:rows], page), len(old)))


def _asked(questions: Sequence[Question], page: CodePage) -> list[str]:
    return [f"{page.lines(q.path, q.line)} {prose(q.message, 400)}" for q in questions]


def _question(question: Question) -> tuple[str, str, str]:
    """What a question is known by on both sides, wherever its lines went."""
    return (question.kind, question.path, question.message)


def _coverage(report: Report, rows: int) -> Iterator[str]:
    held = report.coverage
    yield "### Coverage"
    yield (
        f"{counted(held.files_analysed, 'file')} analysed, {len(held.files_skipped)} not; "
        f"{held.routes_resolved} of {counted(held.routes, 'endpoint')} resolved, "
        f"{counted(held.unknown_edges, 'unknown edge')}; "
        f"{counted(held.rules_run, 'rule')} run, {len(held.rules_crashed)} failed."
    )
    crashed = [f"{plain(crash.rule)}: {plain(clip(crash.reason, 300))}" for crash in held.rules_crashed[:20]]
    yield from _list("Rules that failed", crashed, len(held.rules_crashed))
    number = len(held.files_skipped)
    skipped = [
        f"{code(clip(file.path, 200))}: {plain(clip(file.reason, 300))}" for file in held.files_skipped[:rows]
    ]
    if number > 10 and skipped:
        yield folded(f"{number} files not analysed", bullets(skipped, number))
    else:
        yield from _list("Not analysed", skipped, number)


def _list(title: str, lines: list[str], total: int) -> Iterator[str]:
    if total:
        yield f"{title}:\n\n" + bullets(lines, total)
