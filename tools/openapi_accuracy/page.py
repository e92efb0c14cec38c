"""The page of the comparison: over all projects, by project, and what differs with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from tools.accuracy.tally import Tally
from tools.openapi_accuracy.measuring import Measured

_FILE = Path(__file__).with_name("reasons.toml")
MEANINGS = {
    "operations": "method and path; all below are of operations that both documents have",
    "parameters": "place, name, and whether it is required",
    "parameter types": "component or type of a parameter",
    "bodies": "media type, component or type of the request body, and whether it is required",
    "statuses": "statuses of the responses",
    "responses": "status, media type, component or type of a response",
    "security": "security requirements with their scopes",
    "operation ids": "`operationId`",
    "tags": "tags",
}
_INTRODUCTION = """# Accuracy of the OpenAPI document

<!-- Written by `python -m tools.openapi_accuracy`; do not edit. -->

What `openapi` says without running the code, against `app.openapi()` of the application imported in an
environment of its own, over {count} real projects with {operations} operations. To measure again, run
`tools/openapi_accuracy/dump.py` in each project's environment, and then:

```sh
python -m tools.openapi_accuracy --truth DUMPS --projects PROJECTS
```

`DUMPS` holds a dump `OWNER__NAME.json` for each project, and `PROJECTS` the projects as `OWNER__NAME/`.
Names of nullable types count as the same in all their forms; sets are compared, not their order."""


_NOTE = (
    "A number alone: all of them are right. Otherwise *matched / true / said*. The last column counts the "
    "operations of which a part is marked as not known."
)


class Reason(msgspec.Struct, frozen=True):
    """A project, the kinds of fact that differ there, and why."""

    project: str
    facts: tuple[str, ...]
    text: str


class Left(msgspec.Struct, frozen=True):
    """A project that is not compared, and why; or one that is, and what was done so that it could be."""

    project: str
    text: str


class Reasons(msgspec.Struct, frozen=True):
    """What somebody found out by reading."""

    reason: tuple[Reason, ...] = ()
    left_out: tuple[Left, ...] = ()
    prepared: tuple[Left, ...] = ()


def read_reasons(path: Path = _FILE) -> Reasons:
    """The known reasons. Raises OSError, and msgspec.MsgspecError for another form."""
    return msgspec.toml.decode(path.read_bytes(), type=Reasons)


def summed(measured: Iterable[Measured]) -> dict[str, Tally]:
    """The tallies of all projects together."""
    total: dict[str, Tally] = {}
    for project in measured:
        for fact, tally in project.tallies.items():
            total[fact] = total.get(fact, Tally()) + tally
    return total


def comparison_page(measured: Sequence[Measured], reasons: Reasons) -> str:
    """The Markdown of the page."""
    operations = sum(m.operations for m in measured)
    parts = [
        _INTRODUCTION.format(count=len(measured), operations=operations),
        "## All projects together",
        _table(("fact", "counted", "matched / true / said", "recall", "precision"), _totals(measured)),
        "## By project",
        _NOTE,
        _table(("project", "FastAPI", *MEANINGS, "unknown"), _rows(measured)),
        "## What differs, and why",
        "\n".join(_shortfalls(measured, reasons)) or "Nothing.",
        "## How the projects were run",
        "\n".join(f"- {left.project}: {left.text}." for left in (*reasons.prepared, *reasons.left_out)),
    ]
    return "\n\n".join(parts) + "\n"


def _totals(measured: Sequence[Measured]) -> Iterator[tuple[str, ...]]:
    total = summed(measured)
    for fact, meaning in MEANINGS.items():
        tally = total.get(fact, Tally())
        yield fact, meaning, _counts(tally), f"{tally.recall:.3f}", f"{tally.precision:.3f}"


def _rows(measured: Sequence[Measured]) -> Iterator[tuple[str, ...]]:
    for m in measured:
        cells = (_cell(m.tallies.get(fact, Tally())) for fact in MEANINGS)
        yield m.repo, m.dump.fastapi, *cells, str(m.unknown)


def _cell(tally: Tally) -> str:
    same = tally.matched == tally.truth == tally.extracted
    return str(tally.matched) if same else f"**{_counts(tally)}**"


def _shortfalls(measured: Sequence[Measured], reasons: Reasons) -> Iterator[str]:
    known = {(r.project, fact): r.text for r in reasons.reason for fact in r.facts}
    for m in measured:
        told: dict[str, list[str]] = {}
        for fact, tally in m.tallies.items():
            if not tally.matched == tally.truth == tally.extracted:
                text = known.get((m.repo, fact), "not explained yet")
                told.setdefault(text, []).append(f"{fact} {_counts(tally)}")
        for text, facts in told.items():
            yield f"- {m.repo}, {', '.join(facts)}: {text}."


def _counts(tally: Tally) -> str:
    return f"{tally.matched} / {tally.truth} / {tally.extracted}"


def _table(header: Sequence[str], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
