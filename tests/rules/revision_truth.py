"""What Alembic and PostgreSQL make of a revision that was added to a sample, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def revision_truth(folder: Path, url: str, rows: Sequence[str]) -> dict[str, list[str]]:
    """Upgrade to the revision before the head, insert `rows`, upgrade to the head, and go back.

    `behind` is what autogenerate would still change at the head, `reversed` whether the schema after the way
    back is the one before it, row by row of the database's own catalogue.
    """
    command = [sys.executable, "-W", "ignore", __file__, url, json.dumps(list(rows))]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stderr
    found: dict[str, list[str]] = json.loads(result.stdout)
    return found


def run(url: str, rows: Sequence[str]) -> dict[str, list[str]]:
    import sqlalchemy as sa
    from alembic.autogenerate import compare_metadata
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    sys.path.insert(0, ".")
    config = Config()
    config.set_main_option("script_location", ".")
    script = ScriptDirectory.from_config(config)
    metadata = __import__("models").SQLModel.metadata
    before = str(script.get_revision(str(script.get_current_head())).down_revision)
    engine = sa.create_engine(url)
    _run(engine, config, script, lambda at: script._upgrade_revs(before, at))
    with engine.begin() as connection:
        for row in rows:
            connection.execute(sa.text(row))
    old = _catalogue(engine)
    _run(engine, config, script, lambda at: script._upgrade_revs("head", at))
    with engine.connect() as connection:
        behind = [str(c) for c in compare_metadata(MigrationContext.configure(connection), metadata)]
    _run(engine, config, script, lambda at: script._downgrade_revs(before, at))
    new = _catalogue(engine)
    return {"behind": behind, "not reversed": sorted(set(old) ^ set(new))}


def _run(engine: Any, config: Any, script: Any, steps: Any) -> None:
    from alembic.runtime.environment import EnvironmentContext

    with (
        engine.connect() as connection,
        EnvironmentContext(config, script, fn=lambda at, _: steps(at)) as environment,
    ):
        environment.configure(connection=connection)
        with environment.begin_transaction():
            environment.run_migrations()
        connection.commit()


def _catalogue(engine: Any) -> list[str]:
    import sqlalchemy as sa

    columns = "SELECT table_name, column_name, data_type, is_nullable, character_maximum_length"
    with engine.connect() as connection:
        found = connection.execute(
            sa.text(f"{columns} FROM information_schema.columns WHERE table_schema = 'public'")
        ).all()
        found += connection.execute(
            sa.text("SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint")
        ).all()
        found += connection.execute(
            sa.text("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'")
        ).all()
    return [str(row) for row in found]


if __name__ == "__main__":
    json.dump(run(sys.argv[1], json.loads(sys.argv[2])), sys.stdout)
