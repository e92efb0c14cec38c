"""The baseline over a review: what it accepts is suppressed; and the baseline that a review would give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from rules.configuration.baseline import Accepted, read_baseline, written
from rules.configuration.options import Options
from rules.configuration.problem import ConfigurationError
from rules.finding import Finding, Question, Suppression
from rules.tree import Tree
from rules.verdict import Review

BASELINE_PATH = ".github/backend-architect-baseline.json"
"""Where the baseline is written unless the configuration names another file."""

KIND = "baseline"
_NAMED = 3


def with_baseline(review: Review, tree: Tree, options: Options) -> Review:
    """The review with what the tree's baseline accepts suppressed; entries without use are a question."""
    if options.baseline is None or options.baseline not in tree:
        return review
    try:
        held = read_baseline(options.baseline, tree[options.baseline])
    except ConfigurationError:
        # Named where the options are read. Here a pull request's own file may be wrong, and accepts nothing.
        return review
    accepted = {one.fingerprint: one for one in held.findings}
    standing = {finding.fingerprint for finding in review.findings}
    unused = [one for one in accepted.values() if one.fingerprint not in standing]
    return msgspec.structs.replace(
        review,
        findings=tuple(_marked(finding, accepted.get(finding.fingerprint)) for finding in review.findings),
        questions=(*review.questions, *_unused(options.baseline, unused)),
        baseline=tuple(accepted),
    )


def baseline_of(review: Review) -> bytes:
    """The file that accepts every finding of a review that nothing but a baseline suppresses."""
    kept = [f for f in review.findings if f.suppressed is None or f.suppressed.kind == KIND]
    return written(tuple(Accepted(f.path, f.rule, f.fingerprint, _reason(f)) for f in kept))


def _reason(finding: Finding) -> str:
    return "" if finding.suppressed is None else finding.suppressed.reason


def _marked(finding: Finding, accepted: Accepted | None) -> Finding:
    if accepted is None or finding.suppressed is not None:
        return finding
    return msgspec.structs.replace(finding, suppressed=Suppression(KIND, accepted.reason))


def _unused(path: str, entries: Sequence[Accepted]) -> Iterator[Question]:
    if entries:
        named = ", ".join([f"{one.rule} in {one.path}" for one in entries[:_NAMED]])
        more = " and others" if len(entries) > _NAMED else ""
        said = f"accepted findings that are no longer there: {len(entries)} ({named}{more}); take them out"
        yield Question("baseline-unused", path, 1, said)
