"""What the drift rules share: migrated columns beside the model's, their steps, how revisions are named."""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Place, TrailStep
from rules.project.migrations.replayed import Step
from rules.project.schema.columns import Column
from rules.project.schema.drift import Pair
from rules.rule import Confidence


def column_pairs(pair: Pair) -> Iterator[tuple[Column, Column]]:
    """Each column that model and migrated table share."""
    if pair.migrated is None:
        return
    for name, column in pair.table.columns.items():
        migrated = pair.migrated.columns.get(name)
        if migrated is not None:
            yield column, migrated


def confidence(pair: Pair) -> Confidence:
    """High where nothing that could not be read may have changed the table."""
    return Confidence.HIGH if pair.certain else Confidence.LOW


def last_step(pair: Pair, column: str) -> Step | None:
    """The operation that gave a column its present shape."""
    steps = pair.migrated.steps if pair.migrated is not None else []
    mark = f".{column}`"
    named = [s for s in steps if s.note.endswith(mark) and not s.note.startswith("drops")]
    if named:
        return named[-1]
    return next((s for s in steps if s.note.startswith("creates")), None)


def step_trail(step: Step | None) -> tuple[TrailStep, ...]:
    """The step as a part of a trail."""
    if step is None:
        return ()
    return (TrailStep(step.place.path, step.place.line, f"revision {step.revision} {step.note}"),)


def trail(pair: Pair, place: Place, note: str, column: str) -> tuple[TrailStep, ...]:
    """From the model to the operation that gave the column its present shape."""
    return (TrailStep(place.path, place.line, note), *step_trail(last_step(pair, column)))


def revision_of(pair: Pair, column: str) -> str:
    """The operation's revision in words."""
    step = last_step(pair, column)
    return f"revision {step.revision}" if step is not None else "the migrations"
