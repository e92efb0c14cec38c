"""The file of an Alembic revision."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from rules.project.drafting.calls import Change, indented

_TITLE = "Bring the database to what the models declare."
_NOTE = """Read it before you run it: a value that rows get here is the model's default or the neutral one of
its type, and a large table is locked for as long as a statement takes."""
_SLUG = "models"


def identifier(head: str, changes: Sequence[Change]) -> str:
    """Twelve hexadecimal digits, like Alembic's: the same for the same changes after the same head."""
    parts = "\n".join((head, *(statement for change in changes for statement in change.up)))
    return hashlib.sha256(parts.encode()).hexdigest()[:12]


def file_name(revision: str) -> str:
    """As Alembic names it."""
    return f"{revision}_{_SLUG}.py"


def revision_text(revision: str, head: str, changes: Sequence[Change]) -> str:
    """The whole file: what to do in order, and back."""
    plain = [change for change in changes if not change.concurrent]
    concurrent = [change for change in changes if change.concurrent]
    up = _body([s for c in plain for s in c.up], [s for c in concurrent for s in c.up])
    undone = [s for c in reversed(plain) for s in c.down]
    down = _body([], [s for c in reversed(concurrent) for s in c.down]) if concurrent else ""
    body = f"{up}{down}{undone}"
    imports = ["import sqlalchemy as sa", "from alembic import op"]
    if "postgresql." in body:
        imports.append("from sqlalchemy.dialects import postgresql")
    if "sa." not in body:
        imports.remove("import sqlalchemy as sa")
    return (
        f'"""{_TITLE}\n\n{_NOTE}\n\nRevision ID: {revision}\nRevises: {head}\n"""\n\n'
        + "\n".join(imports)
        + f'\n\nrevision = "{revision}"\ndown_revision = "{head}"\nbranch_labels = None\ndepends_on = None\n'
        + f"\n\ndef upgrade() -> None:\n{up}\n\ndef downgrade() -> None:\n{down}{_body(undone, [])}"
    )


def _body(plain: Sequence[str], concurrent: Sequence[str]) -> str:
    text = "".join(f"{indented(statement, 1)}\n" for statement in plain)
    if concurrent:
        text += "    with op.get_context().autocommit_block():\n"
        text += "".join(f"{indented(statement, 2)}\n" for statement in concurrent)
    return text
