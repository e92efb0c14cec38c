"""What is still to be posted: the report less what GitHub already shows. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from bot.render.comment import (
    LONGEST_COMMENT,
    annotation_level,
    annotation_title,
    inline_comment,
    review_body,
)
from bot.render.markdown import clean, clip
from bot.render.markers import marker
from bot.render.place import CodePage
from bot.render.summary import summary
from bot.report import Inline, Report
from rules import Problem
from rules.finding import Finding

# https://docs.github.com/en/rest/checks/runs
ANNOTATIONS_A_REQUEST = 50
LONGEST_TITLE = 255
MOST_ANNOTATIONS = 1_000


class Output(msgspec.Struct, frozen=True):
    """What a check run shows."""

    title: str
    summary: str


class Annotation(msgspec.Struct, frozen=True, kw_only=True):
    """A remark on lines of a file; `annotation_level` is notice, warning or failure."""

    path: str
    start_line: int
    end_line: int
    annotation_level: str
    title: str | None
    message: str | None


class DraftComment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An inline comment to be posted on `start_line..line` of the head (RIGHT) side."""

    path: str
    body: str
    line: int
    side: str
    start_line: int | None = None
    start_side: str | None = None


class DraftReview(msgspec.Struct, frozen=True, kw_only=True):
    """One review with all its comments; `marker` is the part of `body` to know it by."""

    commit: str
    body: str
    marker: str
    comments: tuple[DraftComment, ...]


class Voice(StrEnum):
    """How much is said: a draft gets its check run without comments."""

    FULL = "full"
    CHECK_ONLY = "check only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What GitHub shows already, by this App: this attempt's check run, and comments by their marks."""

    completed: bool = False
    annotations: tuple[Annotation, ...] = ()
    reviews: frozenset[str] = frozenset()
    fingerprints: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPlan:
    """What to do, in this order: annotate batch by batch, complete the check run, post the review."""

    output: Output
    conclusion: str
    annotate: tuple[tuple[Annotation, ...], ...] = ()
    complete: bool = False
    review: DraftReview | None = None
    left_out: tuple[Inline, ...] = field(default_factory=tuple)

    @property
    def empty(self) -> bool:
        """Whether GitHub shows everything already."""
        return not self.annotate and not self.complete and self.review is None


def plan(
    report: Report, shown: Shown, page: CodePage, *, key: str, budget: int, voice: Voice = Voice.FULL
) -> PostPlan:
    """What is missing. `key` names the attempt; `budget` caps inline comments over a pull request's life."""
    output = Output(title=clip(report.title, LONGEST_TITLE), summary=summary(report, page))
    review, left_out = _review(report, shown, page, key, budget if voice is Voice.FULL else 0)
    return PostPlan(
        output=output,
        conclusion=str(report.conclusion),
        annotate=() if shown.completed else _batches(report, shown.annotations),
        complete=not shown.completed,
        review=review,
        left_out=left_out,
    )


def annotation(finding: Finding) -> Annotation:
    """The annotation of a finding."""
    return Annotation(
        path=finding.path,
        start_line=finding.line,
        end_line=max(finding.line, finding.end_line),
        annotation_level=annotation_level(finding),
        title=clean(annotation_title(finding)),
        message=clip(clean(finding.message), 2_000),
    )


def problem_annotation(problem: Problem) -> Annotation:
    """The annotation of a mistake in the configuration."""
    return Annotation(
        path=problem.path,
        start_line=problem.line,
        end_line=problem.line,
        annotation_level="failure",
        title="Configuration",
        message=clip(clean(problem.message), 2_000),
    )


def _batches(report: Report, held: tuple[Annotation, ...]) -> tuple[tuple[Annotation, ...], ...]:
    remarks = [*map(problem_annotation, report.problems), *map(annotation, report.introduced)]
    shown = frozenset(held)
    missing = [remark for remark in dict.fromkeys(remarks[:MOST_ANNOTATIONS]) if remark not in shown]
    size = ANNOTATIONS_A_REQUEST
    return tuple(tuple(missing[start : start + size]) for start in range(0, len(missing), size))


def _review(
    report: Report, shown: Shown, page: CodePage, key: str, budget: int
) -> tuple[DraftReview | None, tuple[Inline, ...]]:
    mark = marker("review", key)
    fresh: dict[str, Inline] = {}
    for item in report.inline:
        if item.finding.fingerprint not in shown.fingerprints:
            fresh.setdefault(item.finding.fingerprint, item)
    items = list(fresh.values())
    room = max(0, budget - len(shown.fingerprints))
    taken, left_out = items[:room], tuple(items[room:])
    if not taken or mark in shown.reviews:
        return None, left_out
    comments = tuple(draft(item, page) for item in taken)
    body = review_body(len(taken), len(report.elsewhere) + len(left_out), key)
    return DraftReview(commit=page.sha, body=body, marker=mark, comments=comments), left_out


def draft(item: Inline, page: CodePage) -> DraftComment:
    """The comment as GitHub takes it: `start_line` must be below `line`, and is left out when equal."""
    several = item.first < item.last
    body = inline_comment(item, page)
    if len(body.encode()) > LONGEST_COMMENT:
        body = inline_comment(Inline(finding=item.finding, first=item.first, last=item.last), page)
    return DraftComment(
        path=item.finding.path,
        body=body,
        line=item.last,
        side="RIGHT",
        start_line=item.first if several else None,
        start_side="RIGHT" if several else None,
    )
