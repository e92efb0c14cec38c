"""What migrations do that cannot be known is said to be unknown, and nothing else is."""

from __future__ import annotations

import pytest

from rules.configuration import Options
from rules.project.migrations.history import History
from rules.project.project import Project
from rules.source import SourceFile

FIRST = """
import os
import sqlalchemy as sa
from alembic import op
from somewhere import names

revision = "a"
down_revision = None


def upgrade():
    op.create_table("item", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table("other", sa.Column("id", sa.Integer, primary_key=True))
"""


def history(body: str, **more: str) -> History:
    files = {"versions/a.py": FIRST + body} | {f"versions/{name}.py": text for name, text in more.items()}
    sources = {path: SourceFile(path, text.encode()) for path, text in files.items()}
    (found,) = Project(sources, Options()).migrations
    return found


@pytest.mark.parametrize(
    "body",
    [
        '    op.execute("DO $$ BEGIN ALTER TABLE item ADD x int; END $$")\n',
        '    op.execute(f"ALTER TABLE item ADD {names()} int")\n',
        '    if os.getenv("X"):\n        op.add_column("item", sa.Column("x", sa.Integer))\n',
        '    if os.getenv("X"):\n        op.execute("ALTER TABLE item ADD x int")\n',
        '    op.add_column("item", names())\n',
        '    op.drop_column("item", names())\n',
        '    for name in names():\n        op.add_column("item", sa.Column(name, sa.Integer))\n',
    ],
)
def test_the_table_is_unknown_and_no_other(body: str) -> None:
    schema = history(body).replay.schema
    assert [key for key in schema.tables if schema.is_unknown(key)] == ["item"]
    assert schema.opaque == []


@pytest.mark.parametrize(
    "body",
    [
        "    op.execute(names())\n",
        '    op.add_column(names(), sa.Column("x", sa.Integer))\n',
        '    op.execute("CREATE TABLE " + names())\n',
        "    names.metadata.create_all(op.get_bind())\n",
        "    op.invoke(names())\n",
        '    while True:\n        op.get_bind().execute(open("x").read())\n',
    ],
)
def test_anything_may_have_happened(body: str) -> None:
    assert history(body).is_opaque


@pytest.mark.parametrize(
    "body",
    [
        '    op.execute("UPDATE item SET id = 1; DELETE FROM other")\n',
        "    op.execute(\"CREATE TYPE x AS ENUM ('a')\")\n",
        '    op.execute(sa.text("INSERT INTO item VALUES (:a)").bindparams(a=1))\n',
        '    op.execute(sa.table("item").update().values(id=1))\n',
        '    op.get_bind().execute(sa.select(sa.text("1"))).fetchall()\n',
        '    for row in op.get_bind().execute("SELECT 1"):\n        op.execute(f"DELETE FROM item {row}")\n',
        '    op.bulk_insert(sa.table("item"), [{"id": 1}])\n',
        '    sa.Enum("a", name="x").create(op.get_bind())\n',
        '    op.execute("ALTER TABLE item ENABLE ROW LEVEL SECURITY")\n',
    ],
)
def test_data_and_other_objects_change_no_table(body: str) -> None:
    found = history(body)
    assert not found.is_opaque
    assert not any(found.replay.schema.is_unknown(key) for key in found.replay.schema.tables)


def test_a_missing_revision_and_an_unreadable_one_leave_everything_open() -> None:
    gap = 'revision = "c"\ndown_revision = "b"\n\n\ndef upgrade():\n    pass\n'
    assert [step.note for step in history("", c=gap).replay.schema.opaque] == [
        "is built on and no file has it"
    ]
    broken = history("", c="def upgrade(:\n")
    assert [step.note for step in broken.replay.schema.opaque] == ["could not be analysed"]


def test_a_cycle_of_revisions_ends() -> None:
    one = 'revision = "x"\ndown_revision = "y"\n\n\ndef upgrade():\n    pass\n'
    two = 'revision = "y"\ndown_revision = "x"\n\n\ndef upgrade():\n    pass\n'
    found = history("", x=one, y=two)
    assert found.is_opaque
    assert found.environment.has_cycle
    assert set(found.replay.schema.tables) == {"item", "other"}


def test_tables_that_no_migration_creates_say_that_the_schema_starts_elsewhere() -> None:
    found = history('    op.add_column("older", sa.Column("x", sa.Integer))\n')
    assert found.starts_elsewhere
    assert not history("").starts_elsewhere


def test_a_column_altered_and_never_added_is_there() -> None:
    found = history('    op.alter_column("item", "ghost", nullable=False)\n')
    column = found.replay.schema.tables["item"].columns["ghost"]
    assert (column.type, column.nullable) == (None, False)


def test_what_is_not_known_is_asked_once_for_each_place() -> None:
    model = """
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from somewhere import name


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = name()
    id: Mapped[int] = mapped_column(primary_key=True)
"""
    files = {
        "models.py": SourceFile("models.py", model.encode()),
        "versions/a.py": SourceFile("versions/a.py", (FIRST + "    op.execute(names())\n").encode()),
    }
    questions = [(q.kind, q.path, q.line) for q in Project(files, Options()).questions()]
    assert questions == [
        ("unresolved-table-name", "models.py", 10),
        ("unreplayed-migration", "versions/a.py", 14),
    ]
