"""What Alembic and PostgreSQL make of a sample's migrations, asked in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

Truth = dict[str, Any]


def alembic_truth(folder: Path, url: str) -> Truth:
    """Upgrade an empty database to all heads. `tables` is what reflection finds there.

    `missing` are the columns (`table.column`) and tables that Alembic's autogenerate would add.
    """
    command = [sys.executable, "-W", "ignore", __file__, url]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stderr
    found: Truth = json.loads(result.stdout)
    return found


def run(url: str) -> Truth:
    import sqlalchemy as sa
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    sys.path.insert(0, ".")
    config = Config()
    config.set_main_option("script_location", ".")
    script = ScriptDirectory.from_config(config)
    metadata = _metadata()
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        steps = lambda revision, _: script._upgrade_revs("heads", revision)  # noqa: E731
        with EnvironmentContext(config, script, fn=steps, destination_rev="heads") as environment:
            environment.configure(connection=connection, target_metadata=metadata)
            with environment.begin_transaction():
                environment.run_migrations()
        connection.commit()
        return {"tables": _tables(sa.inspect(connection)), "missing": _missing(connection, metadata)}


def _metadata() -> Any:
    if not Path("models.py").is_file():
        return None
    models = __import__("models")
    return models.Base.metadata if hasattr(models, "Base") else models.SQLModel.metadata


def _tables(inspector: Any) -> Truth:
    names = [n for n in inspector.get_table_names() if n != "alembic_version"]
    return {name: _table(inspector, name) for name in names}


def _table(inspector: Any, name: str) -> Truth:
    uniques = inspector.get_unique_constraints(name)
    primary = inspector.get_pk_constraint(name)
    keys = [["unique", u["name"], u["column_names"]] for u in uniques]
    keys += [["foreign", f["name"], f["constrained_columns"]] for f in inspector.get_foreign_keys(name)]
    keys += [
        ["index", i["name"], [c for c in i["column_names"] if c]]
        for i in inspector.get_indexes(name)
        if "duplicates_constraint" not in i
    ]
    if primary["constrained_columns"]:
        keys.append(["primary", primary["name"], primary["constrained_columns"]])
    targets = {f["constrained_columns"][0]: _target(f) for f in inspector.get_foreign_keys(name)}
    columns = {c["name"]: [_type(c["type"]), c["nullable"]] for c in inspector.get_columns(name)}
    return {"columns": columns, "keys": sorted(keys), "targets": targets}


def _target(key: Any) -> str:
    return f"{key['referred_table']}.{key['referred_columns'][0]} {key['options'].get('ondelete')}"


def _type(kind: Any) -> list[Any]:
    names = ("length", "precision", "scale", "timezone")
    return [
        type(kind).__name__,
        list(getattr(kind, "enums", ())),
        *(getattr(kind, name, None) for name in names),
    ]


def _missing(connection: Any, metadata: Any) -> list[str]:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    if metadata is None:
        return []
    found = []
    for change in compare_metadata(MigrationContext.configure(connection), metadata):
        if change[0] == "add_table":
            found.append(change[1].name)
        elif change[0] == "add_column":
            found.append(f"{change[2]}.{change[3].name}")
    return sorted(found)


if __name__ == "__main__":
    json.dump(run(sys.argv[1]), sys.stdout)
