"""Every table that the project's models declare, as `metadata.tables` would have it at run time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from rules.evaluation.values import Application, ClassValue, Value
from rules.finding import Place
from rules.inventory import TableRecord
from rules.project.schema.columns import Column, Key
from rules.project.schema.relationships import Relationship


@dataclass(slots=True, kw_only=True)
class Table:
    """A table. `model` is the mapped class or the `Table(...)` call, `qualified` its dotted name.

    `complete` is False where columns may exist that are not known; `is_view` where the model says that
    no migration makes it; `metadata` which `MetaData` it is in, empty where that is not known.
    """

    name: str
    schema: str | None
    model: Value
    qualified: str
    place: Place
    columns: dict[str, Column]
    keys: tuple[Key, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    complete: bool = True
    is_view: bool = False
    metadata: str = ""
    classes: tuple[ClassValue, ...] = ()

    @property
    def key(self) -> str:
        """The key in `metadata.tables`: the name, with the schema in front where there is one."""
        return f"{self.schema}.{self.name}" if self.schema else self.name

    @property
    def model_name(self) -> str:
        """The class's or variable's own name."""
        return self.qualified.rpartition(".")[2]

    @property
    def root(self) -> str:
        """The folder that the model is imported from; empty for the tree's own."""
        module = self.model.origin.module if isinstance(self.model, Application) else None
        if isinstance(self.model, ClassValue):
            module = self.model.module
        return module.import_root if module is not None else ""

    def of_attribute(self, name: str) -> Column | None:
        """The column behind an attribute of the model (or of that very name)."""
        found = next((c for c in self.columns.values() if c.attribute == name), None)
        return found if found is not None else self.columns.get(name)

    def record(self, migrations: str | None) -> TableRecord:
        """The table as the schema inventory shows it, with the folder of its migrations."""
        return TableRecord(
            name=self.key,
            model=self.qualified,
            file=self.place.path,
            line=self.place.line,
            columns=tuple(c.record() for c in self.columns.values()),
            root=self.root,
            migrations=migrations,
        )


@dataclass
class Tables:
    """All tables of a tree. A repository with several backends may hold several tables of one name."""

    all: list[Table] = field(default_factory=list)
    unnamed: list[ClassValue] = field(default_factory=list)

    def __iter__(self) -> Iterator[Table]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def of_class(self, cls: Value) -> Table | None:
        """The table that a class is mapped to, also through single-table inheritance, or a call makes."""
        return self._by_model.get(id(cls.node) if isinstance(cls, ClassValue) else id(cls))

    def find(self, key: str, near: str) -> Table | None:
        """The table of that key (or bare name) whose file lies nearest to the path `near`."""
        found = self._by_key.get(key, ())
        return max(found, key=lambda t: common_depth(t.place.path, near), default=None)

    @cached_property
    def _by_model(self) -> dict[int, Table]:
        found = {id(table.model): table for table in self.all}
        for table in reversed(self.all):
            found.update({id(cls.node): table for cls in table.classes})
        return found

    @cached_property
    def _by_key(self) -> dict[str, list[Table]]:
        found: dict[str, list[Table]] = {}
        for table in self.all:
            found.setdefault(table.key, []).append(table)
        for table in self.all:
            if table.schema and not any(t.key == table.name for t in found.get(table.name, ())):
                found.setdefault(table.name, []).append(table)
        return found

    def where(self, keep: Callable[[Table], bool]) -> Tables:
        """The tables that a condition keeps."""
        return Tables([t for t in self.all if keep(t)], self.unnamed)


def common_depth(left: str, right: str) -> int:
    """How many leading folders two paths share."""
    depth = 0
    for a, b in zip(left.split("/")[:-1], right.split("/")[:-1], strict=False):
        if a != b:
            break
        depth += 1
    return depth
