"""Runs the rules over a project and turns what they hit into findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from rules.configuration.options import Options
from rules.configuration.selection import judged, selected
from rules.finding import Finding, Hit, Question
from rules.fingerprint import fingerprints, function_around, identity
from rules.journal import Journal, Step
from rules.registry import RegisteredRule
from rules.rule import Severity
from rules.source import SourceFile
from rules.suppressions import inline_suppressions, remarks, suppress
from rules.verdict import RuleCrash

Files = Mapping[str, SourceFile]


class Judgement(msgspec.Struct, frozen=True):
    """What the rules gave: findings, remarks on suppressions, and which rules did not come through."""

    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]
    crashed: tuple[RuleCrash, ...]
    rules_run: int


def judge(
    project: object, files: Files, options: Options, catalog: Sequence[RegisteredRule], journal: Journal
) -> Judgement:
    """The rules of `catalog` that `options` select, over one project; an exception costs that rule alone."""
    rules = [registered for registered in catalog if selected(options, registered.rule, registered.name)]
    hits: list[tuple[RegisteredRule, Hit]] = []
    crashed: list[RuleCrash] = []
    counts = judged(options)
    for registered in rules:
        try:
            with journal.during(Step.RULE, registered.code):
                found = list(registered.check(project))
        except Exception as error:  # noqa: BLE001 - contained and named in the report
            crashed.append(RuleCrash(registered.code, f"{type(error).__name__}: {error}"[:200]))
            continue
        hits.extend((registered, hit) for hit in found if counts(hit.place.path))
    findings = _findings(hits, files, options)
    ran = frozenset(registered.code for registered in rules) - {crash.rule for crash in crashed}
    findings, questions = _suppressed(findings, [files[path] for path in files if counts(path)], catalog, ran)
    return Judgement(tuple(findings), questions, tuple(crashed), len(ran))


def _suppressed(
    findings: list[Finding],
    sources: Sequence[SourceFile],
    catalog: Sequence[RegisteredRule],
    ran: frozenset[str],
) -> tuple[list[Finding], tuple[Question, ...]]:
    codes = {name: registered.code for registered in catalog for name in (registered.code, registered.name)}
    comments = [comment for source in sources for comment in inline_suppressions(source, codes.get)]
    by_path = {source.path: source for source in sources}
    findings, used = suppress(findings, comments, by_path.get)
    return findings, tuple(remarks(comments, used, ran))


def _findings(hits: list[tuple[RegisteredRule, Hit]], files: Files, options: Options) -> list[Finding]:
    unique = {
        (registered.code, hit.place, hit.subject, hit.message): (registered, hit) for registered, hit in hits
    }
    ordered = sorted(
        unique.values(), key=lambda item: (item[1].place, item[0].code, item[1].subject, item[1].message)
    )
    identities = [identity(r.code, hit, files.get(hit.place.path)) for r, hit in ordered]
    return [
        _finding(registered, hit, options, fingerprint, files.get(hit.place.path))
        for (registered, hit), fingerprint in zip(ordered, fingerprints(identities), strict=True)
    ]


def _finding(
    registered: RegisteredRule, hit: Hit, options: Options, fingerprint: str, source: SourceFile | None
) -> Finding:
    rule, place = registered.rule, hit.place
    return Finding(
        rule=rule.code,
        name=registered.name,
        section=rule.section,
        severity=_severity(registered, hit, options),
        confidence=hit.confidence,
        path=place.path,
        line=place.line,
        column=place.column,
        end_line=max(place.end_line, place.line),
        end_column=place.end_column or place.column,
        function=function_around(hit, source),
        message=hit.message,
        trail=hit.trail,
        guards_searched=hit.guards_searched,
        cwe=rule.cwe,
        owasp=rule.owasp,
        fingerprint=fingerprint,
        fix=hit.fix,
    )


def _severity(registered: RegisteredRule, hit: Hit, options: Options) -> Severity:
    """What the configuration's most exact selector says, else the hit's severity, else the rule's."""
    matching = [
        selector
        for selector in options.severity
        if selector == registered.name or registered.code.startswith(selector)
    ]
    if matching:
        return options.severity[max(matching, key=lambda selector: min(len(selector), len(registered.code)))]
    return hit.severity or registered.rule.severity
