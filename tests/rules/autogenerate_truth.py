"""What Alembic's autogenerate would change after a sample's migrations, asked in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

Change = tuple[str, str]
"""The rule that answers for the change, and `table`, `table.column`, or `table(columns)` of a key."""


def autogenerate_truth(folder: Path, url: str) -> set[Change]:
    """Upgrade an empty database to all heads and compare it with the sample's metadata.

    Left out, as the rules do: keys over columns that are themselves added or removed, and names (an index or
    unique constraint that is removed and added over the same columns).
    """
    command = [sys.executable, "-W", "ignore", __file__, url]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stderr
    return _answerable([tuple(change) for change in json.loads(result.stdout)])


def _answerable(changes: list[tuple[Any, ...]]) -> set[Change]:
    found = {(kind, name) for kind, name, *_ in changes if kind != "BA155"}
    gone = {name for kind, name in found if kind in {"BA151", "BA152"}}
    keys = [c for c in changes if c[0] == "BA155"]
    for kind, table, columns, signature, action in keys:
        opposite = [kind, table, columns, signature, "remove" if action == "add" else "add"]
        is_renamed = any(list(other) == opposite for other in keys)
        if table not in gone and not is_renamed and not {f"{table}.{c}" for c in columns} & gone:
            found.add(("BA155", f"{table}({', '.join(columns)})"))
    return found


def run(url: str) -> list[list[Any]]:
    import sqlalchemy as sa
    from alembic.autogenerate import compare_metadata
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    sys.path.insert(0, ".")
    config = Config()
    config.set_main_option("script_location", ".")
    script = ScriptDirectory.from_config(config)
    models = __import__("models")
    metadata = models.Base.metadata if hasattr(models, "Base") else models.SQLModel.metadata
    with sa.create_engine(url).connect() as connection:
        steps = lambda revision, _: script._upgrade_revs("heads", revision)  # noqa: E731
        with EnvironmentContext(config, script, fn=steps, destination_rev="heads") as environment:
            environment.configure(connection=connection, target_metadata=metadata)
            with environment.begin_transaction():
                environment.run_migrations()
        connection.commit()
        found = compare_metadata(MigrationContext.configure(connection), metadata)
        return [c for change in found for c in _changes(change)]


def _changes(change: Any) -> list[list[Any]]:
    if isinstance(change, list):
        return [c for inner in change for c in _changes(inner)]
    what = change[0]
    match what:
        case "add_table" | "remove_table":
            return [["BA151" if what == "add_table" else "BA152", change[1].name]]
        case "add_column" | "remove_column":
            return [["BA151" if what == "add_column" else "BA152", f"{change[2]}.{change[3].name}"]]
        case "modify_type" | "modify_nullable":
            return [["BA153" if what == "modify_type" else "BA154", f"{change[2]}.{change[3]}"]]
        case _:
            return [_key(what, change[1])]


def _key(what: str, key: Any) -> list[Any]:
    action, _, _ = what.partition("_")
    columns = [c.name for c in key.columns]
    if what.endswith("_fk"):
        targets = [e.target_fullname for e in key.elements]
        return ["BA155", key.table.name, columns, [targets, (key.ondelete or "").upper()], action]
    unique = getattr(key, "unique", None)
    return ["BA155", key.table.name, columns, ["unique" if unique in {None, True} else "plain"], action]


if __name__ == "__main__":
    json.dump(run(sys.argv[1]), sys.stdout)
