"""What of tables and migrations could not be known: one question for each place, never a guess."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rules.finding import Question
from rules.project.migrations.hazards import BREAKS_DATA, HazardousOperation
from rules.project.migrations.history import History, Migrations
from rules.project.schema.tables import Tables


def schema_questions(
    tables: Tables, migrations: Migrations, hazards: Iterable[HazardousOperation]
) -> Iterator[Question]:
    """Models whose table name is computed, and migrations that may have changed anything or break data."""
    for cls in tables.unnamed:
        place = cls.module.source.place(cls.node)
        yield Question(
            "unresolved-table-name",
            place.path,
            place.line,
            f"Which table does `{cls.qualname}` map? How its `__tablename__` is computed was not followed.",
        )
    for history in migrations:
        yield from _opaque_steps(history)
    yield from _breaking_revisions(hazards)


def _breaking_revisions(hazards: Iterable[HazardousOperation]) -> Iterator[Question]:
    by_path: dict[str, list[HazardousOperation]] = {}
    for found in hazards:
        if found.hazard in BREAKS_DATA:
            by_path.setdefault(found.revision.path, []).append(found)
    for path, same in by_path.items():
        does = "; ".join(dict.fromkeys(f"it {found.hazard.value} (`{found.name}`)" for found in same))
        yield Question(
            "breaking-schema-change",
            path,
            same[0].place.line,
            f"Is revision `{same[0].revision.identifier}` ready for the data that exist? "
            f"{does[0].upper()}{does[1:]}.",
        )


def _opaque_steps(history: History) -> Iterator[Question]:
    asked: set[tuple[str, int]] = set()
    for step in history.replay.schema.opaque:
        if (step.place.path, step.place.line) not in asked:
            asked.add((step.place.path, step.place.line))
            yield Question(
                "unreplayed-migration",
                step.place.path,
                step.place.line,
                f"What does revision {step.revision} change? It {step.note}; missing tables are not told.",
            )
