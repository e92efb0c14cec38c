"""A snapshot judged: both trees reviewed, compared and held against the gate, as one report. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

import rules
from bot.options import agreed
from bot.patch import parse
from bot.report import Report, build
from bot.repository.blobs import Unread
from bot.repository.snapshot import Snapshot
from rules.verdict import SkippedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The report, and how many inline comments a pull request may get in its life."""

    report: Report
    budget: int


def judge(snapshot: Snapshot, facts: rules.Cache) -> Judgement:
    """Review the base and the head by the base's options; what differs is what the change introduces."""
    terms = agreed(snapshot.base.contents, snapshot.head.contents)
    base = rules.review(snapshot.base.contents, terms.options, cache=facts)
    head = _with_unread(
        rules.review(snapshot.head.contents, terms.options, cache=facts), snapshot.head.unread
    )
    comparison = rules.compare(base, head)
    gate = rules.gate(comparison, terms.options, snapshot.changed)
    report = build(comparison, gate, parse(snapshot.diff), notices=terms.notices, problems=terms.problems)
    return Judgement(report=report, budget=terms.options.budget)


def _with_unread(review: rules.Review, unread: tuple[Unread, ...]) -> rules.Review:
    skipped = {*review.coverage.files_skipped, *(SkippedFile(file.path, file.reason) for file in unread)}
    coverage = msgspec.structs.replace(review.coverage, files_skipped=tuple(sorted(skipped)))
    return msgspec.structs.replace(review, coverage=coverage)
