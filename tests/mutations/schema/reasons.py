"""Where Alembic and the drift rules differ on purpose: the tree, the difference, why."""

from __future__ import annotations

from tests.rules.autogenerate_truth import Change

REASONS: tuple[tuple[str, Change, str], ...] = (
    (
        "migrations_naming",
        ("BA152", "team"),
        "a project without any model: Alembic would drop the table, whose model stands elsewhere",
    ),
)
