"""What is said of one finding: its rule and grade, why it matters, what proves it, how to speak of it."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import rules
from bot.render.markdown import code, plain, prose
from bot.render.place import CodePage
from rules.finding import Finding

_LONGEST_TRAIL = 12
SHORT = 8
"""Hex digits of a fingerprint that people write in a command."""


def heading(finding: Finding, page: CodePage) -> str:
    """The rule with its page, severity and confidence."""
    rule = page.rule(finding.rule, finding.name)
    return f"**{rule}** · {finding.severity}, {finding.confidence} confidence"


def reason(finding: Finding) -> list[str]:
    """Why the rule is there, in the words of its documentation."""
    why = _reasons().get(finding.rule)
    return [f"Why it matters: {why}"] if why else []


def proof(finding: Finding, page: CodePage, listed: int) -> list[str]:
    """The places that prove it, and what was looked for and not found."""
    steps = finding.trail[: min(_LONGEST_TRAIL, listed + 2)]
    lines = [f"1. {page.lines(step.path, step.line)} {prose(step.note, 300)}" for step in steps]
    guards = "; ".join(prose(guard, 120) for guard in finding.guards_searched[:_LONGEST_TRAIL])
    return [
        *(["What proves it:\n\n" + "\n".join(lines)] if lines else []),
        *([f"Looked for and not found: {guards}"] if guards else []),
    ]


def others(findings: Sequence[Finding], page: CodePage, listed: int) -> list[str]:
    """The other places of the same comment."""
    if not findings:
        return []
    places = "1 more place" if len(findings) == 1 else f"{len(findings)} more places"
    lines = [
        f"- {page.lines(found.path, found.line, found.end_line)} {prose(found.message, 300)}"
        for found in findings[:listed]
    ]
    if len(findings) > listed:
        lines.append(f"- … and {len(findings) - listed} more, in the check run's report")
    return [f"The same in {places}:\n\n" + "\n".join(lines)]


def weaknesses(finding: Finding) -> list[str]:
    """CWE and OWASP, in a line."""
    names = [
        *(f"CWE-{number}" for number in finding.cwe),
        *(f"OWASP {plain(name)}" for name in finding.owasp),
    ]
    return [", ".join(names) + "\\"] if names else []


def identities(findings: Sequence[Finding]) -> str:
    """What people call these findings in a command."""
    first, *rest = [code(finding.fingerprint[:SHORT]) for finding in findings[:10]]
    more = f", the others {', '.join(rest)}" if rest else ""
    return f"Finding {first}{more}. If it is meant to be so, answer {code('/architect ignore because …')}"


@functools.cache
def _reasons() -> Mapping[str, str]:
    """The first paragraph of each rule's `Why`, by code."""
    declared = rules.declared_rules()
    return {rule.code: _paragraph(rule.documentation.sections["Why"]) for rule in declared}


def _paragraph(text: str) -> str:
    # GitHub breaks a comment's lines where they break.
    return " ".join(text.partition("\n\n")[0].split())
