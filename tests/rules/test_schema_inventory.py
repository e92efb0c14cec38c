"""Tables of several backends in one repository are told apart."""

from __future__ import annotations

from rules import catalog_rules
from rules.configuration import Options
from rules.project.project import Project
from rules.source import SourceFile

MAIN = "from fastapi import FastAPI\n\nimport app.models\n\napp = FastAPI()\n"
MODELS = """from sqlmodel import Field, SQLModel


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    {column}: str
"""
ENV = """from alembic import context

from app.models import SQLModel

target_metadata = SQLModel.metadata
"""
REVISION = """import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None


def upgrade():
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("{column}", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
"""


def backend(root: str, column: str, *, migrated: bool = True) -> dict[str, str]:
    found = {
        f"{root}/app/__init__.py": "",
        f"{root}/app/main.py": MAIN,
        f"{root}/app/models/__init__.py": MODELS.format(column=column),
    }
    if migrated:
        found[f"{root}/alembic/env.py"] = ENV
        found[f"{root}/alembic/versions/1.py"] = REVISION.format(column=column)
    return found


def project_of(files: dict[str, str]) -> Project:
    return Project({path: SourceFile(path, text.encode()) for path, text in files.items()}, Options())


def drift(project: Project) -> list[str]:
    codes = {"BA151", "BA152", "BA153", "BA154", "BA155"}
    return [hit.message for rule in catalog_rules() if rule.code in codes for hit in rule.check(project)]


def test_two_backends_with_tables_of_one_name() -> None:
    project = project_of({**backend("orders", "name"), **backend("billing", "title")})
    found = project.schema_inventory()
    assert [(t.name, t.root, t.migrations, t.columns[1].name) for t in found.tables] == [
        ("user", "billing", "billing/alembic", "title"),
        ("user", "orders", "orders/alembic", "name"),
    ]
    assert [(t.name, t.migrations, t.columns[1].name) for t in found.migrated] == [
        ("user", "billing/alembic", "title"),
        ("user", "orders/alembic", "name"),
    ]
    assert drift(project) == []


def test_a_backend_without_migrations_beside_one_that_has_them() -> None:
    project = project_of({**backend("orders", "name"), **backend("billing", "title", migrated=False)})
    found = project.schema_inventory()
    assert [(t.root, t.migrations) for t in found.tables] == [("billing", None), ("orders", "orders/alembic")]
    assert drift(project) == []


def test_models_and_migrations_in_folders_of_their_own() -> None:
    files = backend("src", "name", migrated=False)
    files["db/versions/1.py"] = REVISION.format(column="name")
    (table,) = project_of(files).schema_inventory().tables
    assert (table.root, table.migrations) == ("src", "db/versions")
