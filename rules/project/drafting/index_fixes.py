"""An index or a foreign key for a column: in the model, and where there are migrations in a revision."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from rules.finding import Edit, Fix, Place, Safety
from rules.project.drafting.calls import Change
from rules.project.drafting.drift_revisions import revision_after
from rules.project.drafting.key_changes import index_change, reference_change
from rules.project.schema.columns import ForeignKey
from rules.project.schema.drift import Pair
from rules.source import SourceFile

if TYPE_CHECKING:
    from rules.project.project import Project
    from rules.project.schema.columns import Column

_CALLS = {"Field", "Column", "mapped_column"}
_ARGUMENT = "index=True"
_CLASHING = frozenset({"index", "unique", "primary_key"})


def index_fix(project: Project, column: Column) -> Fix | None:
    """None where the declaration is not a plain one, or a table of the column could not be migrated."""
    return _declared(project, column, _ARGUMENT, _CLASHING, lambda pair: [index_change(pair, (column.name,))])


def reference_fix(project: Project, column: Column, target: str) -> Fix | None:
    """A foreign key of a SQLModel field to `target` (`table.column`), with an index where there is none."""
    bare = not (column.index or column.unique or column.primary_key)
    argument = f'foreign_key="{target}"' + (f", {_ARGUMENT}" if bare else "")
    clashing = frozenset({"foreign_key", "primary_key"}) | (_CLASHING if bare else frozenset())
    key = ForeignKey(target)

    def changes(pair: Pair) -> list[Change]:
        indexes = [index_change(pair, (column.name,))] if bare else []
        return [reference_change(pair, column.name, key), *indexes]

    fix = _declared(project, column, argument, clashing, changes)
    if fix is None or "Field(" not in fix.edits[0].replacement:
        return None
    return msgspec.structs.replace(fix, title=f"Declare the key to `{target}`")


def _declared(
    project: Project,
    column: Column,
    argument: str,
    clashing: frozenset[str],
    changes: Callable[[Pair], list[Change]],
) -> Fix | None:
    edits = with_argument(project.files.get(column.place.path), column.place, argument, clashing)
    tables = [t for t in project.tables if any(c.place == column.place for c in t.columns.values())]
    pairs = [pair for pair in project.drift if any(pair.table is table for table in tables)]
    histories = {id(pair.history): pair.history for pair in pairs}
    migrated = [pair for pair in pairs if pair.migrated is not None and pair.certain]
    if not edits or len(migrated) < len(pairs) or len(histories) > 1:
        return None
    if migrated:
        drafted = [change for pair in migrated for change in changes(pair)]
        revision = revision_after(migrated[0].history, drafted, frozenset(project.files))
        if revision is None:
            return None
        edits += revision.edits
    return Fix(f"Index `{column.name}`", Safety.SUGGEST, edits)


def indexed(source: SourceFile | None, place: Place) -> tuple[Edit, ...]:
    """The edit that says `index=True` in the field's call; none where there is no such call to add it to."""
    return with_argument(source, place, _ARGUMENT, _CLASHING)


def with_argument(
    source: SourceFile | None, place: Place, argument: str, clashing: frozenset[str]
) -> tuple[Edit, ...]:
    """The edit that adds an argument to the field's call, unless it has a `clashing` one."""
    if source is None:
        return ()
    first, last = place.line, max(place.end_line, place.line)
    lines = source.lines[first - 1 : last]
    dedented = textwrap.dedent("\n".join(lines))
    call = _call(dedented)
    if call is None and _is_bare(dedented) and b"import Field" in source.data:
        return (Edit(source.path, first, first, f"{lines[0].rstrip()} = Field({argument})\n"),)
    if call is None or any(k.arg is None or k.arg in clashing for k in call.keywords):
        return ()
    given: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    number, offset = _end(given[-1] if given else call.func)
    before = dedented.split("\n")[number - 1].encode()[:offset].decode()
    line = lines[number - 1]
    cut = len(line) - len(dedented.split("\n")[number - 1]) + len(before)
    added = f", {argument}" if given else f"({argument}"
    rest = line[cut:] if given else line[cut + 1 :]
    return (Edit(source.path, first + number - 1, first + number - 1, f"{line[:cut]}{added}{rest}\n"),)


def _end(node: ast.expr | ast.keyword) -> tuple[int, int]:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return node.end_lineno, node.end_col_offset


def _is_bare(text: str) -> bool:
    """Whether the text is a SQLModel field without a value, such as `slug: str`, and nothing beside it."""
    try:
        (statement,) = ast.parse(text).body
    except (SyntaxError, ValueError):
        return False
    plain = isinstance(statement, ast.AnnAssign) and statement.value is None
    return plain and "#" not in text and "\n" not in text.strip() and "Mapped" not in text


def _call(text: str) -> ast.Call | None:
    """The field's own call in the one statement that the text is."""
    try:
        (statement,) = ast.parse(text).body
    except (SyntaxError, ValueError):
        return None
    value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
    if not isinstance(value, ast.Call):
        return None
    name = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
    wraps_column = any(k.arg in {"sa_column", "sa_column_args"} for k in value.keywords)
    return value if name in _CALLS and not wraps_column else None
