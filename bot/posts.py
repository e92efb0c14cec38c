"""What is still to be posted: the report less what GitHub already shows. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from bot.buttons import Button, buttons
from bot.grouping import MOST_TOGETHER, grouped
from bot.placement import AtFile, Inline
from bot.render.comment import (
    annotation_level,
    annotation_title,
    file_comment,
    inline_comment,
    review_body,
)
from bot.render.markdown import clean, clip
from bot.render.markers import marker
from bot.render.place import CodePage
from bot.render.summary import summary
from bot.report import Report
from rules import Problem
from rules.finding import Finding
from rules.rule import Severity

# https://docs.github.com/en/rest/checks/runs
ANNOTATIONS_A_REQUEST = 50
LONGEST_TITLE = 255
MOST_ANNOTATIONS = 1_000
MOST_FILE_COMMENTS = 3
"""Each is a request, a thread and a mail of its own; the summary has all of them anyway."""
_MOST_TOLD = 500


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


class FileComment(msgspec.Struct, frozen=True, kw_only=True):
    """A comment to be posted at a whole file; `marker` is the part of `body` to know it by."""

    commit: str
    path: str
    body: str
    marker: str


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
    """What GitHub shows already, by this App: this attempt's check run, and comments by their marks.

    `comments` counts those about findings, `file_comments` those of them that stand at a whole file.
    """

    completed: bool = False
    annotations: tuple[Annotation, ...] = ()
    reviews: frozenset[str] = frozenset()
    fingerprints: frozenset[str] = frozenset()
    comments: int = 0
    file_comments: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPlan:
    """What to do, in this order: annotate batch by batch, complete the check run, post the comments."""

    output: Output
    conclusion: str
    annotate: tuple[tuple[Annotation, ...], ...] = ()
    complete: bool = False
    buttons: tuple[Button, ...] = ()
    review: DraftReview | None = None
    file_comments: tuple[FileComment, ...] = ()
    left_out: tuple[Inline, ...] = field(default_factory=tuple)

    @property
    def empty(self) -> bool:
        """Whether GitHub shows everything already."""
        return not (self.annotate or self.complete or self.review or self.file_comments)


def plan(
    report: Report, shown: Shown, page: CodePage, *, key: str, budget: int, voice: Voice = Voice.FULL
) -> PostPlan:
    """What is missing. `key` names the attempt; `budget` caps inline comments over a pull request's life."""
    output = Output(title=clip(report.title, LONGEST_TITLE), summary=summary(report, page))
    room = max(0, budget - shown.comments) if voice is Voice.FULL else 0
    at_files = _at_files(report, shown, page)[: min(room, max(0, MOST_FILE_COMMENTS - shown.file_comments))]
    review, left_out = _review(report, shown, page, key, room - len(at_files))
    return PostPlan(
        output=output,
        conclusion=str(report.conclusion),
        annotate=() if shown.completed else _batches(report, shown.annotations),
        complete=not shown.completed,
        buttons=buttons(report.introduced),
        review=review,
        file_comments=at_files,
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
    report: Report, shown: Shown, page: CodePage, key: str, room: int
) -> tuple[DraftReview | None, tuple[Inline, ...]]:
    mark = marker("review", key)
    fresh: dict[str, Inline] = {}
    for item in report.inline:
        if item.finding.fingerprint not in shown.fingerprints:
            fresh.setdefault(item.finding.fingerprint, item)
    items = grouped(fresh.values())
    taken, left_out = items[:room], items[room:]
    if not taken or mark in shown.reviews:
        return None, left_out
    comments = tuple(draft(item, page) for item in taken)
    more = len(report.elsewhere) + sum(len(item.findings) for item in left_out)
    body = f"{_told(report)}\n{review_body(sum(len(item.findings) for item in taken), more, key)}"
    return DraftReview(commit=page.sha, body=body, marker=mark, comments=comments), left_out


def _told(report: Report) -> str:
    """What is said in this round, for good: it is no news in a later one, even if people delete a comment."""
    at_files = {found.fingerprint for remark in report.at_files for found in remark.findings}
    known = [found.fingerprint for found in report.introduced if found.fingerprint not in at_files]
    return marker("told", *known[:_MOST_TOLD])


def _at_files(report: Report, shown: Shown, page: CodePage) -> tuple[FileComment, ...]:
    """The comments at files that are not there yet, of what is worth one."""
    fresh = (_fresh(remark, shown) for remark in report.at_files)
    weighty = [remark for remark in fresh if remark.findings]
    return tuple(_file_draft(remark, page) for remark in weighty)


def _fresh(remark: AtFile, shown: Shown) -> AtFile:
    findings = tuple(
        found
        for found in remark.findings
        if found.fingerprint not in shown.fingerprints and found.severity.rank >= Severity.MEDIUM.rank
    )
    return AtFile(path=remark.path, findings=findings[:MOST_TOGETHER])


def _file_draft(remark: AtFile, page: CodePage) -> FileComment:
    mark = marker("finding", *(found.fingerprint for found in remark.findings))
    return FileComment(commit=page.sha, path=remark.path, body=file_comment(remark, page), marker=mark)


def draft(item: Inline, page: CodePage) -> DraftComment:
    """The comment as GitHub takes it: `start_line` must be below `line`, and is left out when equal."""
    several = item.first < item.last
    return DraftComment(
        path=item.finding.path,
        body=inline_comment(item, page),
        line=item.last,
        side="RIGHT",
        start_line=item.first if several else None,
        start_side="RIGHT" if several else None,
    )
