"""The page of the figures: over all projects against the targets, by project, and why some fall short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tools.accuracy.measuring import Measured, summed
from tools.accuracy.reasons import Reason
from tools.accuracy.tally import Tally
from tools.accuracy.targets import TARGETS, Target

_INTRODUCTION = """# Accuracy

<!-- Written by `python -m tools.accuracy`; do not edit. -->

What `routes` and `schema` say without running the code, against what the running application says of itself
(`app.routes`, the flattened dependants, `user_middleware`, `metadata.tables`), over {count} real projects. To
measure again, put the projects at the commits below into a folder as `OWNER__NAME/` and run:

```sh
python -m tools.accuracy --truth TRUTHS --projects PROJECTS
```

`TRUTHS` holds a run-time dump `OWNER__NAME.json` for each project, and `projects.json` beside it names their
commits and the folders that they are imported from."""

_TABLES = 3

_LIBRARY_NOTE = (
    "The truth of `routes` leaves out routes whose handler lies in a library. The reviewer lists them, since "
    "they are served, and they count as wrong in that row's precision; the row below it counts those right "
    "that the running application lists too."
)


def accuracy_page(measured: Sequence[Measured], reasons: Sequence[Reason]) -> str:
    """The Markdown of the page."""
    ran = [m for m in measured if m.truth is not None]
    parts = [
        _INTRODUCTION.format(count=len(ran)),
        "## All projects together",
        _table(
            ("fact", "counted", "matched / true / said", "recall", "precision", "target", ""), _totals(ran)
        ),
        _LIBRARY_NOTE,
        "## By project",
        "A number alone: all of them are right. Otherwise *matched / true / said*, in bold below the target.",
        *(_table(("project", *(t.fact for t in group)), _rows(ran, group)) for group in _groups(ran)),
        "## What falls short, and why",
        "\n".join(_shortfalls(ran, reasons)) or "Nothing.",
        "## The projects",
        _table(
            ("project", "commit", "FastAPI", "routes", "unresolved", "tables", "files"),
            _sizes(measured),
        ),
        "Projects without a FastAPI version were read but not run: there is no truth to hold them against.",
    ]
    return "\n\n".join(parts) + "\n"


def _totals(ran: Sequence[Measured]) -> Iterator[tuple[str, ...]]:
    total = summed(ran)
    for target in TARGETS:
        if (tally := total.get(target.fact)) is not None:
            share = "" if target.share is None else f"{target.share:.2f}"
            mark = "" if target.share is None else "reached" if target.is_reached(tally) else "**missed**"
            figures = f"{tally.recall:.3f}", f"{tally.precision:.3f}"
            yield target.fact, target.meaning, _counts(tally), *figures, share, mark


def _groups(ran: Sequence[Measured]) -> Iterator[tuple[Target, ...]]:
    """The facts that were counted, split into tables of a readable width."""
    known = [target for target in TARGETS if any(target.fact in m.tallies for m in ran)]
    size = -(-len(known) // _TABLES)
    for start in range(0, len(known), size):
        yield tuple(known[start : start + size])


def _rows(ran: Sequence[Measured], group: Sequence[Target]) -> Iterator[tuple[str, ...]]:
    for m in ran:
        yield m.project.repo, *(_cell(m.tallies.get(target.fact), target) for target in group)


def _cell(tally: Tally | None, target: Target) -> str:
    if tally is None or tally == Tally():
        return "-"
    if tally.matched == tally.truth == tally.extracted:
        return str(tally.matched)
    return _counts(tally) if target.is_reached(tally) else f"**{_counts(tally)}**"


def _counts(tally: Tally) -> str:
    return f"{tally.matched} / {tally.truth} / {tally.extracted}"


def _shortfalls(ran: Sequence[Measured], reasons: Sequence[Reason]) -> Iterator[str]:
    known = {(reason.project, reason.fact): reason.text for reason in reasons}
    for m in ran:
        for target in TARGETS:
            tally = m.tallies.get(target.fact)
            if tally is not None and min(tally.recall, tally.precision) < 1.0:
                reason = known.get((m.project.repo, target.fact), "not explained yet")
                yield f"- {m.project.repo}, {target.fact} {_counts(tally)}: {reason}"


def _sizes(measured: Sequence[Measured]) -> Iterator[tuple[str, ...]]:
    for m in measured:
        coverage = m.review.coverage
        yield (
            m.project.repo,
            m.project.commit[:12] if m.project.commit else m.project.source,
            m.truth.fastapi if m.truth else "",
            str(coverage.routes),
            str(coverage.routes - coverage.routes_resolved),
            str(len(m.review.schema.tables)),
            str(coverage.files_analysed),
        )


def _table(header: Sequence[str], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
