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
    "schema_declarative": ("shop.models", "shop.names"),
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


def test_relationships_say_target_cardinality_and_the_other_side() -> None:
    project = project_of(APPS / "schema_sqlmodel")
    found = {
        (link.source.rpartition(".")[2], link.name): (link.target, link.many, link.back_populates)
        for table in project.tables
        for link in table.relationships
    }
    assert found == {
        ("User", "items"): ("Item", True, "owner"),
        ("Team", "members"): ("User", True, None),
        ("Item", "owner"): ("User", False, "items"),
    }
    (link,) = (r for t in project.tables for r in t.relationships if r.name == "members")
    assert link.link is not None
    assert project.tables.of_class(link.link) is project.tables.find("membership", "shop/models.py")


def test_a_table_is_found_by_its_classes_and_near_its_user() -> None:
    model = b"""
from sqlmodel import Field, SQLModel


class Item(SQLModel, table=True):
    id: int = Field(primary_key=True)
"""
    files = {path: SourceFile(path, model) for path in ("one/app/models.py", "two/app/models.py")}
    tables = Project(files, Options()).tables
    assert len(tables) == 2
    for path in files:
        table = tables.find("item", path.replace("models", "routes"))
        assert table is not None
        assert table.place.path == path
        assert tables.of_class(table.model) is table


def test_what_a_model_inherits_from_an_unknown_class_is_unknown() -> None:
    model = b"""
from elsewhere import Tracked
from sqlmodel import Field, SQLModel


class Item(Tracked, SQLModel, table=True):
    id: int = Field(primary_key=True)
"""
    (table,) = Project({"m.py": SourceFile("m.py", model)}, Options()).tables
    assert not table.complete
    assert list(table.columns) == ["id"]
