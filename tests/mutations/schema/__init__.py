"""Sound pairs of models and migrations, mutated; and Alembic's own comparison beside the rules."""
