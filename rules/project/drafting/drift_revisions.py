"""A ready Alembic revision for each environment whose tables differ from the models."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from rules.finding import Edit, Fix, Safety
from rules.project.drafting.calls import Change
from rules.project.drafting.column_changes import added_columns, altered_columns
from rules.project.drafting.key_changes import added_keys
from rules.project.drafting.new_tables import new_tables
from rules.project.drafting.revision_text import file_name, identifier, revision_text
from rules.project.migrations.history import History
from rules.project.schema.drift import Pair

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MOST_CHANGES = 60
"""More than these are no drift of one change but another history: `alembic` itself is the tool for them."""


@dataclass(frozen=True, slots=True)
class DriftRevisions:
    """The fixes by environment, and by the differences that they end."""

    fixes: Mapping[int, Fix] = field(default_factory=dict)
    cured: frozenset[tuple[int, str, str]] = frozenset()

    def cure(self, pair: Pair, kind: str, subject: str) -> Fix | None:
        """The revision that ends a difference: a `table`, `column`, `type`, `nullability` or `key`."""
        key = (id(pair.history), kind, subject)
        return self.fixes.get(id(pair.history)) if key in self.cured else None


def drift_revisions(pairs: Iterable[Pair], files: Iterable[str]) -> DriftRevisions:
    """One revision an environment, after its only head, for all differences that can be ended safely."""
    by_history: dict[int, list[Pair]] = {}
    for pair in pairs:
        by_history.setdefault(id(pair.history), []).append(pair)
    taken = frozenset(files)
    fixes: dict[int, Fix] = {}
    cured: set[tuple[int, str, str]] = set()
    for number, same in by_history.items():
        changes = list(_changes(same))
        fix = revision_after(same[0].history, changes, taken)
        if fix is not None:
            fixes[number] = fix
            cured |= {(number, kind, subject) for change in changes for kind, subject in change.cures}
    return DriftRevisions(fixes, frozenset(cured))


def _changes(pairs: list[Pair]) -> Iterator[Change]:
    certain = list({p.table.key: p for p in pairs if p.certain and _is_drafted(p)}.values())
    alone = {p.table.key for p in certain if sum(q.table.key == p.table.key for q in pairs) == 1}
    certain = [p for p in certain if p.table.key in alone]
    yield from new_tables(p.table for p in certain if p.migrated is None)
    for pair in certain:
        if pair.migrated is not None:
            added = list(added_columns(pair))
            yield from (change for _, change in added)
            yield from altered_columns(pair)
            yield from added_keys(pair, pair.migrated, [column.name for column, _ in added])


def _is_drafted(pair: Pair) -> bool:
    """Whether table and columns have names that need no quoting anywhere."""
    names = (pair.table.name, pair.table.schema or "x", *pair.table.columns)
    return pair.table.complete and all(_PLAIN.fullmatch(name) for name in names)


def revision_after(history: History, changes: list[Change], taken: frozenset[str]) -> Fix | None:
    """The changes as one revision after the only head of an environment; None without one."""
    heads = history.environment.heads()
    if not changes or len(changes) > _MOST_CHANGES or len(heads) != 1 or not heads[0].known:
        return None
    head = heads[0]
    revision = identifier(head.identifier, changes)
    folder = head.path.rpartition("/")[0]
    path = f"{folder}/{file_name(revision)}" if folder else file_name(revision)
    if path in taken or not re.fullmatch(r"[\w.-]+", head.identifier):
        return None
    text = revision_text(revision, head.identifier, changes)
    title = f"Add the revision `{path}` after `{head.identifier}`"
    return Fix(title, Safety.SUGGEST, (Edit(path, 1, 0, text),))
