"""Findings for people: where, what, the source with a caret, the trail, and one line that sums it up."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping

from bot.console.style import Style, visible
from bot.console.verdict_document import Shown, VerdictDocument
from rules.finding import Finding
from rules.rule import Severity
from rules.verdict import Conclusion

_WIDTH = 100
_LINES_SHOWN = 4
_PATHS_SHOWN = 5
_REASONS_SHOWN = 10


def to_text(shown: Shown, style: Style) -> str:
    """Return the report, findings in order of severity, then what could not be decided, then the verdict."""
    document = shown.document
    if not shown.fastapi:
        return "No file imports FastAPI: there is nothing here to judge.\n"
    counted = [f for f in document.findings if f.introduced and f.suppressed is None]
    counted.sort(key=lambda f: (-f.severity.rank, -f.confidence.rank, f.path, f.line, f.rule))
    blocks = ["\n".join(_finding(finding, shown.sources, style)) for finding in counted]
    blocks.extend(filter(None, ["\n".join(_undecided(document, style))]))
    blocks.append("\n".join(_verdict(document, counted, style)))
    return "\n\n".join(blocks) + "\n"


def _finding(finding: Finding, sources: Mapping[str, bytes], style: Style) -> Iterator[str]:
    sure = "" if finding.confidence == "high" else f", {finding.confidence} confidence"
    place = style.paint("strong", visible(f"{finding.path}:{finding.line}:{finding.column}"))
    level = style.paint(finding.severity, f"[{finding.severity}{sure}]")
    yield f"{place}: {finding.rule} {finding.name} {level}"
    yield from _wrapped(visible(finding.message), "  ")
    yield from _excerpt(finding, sources.get(finding.path, b""), style)
    for step in finding.trail:
        yield f"  {style.paint('faint', '->')} {visible(f'{step.path}:{step.line}')}  {visible(step.note)}"
    if finding.guards_searched:
        yield from _wrapped(f"looked for: {visible(', '.join(finding.guards_searched))}", "  ")
    if finding.fix is not None:
        yield from _wrapped(f"fix ({finding.fix.safety}): {visible(finding.fix.title)}", "  ")


def _excerpt(finding: Finding, content: bytes, style: Style) -> Iterator[str]:
    lines = content.decode("utf-8", "replace").splitlines()
    last = min(max(finding.line, finding.end_line), finding.line + _LINES_SHOWN - 1, len(lines))
    gutter = len(str(last))
    for number in range(finding.line, last + 1):
        text = lines[number - 1].rstrip()
        yield f"  {style.paint('faint', f'{number:>{gutter}} |')} {visible(text)}"
        if number == finding.line:
            before, marked = _caret(finding, text)
            carets = style.paint(finding.severity, "^" * marked)
            yield f"  {' ' * gutter} {style.paint('faint', '|')} {' ' * before}{carets}"


def _caret(finding: Finding, text: str) -> tuple[int, int]:
    start = min(finding.column - 1, len(text))
    end = finding.end_column - 1 if finding.end_line in {0, finding.line} else len(text)
    before = len(visible(text[:start]))
    return before, max(1, len(visible(text[: max(start, end)])) - before)


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


def _verdict(document: VerdictDocument, counted: list[Finding], style: Style) -> Iterator[str]:
    coverage = document.coverage
    by_severity = Counter(finding.severity for finding in counted)
    amounts = ", ".join(f"{by_severity[level]} {level}" for level in Severity if by_severity[level])
    found = f"{_plural(len(counted), 'finding')} ({amounts})" if counted else "No findings"
    known = f"{_plural(coverage.files_analysed, 'file')} analysed, "
    known += f"{coverage.routes_resolved} of {_plural(coverage.routes, 'route')} resolved"
    older = sum(not finding.introduced for finding in document.findings)
    silenced = sum(finding.suppressed is not None for finding in document.findings)
    others = [f"{older} older not shown"] * bool(older) + [f"{silenced} suppressed"] * bool(silenced)
    yield f"{'; '.join([found, *others])}. {known}."
    failed = document.gate.conclusion is Conclusion.FAILURE
    yield style.paint("critical" if failed else "good", f"The gate: {document.gate.conclusion}.")
    for reason in document.gate.reasons[:_REASONS_SHOWN]:
        yield from _wrapped(f"- {visible(reason)}", "  ")
    if (hidden := len(document.gate.reasons) - _REASONS_SHOWN) > 0:
        yield f"  - and {_plural(hidden, 'more reason')}"


def _some(paths: list[str]) -> str:
    named = ", ".join(paths[:_PATHS_SHOWN])
    return named if len(paths) <= _PATHS_SHOWN else f"{named} and {len(paths) - _PATHS_SHOWN} more"


def _plural(amount: int, noun: str) -> str:
    return f"{amount} {noun}" if amount == 1 else f"{amount} {noun}s"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
