"""The findings of a section: new ones, then folded what is fixed, what remains and what is accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.render.explanation import SHORT
from bot.render.markdown import bullets, code, folded, link, plain, prose
from bot.render.place import CodePage
from bot.report import Report
from rules import Extent
from rules.finding import Finding, Suppression
from rules.rule import Section

_BY = {
    "inline": "a comment in the code",
    "baseline": "the baseline",
    "configuration": "the configuration",
}


def section_findings(
    report: Report, section: Section, page: CodePage, shown: Sequence[Finding], rows: int
) -> Iterator[str]:
    """The new ones that are among the `shown`, and at most `rows` of each other kind."""
    here, total = _of(shown, section), _number(report, section)
    if total:
        yield f"**New: {total}**\n\n" + bullets((_new(finding, page) for finding in here), total)
    else:
        where = "" if report.extent is Extent.ANALYSED else " in what was analysed"
        yield f"No problem introduced{where}."
    yield from _folded("fixed by this change", _of(report.fixed, section), rows, _without_place)
    remaining = _of(report.existing, section)
    yield from _folded("remaining from before", remaining, rows, lambda finding: _old(finding, page))
    accepted = _of(report.suppressed, section)
    yield from _folded("accepted", accepted, rows, lambda finding: _suppressed(finding, page))


def _folded(
    what: str, findings: Sequence[Finding], rows: int, line: Callable[[Finding], str]
) -> Iterator[str]:
    if not findings:
        return
    title = f"{len(findings)} {what}"
    if rows:
        yield folded(title, bullets(map(line, findings[:rows]), len(findings)))
    else:
        yield f"{title}."


def _new(finding: Finding, page: CodePage) -> str:
    grade = f"{finding.severity}, {finding.confidence} confidence"
    known = code(finding.fingerprint[:SHORT])
    return f"**{_rule(finding, page)}** ({grade}) {_at(finding, page)} {prose(finding.message, 500)} {known}"


def _old(finding: Finding, page: CodePage) -> str:
    return f"{_rule(finding, page)} ({finding.severity}) {_at(finding, page)} {prose(finding.message, 200)}"


def _without_place(finding: Finding) -> str:
    return f"{plain(f'{finding.rule} {finding.name}')}: {prose(finding.message, 200)}"


def _suppressed(finding: Finding, page: CodePage) -> str:
    held = finding.suppressed or Suppression("inline", "")
    who = _BY.get(held.kind) or plain(held.by or held.kind)
    when = f" on {plain(held.at[:10])}" if held.at else ""
    where = f" ({link('comment', held.link)})" if held.link and _is_address(held.link) else ""
    known = code(finding.fingerprint[:SHORT])
    text = f"{_rule(finding, page)} ({finding.severity}) {_at(finding, page)} by {who}{when}{where}"
    return f"{text}: {prose(held.reason, 300)} {known}"


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://")) and not set(text) & set("<>\\ \n\t")


def _rule(finding: Finding, page: CodePage) -> str:
    return page.rule(finding.rule, finding.name)


def _at(finding: Finding, page: CodePage) -> str:
    return f"at {page.lines(finding.path, finding.line, finding.end_line)}:"


def _of(findings: Iterable[Finding], section: Section) -> list[Finding]:
    return [found for found in findings if found.section is section]


def _number(report: Report, section: Section) -> int:
    inline = sum(len(item.findings) for item in report.inline if item.finding.section is section)
    return inline + len(_of(report.elsewhere, section))
