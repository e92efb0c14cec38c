"""Findings for people: where, what, the source with carets, the trail, the fix, and what it comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import rules
from bot.console.excerpt import excerpt, source_lines
from bot.console.fix_diff import fix_diff
from bot.console.style import Style, visible
from bot.console.verdict_document import Shown, VerdictDocument
from rules.finding import Finding, Fix, Safety, TrailStep
from rules.rule import Severity
from rules.verdict import Conclusion

_PATHS_SHOWN = 5
_REASONS_SHOWN = 10


def to_text(shown: Shown, style: Style) -> str:
    """Return the report, findings in order of severity, then what could not be decided, then the verdict."""
    document = shown.document
    if not shown.review.fastapi and not shown.review.coverage.files_skipped:
        return "No file imports FastAPI: there is nothing here to judge.\n"
    blocks = ["\n".join(_finding(finding, shown.sources, style)) for finding in shown.counted]
    blocks.extend(filter(None, ["\n".join(_undecided(document, style))]))
    blocks.append("\n".join(_verdict(shown, style)))
    return "\n\n".join(blocks) + "\n"


def _finding(finding: Finding, sources: Mapping[str, bytes], style: Style) -> Iterator[str]:
    sure = "" if finding.confidence == "high" else f", {finding.confidence} confidence"
    place = style.paint("strong", visible(f"{finding.path}:{finding.line}:{finding.column}"))
    level = style.paint(finding.severity, f"[{finding.severity}{sure}]")
    yield f"{place}: {finding.rule} {finding.name} {level}"
    yield from style.wrapped(visible(finding.message), "  ")
    yield from excerpt(finding, sources.get(finding.path, b""), style)
    for step in finding.trail:
        yield from _step(step, sources, style)
    if finding.guards_searched:
        yield from style.wrapped(f"looked for: {visible(', '.join(finding.guards_searched))}", "  ")
    if finding.fix is not None:
        yield from _fix(finding.fix, sources, style)


def _step(step: TrailStep, sources: Mapping[str, bytes], style: Style) -> Iterator[str]:
    first, *others = style.wrapped(visible(f"-> {step.path}:{step.line}  {step.note}"), "  ", "   ")
    yield first.replace("->", style.paint("faint", "->"), 1)
    yield from others
    lines = source_lines(sources.get(step.path, b""))
    if 1 <= step.line <= len(lines):
        text = visible(lines[step.line - 1].strip())
        room = style.width - 5
        yield f"     {style.paint('faint', text if len(text) <= room else f'{text[: room - 1]}…')}"


def _fix(fix: Fix, sources: Mapping[str, bytes], style: Style) -> Iterator[str]:
    proved = ", proved" if fix.proved else ""
    yield from style.wrapped(f"fix ({fix.safety}{proved}): {visible(fix.title)}", "  ")
    yield from fix_diff(fix, sources, style, "    ")


def _undecided(document: VerdictDocument, style: Style) -> Iterator[str]:
    skipped: dict[str, list[str]] = {}
    for file in document.coverage.files_skipped:
        skipped.setdefault(file.reason, []).append(file.path)
    for reason, paths in skipped.items():
        yield f"{style.paint('medium', 'not analysed')} {visible(_some(paths))}: {visible(reason)}"
    for crash in document.coverage.rules_crashed:
        yield f"{style.paint('medium', 'rule failed')} {crash.rule}: {visible(crash.reason)}"
    named = {file.path for file in document.coverage.files_skipped}
    for question in document.questions:
        if question.kind == "file-not-analysed" and question.path in named:
            continue
        place = visible(f"{question.path}:{question.line}")
        yield f"{style.paint('medium', 'question')} {place}: {visible(question.message)}"


def _verdict(shown: Shown, style: Style) -> Iterator[str]:
    document, counted = shown.document, shown.counted
    coverage = document.coverage
    by_severity = Counter(finding.severity for finding in counted)
    amounts = ", ".join(f"{by_severity[level]} {level}" for level in Severity if by_severity[level])
    found = f"{_plural(len(counted), 'finding')} ({amounts})" if counted else "No findings"
    known = f"{_plural(coverage.files_analysed, 'file')} analysed, "
    known += f"{coverage.routes_resolved} of {_plural(coverage.routes, 'route')} resolved"
    others = "".join(f"; {words}" for words in _not_counted(shown))
    yield from style.wrapped(f"{found}{others}. {known}.", "")
    yield from style.wrapped(_offer(counted), "")
    extent = rules.extent(coverage)
    if extent is not rules.Extent.ANALYSED:
        yield style.paint("medium", f"The project was {extent}: what was not is no pass.")
    failed = document.gate.conclusion is Conclusion.FAILURE
    yield style.paint("critical" if failed else "good", f"The gate: {document.gate.conclusion}.")
    for reason in document.gate.reasons[:_REASONS_SHOWN]:
        yield from style.wrapped(f"- {visible(reason)}", "  ")
    if (hidden := len(document.gate.reasons) - _REASONS_SHOWN) > 0:
        yield f"  - and {_plural(hidden, 'more reason')}"


def _not_counted(shown: Shown) -> Iterator[str]:
    findings = shown.document.findings
    if older := sum(not finding.introduced for finding in findings):
        yield f"{older} older not shown"
    if fixed := len(shown.comparison.fixed):
        yield f"{fixed} fixed"
    if silenced := sum(finding.suppressed is not None for finding in findings):
        yield f"{silenced} suppressed"


def _offer(counted: Sequence[Finding]) -> str:
    """What `--fix` would do, where there is something to do."""
    fixes = [finding.fix for finding in counted if finding.fix is not None]
    safe = sum(fix.safety is Safety.SAFE for fix in fixes)
    if not fixes:
        return ""
    if safe == len(fixes):
        return f"{_plural(safe, 'safe fix', 'safe fixes')}: apply with --fix."
    suggested = _plural(len(fixes) - safe, "suggested fix", "suggested fixes")
    also = f"{_plural(safe, 'safe fix', 'safe fixes')} with --fix, and " if safe else ""
    return f"Apply {also}{suggested} with --fix --suggested, as far as they can be proved."


def _some(paths: list[str]) -> str:
    named = ", ".join(paths[:_PATHS_SHOWN])
    return named if len(paths) <= _PATHS_SHOWN else f"{named} and {len(paths) - _PATHS_SHOWN} more"


def _plural(amount: int, noun: str, several: str = "") -> str:
    return f"{amount} {noun}" if amount == 1 else f"{amount} {several or f'{noun}s'}"
