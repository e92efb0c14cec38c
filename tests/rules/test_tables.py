"""Sample models of each style, imported, against the tables that are read from their source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rules.configuration import Options
from rules.project.project import Project
from rules.source import SourceFile
from tests.rules.metadata_truth import metadata_truth

APPS = Path(__file__).parent.parent / "apps"
SAMPLES = {
    "schema_sqlmodel": ("shop.models",),
    "schema_declarative": ("shop.models",),
    "schema_legacy": ("models",),
    "schema_core": ("tables",),
}


def project_of(folder: Path) -> Project:
    """The project that a folder holds."""
    files = {
        str(path.relative_to(folder)): SourceFile(str(path.relative_to(folder)), path.read_bytes())
        for path in sorted(folder.rglob("*.*"))
        if path.suffix in {".py", ".txt"}
    }
    return Project(files, Options())


@pytest.mark.parametrize("sample", SAMPLES)
def test_tables_are_what_the_running_models_say(sample: str) -> None:
    truth = metadata_truth(APPS / sample, *SAMPLES[sample])
    project = project_of(APPS / sample)
    found: dict[str, dict[str, dict[str, Any]]] = {
        table.key: {
            name: {
                "type": str(column.type),
                "nullable": column.nullable,
                "primary_key": column.primary_key,
                "unique": column.unique,
                "index": column.index,
                "foreign_keys": sorted(key.target for key in column.foreign_keys),
            }
            for name, column in table.columns.items()
        }
        for table in project.tables
    }
    assert found == truth
    assert all(table.complete for table in project.tables)
    assert project.tables.unnamed == []
