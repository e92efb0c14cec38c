"""The migrations do not form one line: several heads, a gap, a cycle, or two revisions of one identifier.

## What
The graph that `revision` and `down_revision` form has more than one head outside labelled branches, names a
revision that no file has, runs in a circle, or has one identifier twice.

## Why
`alembic upgrade head` refuses all of them, so the deployment stops. Two heads arise when two branches of the
repository add a migration to the same parent: each passes alone, and the merge breaks.

## Bad
```python
# app/main.py
from fastapi import FastAPI

app = FastAPI()
```
```python
# alembic/versions/0001_start.py
revision = "0001"
down_revision = None


def upgrade() -> None:
    pass
```
```python
# alembic/versions/0002_labels.py
revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    pass
```
```python
# alembic/versions/0003_colors.py
revision = "0003"  # finding
down_revision = "0001"


def upgrade() -> None:
    pass
```

## Good
```python
# app/main.py
from fastapi import FastAPI

app = FastAPI()
```
```python
# alembic/versions/0001_start.py
revision = "0001"
down_revision = None


def upgrade() -> None:
    pass
```
```python
# alembic/versions/0002_labels.py
revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    pass
```
```python
# alembic/versions/0003_colors.py
revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    pass
```

## Fix
Let the later revision follow the other head, or join them with `alembic merge heads`. Do not change
identifiers that a database has already recorded.

## References
- https://alembic.sqlalchemy.org/en/latest/branches.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.finding import Hit, TrailStep
from rules.project.migrations.graph_faults import FaultyRevision, GraphFault, graph_faults
from rules.rule import Confidence, Rule, Severity

if TYPE_CHECKING:
    from rules.project.migrations.revisions import Environment
    from rules.project.project import Project

RULE = Rule(code="BA164", severity=Severity.HIGH)


def check(project: Project) -> Iterator[Hit]:
    """Report what keeps each environment from one head."""
    all_environments = [history.environment for history in project.migrations]
    for environment in all_environments:
        elsewhere = (e for e in all_environments if e is not environment)
        known = frozenset(r.identifier for e in elsewhere for r in e.revisions)
        sure = _is_read(project, environment)
        for fault in graph_faults(environment, known):
            yield _hit(fault, Confidence.HIGH if sure else Confidence.LOW)


def _is_read(project: Project, environment: Environment) -> bool:
    """Whether every file beside the revisions could be read, and every revision's identifiers."""
    folders = {r.module.directory for r in environment.revisions}
    read = all(
        module.source.problem is None
        for module in project.index.modules.values()
        if module.directory in folders
    )
    return read and all(r.known for r in environment.revisions)


def _hit(fault: FaultyRevision, confidence: Confidence) -> Hit:
    revision = fault.revision
    return Hit(
        place=revision.place,
        message=_message(fault),
        subject=f"{fault.fault.value} {revision.identifier}",
        confidence=confidence,
        trail=tuple(
            TrailStep(r.place.path, r.place.line, f"revision {r.identifier}, after {_after(r.downs)}")
            for r in (*fault.others, revision)
        ),
    )


def _after(downs: tuple[str, ...]) -> str:
    return " and ".join(downs) or "nothing"


def _message(fault: FaultyRevision) -> str:
    name = fault.revision.identifier
    others = " and ".join(f"`{r.identifier}`" for r in fault.others)
    match fault.fault:
        case GraphFault.HEADS:
            return (
                f"Revision `{name}` is a head beside {others}, so `alembic upgrade head` stops with "
                f'"Multiple head revisions are present"; let it follow the other, or merge them.'
            )
        case GraphFault.GAP:
            return (
                f"Revision `{name}` follows `{fault.missing}`, which no file has, so every Alembic command "
                f"fails; add the missing file or correct `down_revision`."
            )
        case GraphFault.CYCLE:
            return (
                f"Revision `{name}` follows itself through {others or 'its own `down_revision`'}, so Alembic "
                f"finds no order; correct `down_revision`."
            )
        case GraphFault.TWIN:
            paths = " and ".join(f"`{r.path}`" for r in fault.others)
            return (
                f"The identifier `{name}` is also that of {paths}, and Alembic keeps only one of them; "
                f"give the later revision an identifier of its own."
            )
