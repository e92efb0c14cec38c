"""The schema that migrations have built so far, with what is not known of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from rules.finding import Place
from rules.inventory import ColumnRecord, MigratedTable
from rules.project.migrations.constraint_names import conventional_name, default_name
from rules.project.schema.columns import Column, ForeignKey, Key


@dataclass(frozen=True, slots=True)
class Step:
    """One operation on a table: where it stands, its revision, what it did."""

    place: Place
    revision: str
    note: str


@dataclass(slots=True)
class ReplayedTable:
    """A table as the migrations leave it. `unknown` says why its shape is not known; empty if it is."""

    name: str
    place: Place
    schema: str | None = None
    columns: dict[str, Column] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    unknown: str = ""
    keys_unknown: bool = False

    @property
    def key(self) -> str:
        """The name, with the schema in front where there is one."""
        return f"{self.schema}.{self.name}" if self.schema else self.name

    def constraint(self, name: str, *kinds: str) -> Key | None:
        """The constraint or index of that name."""
        return next((k for k in self.keys if k.name == name and (not kinds or k.kind in kinds)), None)

    def record(self, migrations: str) -> MigratedTable:
        """The table as the schema inventory shows it, with the folder of its migrations."""
        columns = tuple(self._column_record(c) for c in self.columns.values())
        return MigratedTable(self.key, columns, migrations)

    def _column_record(self, column: Column) -> ColumnRecord:
        alone = [k for k in self.keys if k.columns == (column.name,)]
        targets = [
            target
            for key in self.keys
            if key.kind == "foreign"
            for name, target in zip(key.columns, key.targets, strict=False)
            if name == column.name
        ]
        primary = any(k.kind == "primary" and column.name in k.columns for k in self.keys)
        shown = replace(
            column,
            primary_key=primary,
            nullable=column.nullable and not primary,
            unique=any(k.unique and k.kind in {"unique", "index"} for k in alone),
            index=any(k.kind == "index" for k in alone),
            foreign_keys=tuple(ForeignKey(t) for t in targets),
        )
        return shown.record()


@dataclass(slots=True)
class ReplayedSchema:
    """All tables, views' names, and the operations that may have changed anything.

    `opaque` lists operations whose tables are not known: after one, a table or column that is not found
    may still be there.
    """

    tables: dict[str, ReplayedTable] = field(default_factory=dict)
    views: set[str] = field(default_factory=set)
    dropped: dict[str, Step] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    opaque: list[Step] = field(default_factory=list)
    convention: dict[str, str] = field(default_factory=dict)

    def mark_unknown(self, key: str, reason: str) -> None:
        """From here on the table's shape is not known."""
        if key in self.tables:
            self.tables[key].unknown = reason
        else:
            self.unknown.setdefault(key, reason)

    def is_unknown(self, key: str) -> bool:
        """Whether the table may have another shape than the one replayed."""
        table = self.tables.get(key)
        return key in self.unknown or (table is not None and bool(table.unknown))

    def create(self, table: ReplayedTable, step: Step) -> None:
        """CREATE TABLE."""
        table.steps.append(step)
        self.tables[table.key] = table
        self.unknown.pop(table.key, None)
        self.dropped.pop(table.key, None)

    def drop(self, key: str, step: Step) -> None:
        """DROP TABLE."""
        self.unknown.pop(key, None)
        self.tables.pop(key, None)
        self.dropped[key] = step
        for table in self.tables.values():
            table.keys = [k for k in table.keys if not (k.kind == "foreign" and _refers(k, key))]

    def rename(self, key: str, new: str, step: Step) -> None:
        """ALTER TABLE … RENAME TO; keys that other tables have on it follow."""
        table = self.tables.pop(key, None)
        if table is None:
            reason = self.unknown.pop(key, "renamed from a table that no migration creates")
            self.unknown[new] = reason
            return
        table.name = new
        table.steps.append(step)
        self.tables[table.key] = table
        for other in self.tables.values():
            other.keys = [_retarget(k, key, table.key) for k in other.keys]

    def add_key(self, table: ReplayedTable, key: Key) -> None:
        """Add a constraint or index under its own or its default name; a primary key makes NOT NULL."""
        if key.kind == "primary":
            table.keys = [k for k in table.keys if k.kind != "primary"]
            for name in key.columns:
                if name in table.columns:
                    table.columns[name] = replace(table.columns[name], nullable=False)
        table.keys.append(replace(key, name=key.name or self.name_of(table, key)))

    def name_of(self, table: ReplayedTable, key: Key) -> str:
        """The name of an unnamed constraint."""
        agreed = conventional_name(self.convention, key.kind, table.name, key.columns, key.targets)
        alike = [t for t in self.tables.values() if t.name[:20] == table.name[:20] or _nested(t, table)]
        taken = {k.name or "" for t in (*alike, table) for k in t.keys}
        return agreed or default_name(key.kind, table.name, key.columns, taken)

    def rename_column(self, table: ReplayedTable, old: str, new: str) -> None:
        """Rename a column in its place, in the table's keys, and in other tables' references to it."""
        table.columns = {
            (new if name == old else name): (replace(c, name=new) if name == old else c)
            for name, c in table.columns.items()
        }
        for other in self.tables.values():
            other.keys = [_rename_in(k, other, table, old, new) for k in other.keys]

    def drop_column(self, table: ReplayedTable, name: str) -> None:
        """Drop a column with the constraints and indexes over it."""
        table.columns.pop(name, None)
        table.keys = [k for k in table.keys if name not in k.columns]


def _nested(one: ReplayedTable, other: ReplayedTable) -> bool:
    """Whether columns could make the default names of two tables the same."""
    return one.name.startswith(other.name) or other.name.startswith(one.name)


def _refers(key: Key, table: str) -> bool:
    return any(target.rpartition(".")[0] == table for target in key.targets)


def _retarget(key: Key, old: str, new: str) -> Key:
    if not _refers(key, old):
        return key
    return replace(key, targets=tuple(f"{new}.{t.rpartition('.')[2]}" for t in key.targets))


def _rename_in(key: Key, owner: ReplayedTable, table: ReplayedTable, old: str, new: str) -> Key:
    if owner is table and old in key.columns:
        key = replace(key, columns=_swap(key.columns, old, new))
    target = f"{table.key}.{old}"
    if target in key.targets:
        key = replace(key, targets=_swap(key.targets, target, f"{table.key}.{new}"))
    return key


def _swap(names: Iterable[str], old: str, new: str) -> tuple[str, ...]:
    return tuple(new if name == old else name for name in names)
