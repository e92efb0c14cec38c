"""A migration does what fails on, or destroys, rows that exist.

## What
A revision adds a NOT NULL column without a default, makes a column NOT NULL without filling it, narrows a
type, adds a uniqueness that rows may already break, drops a column or table, or builds an index under a lock.
Tables that the revision itself creates are exempt, and so are revisions that start a history or that more
than four others follow: they have long run. Beside a base only the revisions are judged that the change adds.

## Why
On the empty database of a test each of these passes. On the production database the first ones stop the
deployment half-way, a drop cannot be undone and breaks the release that still runs, and the locking one stops
every write until it is done.

## Bad
```python
# app/main.py
from fastapi import FastAPI

app = FastAPI()
```
```python
# alembic/versions/0001_create_item.py
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table("item", sa.Column("id", sa.Integer(), primary_key=True))
```
```python
# alembic/versions/0002_add_sku.py
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("item", sa.Column("sku", sa.String(length=64), nullable=False))  # finding
```

## Good
```python
# app/main.py
from fastapi import FastAPI

app = FastAPI()
```
```python
# alembic/versions/0001_create_item.py
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table("item", sa.Column("id", sa.Integer(), primary_key=True))
```
```python
# alembic/versions/0002_add_sku.py
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("item", sa.Column("sku", sa.String(length=64), nullable=True))
    op.execute("UPDATE item SET sku = 'item-' || id")
    op.alter_column("item", "sku", nullable=False)
```

## Fix
Go in steps: add as nullable or with a `server_default`, fill, then forbid NULL; stop using a column in one
release and drop it in the next; find duplicates before a unique constraint; build indexes of tables in use
with `postgresql_concurrently=True` in an `autocommit_block()`.

## References
- https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
- https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
- https://alembic.sqlalchemy.org/en/latest/api/runtime.html#alembic.runtime.migration.MigrationContext.autocommit_block
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.finding import Hit, TrailStep
from rules.project.migrations.hazards import Hazard, HazardousOperation
from rules.rule import Confidence, Rule, Severity

if TYPE_CHECKING:
    from rules.project.project import Project

RULE = Rule(code="BA165", severity=Severity.HIGH, of_change=True)

_SEVERITIES = {
    Hazard.NOT_NULL: Severity.MEDIUM,
    Hazard.NARROWER_TYPE: Severity.MEDIUM,
    Hazard.DROPS_COLUMN: Severity.MEDIUM,
    Hazard.DROPS_TABLE: Severity.MEDIUM,
    Hazard.UNIQUE: Severity.MEDIUM,
    Hazard.LOCKING_INDEX: Severity.LOW,
}
_CONSEQUENCES = {
    Hazard.REQUIRED_COLUMN: "fails as soon as the table has a row; add it nullable or with a "
    "`server_default`, fill it, then forbid NULL",
    Hazard.NOT_NULL: "fails if a row holds NULL, and locks the table while it looks; fill the rows first, "
    "in this revision or an earlier one",
    Hazard.NARROWER_TYPE: "fails if a value does not fit, and locks the table while it rewrites it; look for "
    "such values first, or keep the width",
    Hazard.OTHER_TYPE: "fails where PostgreSQL cannot cast the values by itself, and locks the table while "
    "it rewrites it; give `postgresql_using`, or fill a new column and swap them",
    Hazard.DROPS_COLUMN: "loses its values for good and breaks the release that still runs; stop using "
    "it in one release, drop it in the next",
    Hazard.DROPS_TABLE: "loses its rows for good and breaks the release that still runs; stop using it "
    "in one release, drop it in the next",
    Hazard.UNIQUE: "fails if rows that exist are equal, and stops writes while it compares them; find and "
    "merge duplicates first",
    Hazard.LOCKING_INDEX: "stops every write to the table until it is built; use "
    "`postgresql_concurrently=True` in an `autocommit_block()`",
}


def check(project: Project) -> Iterator[Hit]:
    """Report each operation that fails on, or destroys, rows that exist."""
    yield from map(_hit, project.hazards)


def _hit(found: HazardousOperation) -> Hit:
    revision, start = found.revision, found.revision.place
    return Hit(
        place=found.place,
        message=(
            f"Revision `{revision.identifier}` {found.hazard.value} (`{found.name}`): it "
            f"{_CONSEQUENCES[found.hazard]}."
        ),
        subject=f"{revision.identifier} {found.hazard.name} {found.name}",
        severity=_SEVERITIES.get(found.hazard),
        confidence=Confidence.HIGH if found.certain else Confidence.MEDIUM,
        trail=(
            TrailStep(start.path, start.line, f"revision {revision.identifier}"),
            TrailStep(found.place.path, found.place.line, f"{found.hazard.value}: `{found.name}`"),
        ),
    )
