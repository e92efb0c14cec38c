"""The mark of deleted rows, put into a query that leaves it out."""

from __future__ import annotations

from rules.finding import Fix, Safety
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.soft_deletes import Unfiltered
from rules.project.repairs.insertions import inserted
from rules.project.repairs.owner_clauses import clause_behind


def without_deleted(isolation: Isolation, found: Unfiltered) -> Fix | None:
    """`.where(Note.deleted_at.is_(None))` behind the statement's beginning; None for a fetch by key."""
    column = found.table.of_attribute(found.mark)
    if column is None or column.type is None:
        return None
    unset = "False" if column.type.name == "Boolean" else "None"
    if unset == "False" and column.nullable is not False:
        return None
    criterion = f"{{T}}.{found.mark}.is_({unset})"
    clause = clause_behind(found.effect.origin, found.table, isolation, criterion)
    if clause is None:
        return None
    edits = inserted(found.effect.origin.module.source, [clause])
    return Fix(f"Leave out the rows with `{found.mark}`", Safety.SUGGEST, edits)
