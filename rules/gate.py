"""Head against base, and whether the change may pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

import msgspec

from rules.configuration.options import OnIncomplete, Options
from rules.configuration.selection import judged
from rules.finding import Finding
from rules.verdict import Comparison, Conclusion, Coverage, Extent, Gate, Review

QUESTIONS_OF_CHANGE = frozenset({"breaking-schema-change"})
"""Kinds of questions about what a change does: those that base asks already are not asked again."""

RESOLVED_ENOUGH = 0.9
"""Below this share of resolved routes "no findings" is not a pass: the gate is neutral, and says so."""


def compare(base: Review | None, head: Review, of_change: Collection[str] = ()) -> Comparison:
    """Head's findings marked as introduced or not, and what the change fixed. No base: all are introduced.

    A finding whose suppression the change removes counts as introduced. What base has already of the rules
    `of_change`, and of questions of that kind, is left out.
    """
    if base is None:
        return Comparison(head=_marked(head, Counter()))
    head = _without_what_is_foreign(base, head)
    base, head = _without_steps(base, of_change), _without_past_steps(base, head, of_change)
    head = _by_the_base_baseline(base, head)
    standing = Counter(finding.fingerprint for finding in base.findings if finding.suppressed is None)
    accepted = Counter(finding.fingerprint for finding in base.findings if finding.suppressed is not None)
    left = Counter(finding.fingerprint for finding in head.findings)
    suppressed = Counter(finding.fingerprint for finding in head.findings if finding.suppressed is not None)
    fixed: list[Finding] = []
    for finding in base.findings:
        if left[finding.fingerprint] > 0:
            left[finding.fingerprint] -= 1
        elif _would_be_seen(finding, head):
            fixed.append(finding)
    marked = _marked(head, standing + (accepted & suppressed))
    return Comparison(
        head=marked, fixed=tuple(fixed), base_surface=base.surface, base_questions=base.questions
    )


def _without_what_is_foreign(base: Review, head: Review) -> Review:
    """Head without its unread files where neither side names FastAPI, and both were read elsewhere.

    Templates and old Python in a repository that has no application are no business of a review.
    """
    if base.fastapi or head.fastapi or Extent.NOT_ANALYSED in (extent(base.coverage), extent(head.coverage)):
        return head
    coverage = msgspec.structs.replace(head.coverage, files_skipped=())
    return msgspec.structs.replace(head, coverage=coverage)


def _would_be_seen(finding: Finding, head: Review) -> bool:
    """Whether the finding would have been found if it still stood: what was not analysed mends nothing."""
    coverage = head.coverage
    if not head.fastapi and coverage.files_skipped:
        return False
    unread = any(file.path == finding.path for file in coverage.files_skipped)
    failed = any(crash.rule == finding.rule for crash in coverage.rules_crashed)
    return not (unread or failed or extent(coverage) is Extent.NOT_ANALYSED)


def _without_steps(base: Review, of_change: Collection[str]) -> Review:
    return msgspec.structs.replace(base, findings=tuple(f for f in base.findings if f.rule not in of_change))


def _by_the_base_baseline(base: Review, head: Review) -> Review:
    """What head's baseline accepts beyond base's counts: no change accepts its own findings."""
    beyond = set(head.baseline).difference(base.baseline)
    return msgspec.structs.replace(
        head,
        findings=tuple(
            msgspec.structs.replace(found, suppressed=None)
            if found.fingerprint in beyond and found.suppressed and found.suppressed.kind == "baseline"
            else found
            for found in head.findings
        ),
    )


def _without_past_steps(base: Review, head: Review, of_change: Collection[str]) -> Review:
    past = {finding.fingerprint for finding in base.findings if finding.rule in of_change}
    asked = {(q.path, q.message) for q in base.questions if q.kind in QUESTIONS_OF_CHANGE}
    return msgspec.structs.replace(
        head,
        findings=tuple(f for f in head.findings if f.rule not in of_change or f.fingerprint not in past),
        questions=tuple(
            q for q in head.questions if q.kind not in QUESTIONS_OF_CHANGE or (q.path, q.message) not in asked
        ),
    )


def _marked(head: Review, known: Counter[str]) -> Review:
    left = known.copy()
    findings: list[Finding] = []
    for finding in head.findings:
        introduced = left[finding.fingerprint] <= 0
        left[finding.fingerprint] -= 1
        findings.append(msgspec.structs.replace(finding, introduced=introduced))
    return msgspec.structs.replace(head, findings=tuple(findings))


def gate(comparison: Comparison, options: Options, changed: Collection[str]) -> Gate:
    """The conclusion, with each reason against it; a success may carry notices.

    `changed` are the paths that the change touches (all paths where there is no base). Suppressed
    findings and those that were there before never fail.
    """
    review = comparison.head
    if not review.fastapi and extent(review.coverage) is Extent.ANALYSED:
        return Gate(Conclusion.SUCCESS, ("no FastAPI application here: nothing to judge",))
    reasons = tuple(_failing(review.findings, options))
    missing = tuple(_missing(review.coverage))
    conclusion = Conclusion.FAILURE if reasons else _incomplete(review.coverage, options, changed)
    return Gate(conclusion, (*reasons, *missing))


def extent(coverage: Coverage) -> Extent:
    """How much was analysed, with what stands in the coverage."""
    if coverage.files_skipped and not coverage.files_analysed:
        return Extent.NOT_ANALYSED
    complete = not (coverage.files_skipped or coverage.rules_crashed) and _resolved(coverage)
    return Extent.ANALYSED if complete else Extent.PARTLY_ANALYSED


def _failing(findings: Collection[Finding], options: Options) -> Iterator[str]:
    for finding in sorted(findings, key=lambda found: -found.severity.rank):
        if not finding.introduced or finding.suppressed is not None:
            continue
        if (
            finding.severity.rank >= options.fail_on.rank
            and finding.confidence.rank >= options.fail_confidence.rank
        ):
            yield (
                f"{finding.rule} {finding.name} ({finding.severity.value}) at {finding.path}:{finding.line}"
            )


def _incomplete(coverage: Coverage, options: Options, changed: Collection[str]) -> Conclusion:
    reached = extent(coverage)
    if reached is Extent.ANALYSED:
        return Conclusion.SUCCESS
    if options.on_incomplete is not None:
        return {
            OnIncomplete.FAIL: Conclusion.FAILURE,
            OnIncomplete.NEUTRAL: Conclusion.NEUTRAL,
            OnIncomplete.PASS: Conclusion.SUCCESS,
        }[options.on_incomplete]
    touched, counts = set(changed), judged(options)
    if reached is Extent.NOT_ANALYSED or any(
        file.path in touched and counts(file.path) for file in coverage.files_skipped
    ):
        return Conclusion.FAILURE
    return Conclusion.NEUTRAL if coverage.rules_crashed or not _resolved(coverage) else Conclusion.SUCCESS


def _resolved(coverage: Coverage) -> bool:
    return coverage.routes_resolved >= RESOLVED_ENOUGH * coverage.routes


def _missing(coverage: Coverage) -> Iterator[str]:
    for file in coverage.files_skipped:
        yield f"not analysed: {file.path}: {file.reason}"
    for crash in coverage.rules_crashed:
        yield f"not run to the end: {crash.rule}: {crash.reason}"
    if not _resolved(coverage):
        yield f"only {coverage.routes_resolved} of {coverage.routes} routes could be resolved"
