"""What of tables and migrations could not be known: one question for each place, never a guess."""

from __future__ import annotations

from collections.abc import Iterator

from rules.finding import Question
from rules.project.migrations.history import History, Migrations
from rules.project.schema.tables import Tables


def schema_questions(tables: Tables, migrations: Migrations) -> Iterator[Question]:
    """Models whose table name is computed, and migrations that may have changed anything."""
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
