"""A snapshot judged: both trees reviewed, compared and held against the gate, as one report. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

import rules
from bot.dismissals import Decision, dismissed, lapsed
from bot.headline import counted
from bot.options import Agreed, agreed, previewed
from bot.patch import parse
from bot.report import Report, build
from bot.repository.blobs import Unread
from bot.repository.snapshot import Snapshot
from rules.verdict import SkippedFile

PROOF_BOUNDS = rules.ProofBounds(reviews=6, seconds=30.0)
"""What the proof of the fixes of one review may cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The report, how many inline comments a pull request may get in its life, and what was compared."""

    report: Report
    budget: int
    comparison: rules.Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Both reviews by the options that count, and head against base with what people dismissed."""

    terms: Agreed
    base: rules.Review
    head: rules.Review
    comparison: rules.Comparison


def compare(snapshot: Snapshot, facts: rules.Cache, decisions: tuple[Decision, ...] = ()) -> Compared:
    """Review the base and the head by the base's options; what differs is what the change introduces."""
    terms = agreed(snapshot.base.contents, snapshot.head.contents)
    base = rules.review(snapshot.base.contents, terms.options, cache=facts)
    head = _with_unread(
        rules.review(snapshot.head.contents, terms.options, cache=facts), snapshot.head.unread
    )
    comparison = dismissed(rules.compare(base, head), decisions)
    return Compared(terms=terms, base=base, head=head, comparison=comparison)


def judge(snapshot: Snapshot, facts: rules.Cache, decisions: tuple[Decision, ...] = ()) -> Judgement:
    """The comparison held against the gate, with proved fixes alone and all that is to be said about it."""
    made = compare(snapshot, facts, decisions)
    terms, head = made.terms, made.head
    comparison = _proved(made.comparison, head, snapshot, terms.options, facts)
    gate = rules.gate(comparison, terms.options, snapshot.changed)
    standing = {finding.fingerprint for finding in head.findings}
    notices = (*terms.notices, *preview(made, snapshot, facts), *lapsed(decisions, standing))
    notices += _unseen(made, snapshot)
    report = build(comparison, gate, parse(snapshot.diff), notices=notices, problems=terms.problems)
    return Judgement(report=report, budget=terms.options.budget, comparison=comparison)


def preview(made: Compared, snapshot: Snapshot, facts: rules.Cache) -> tuple[str, ...]:
    """What the configuration and the baseline that the change proposes would make of the same head."""
    accepted = {f.fingerprint for f in made.head.findings if f.suppressed and f.suppressed.kind == "baseline"}
    counting = {f.fingerprint for f in made.comparison.head.findings if f.suppressed is None}
    later = len(accepted & counting)
    notices = [f"The baseline of this change accepts {later} more: that counts once it is merged."]
    proposed = made.terms.proposed
    if proposed is not None:
        head = rules.review(snapshot.head.contents, proposed, cache=facts)
        notices.append(previewed(made.head, head))
    return tuple(notices if later else notices[1:])


def _unseen(made: Compared, snapshot: Snapshot) -> tuple[str, ...]:
    """What the head shows and the base did not: nobody knows whether it is new."""
    base = _with_unread(made.base, snapshot.base.unread)
    still = {file.path for file in made.head.coverage.files_skipped}
    missing = sum(file.path not in still for file in base.coverage.files_skipped)
    if not missing:
        return ()
    return (f"Of the base {counted(missing, 'file')} could not be read: what stands there counts as new.",)


def _proved(
    comparison: rules.Comparison,
    head: rules.Review,
    snapshot: Snapshot,
    options: rules.Options,
    facts: rules.Cache,
) -> rules.Comparison:
    """The comparison in which what the change introduces has proved fixes alone, the most severe first."""
    news = [f for f in comparison.head.findings if f.introduced and f.suppressed is None and f.fix]
    shown = sorted(news, key=lambda f: -f.severity.rank)[: options.budget]
    if not shown:
        return comparison
    proof = rules.prove_fixes(snapshot.head.contents, options, head, shown, cache=facts, bounds=PROOF_BOUNDS)
    fixes = {f.fingerprint: f.fix for f in proof.findings}
    findings = tuple(
        msgspec.structs.replace(f, fix=fixes.get(f.fingerprint)) if f.introduced else f
        for f in comparison.head.findings
    )
    return msgspec.structs.replace(
        comparison, head=msgspec.structs.replace(comparison.head, findings=findings)
    )


def _with_unread(review: rules.Review, unread: tuple[Unread, ...]) -> rules.Review:
    skipped = {*review.coverage.files_skipped, *(SkippedFile(file.path, file.reason) for file in unread)}
    coverage = msgspec.structs.replace(review.coverage, files_skipped=tuple(sorted(skipped)))
    return msgspec.structs.replace(review, coverage=coverage)
