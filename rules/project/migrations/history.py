"""All Alembic environments of a tree, replayed, and which of them is answerable for which table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.finding import Place
from rules.project.migrations.import_closure import import_closure
from rules.project.migrations.operations import CREATED_BY_NONE
from rules.project.migrations.replay import Replay, replay
from rules.project.migrations.replayed import ReplayedTable, Step
from rules.project.migrations.revisions import Environment, environments
from rules.project.schema.metadata_identity import metadata_identities
from rules.project.schema.tables import Table, common_depth

if TYPE_CHECKING:
    from rules.evaluation.machine import Machine


@dataclass(slots=True)
class History:
    """One environment's replay. `reached` are the files that its `env.py` imports, directly or not.

    `filtered` says that it leaves out tables by a function of its own; `metadata` which metadata it migrates,
    None where that is not known; `roots` the folders that the reached files are imported from.
    """

    replay: Replay
    reached: frozenset[str]
    roots: frozenset[str]
    filtered: bool
    metadata: frozenset[str] | None

    @property
    def environment(self) -> Environment:
        """The environment that was replayed."""
        return self.replay.environment

    @property
    def is_opaque(self) -> bool:
        """Whether something may have changed tables that are not known."""
        return bool(self.replay.schema.opaque)

    @property
    def starts_elsewhere(self) -> bool:
        """Whether migrations change tables that none creates: the first tables came from somewhere else."""
        return any(reason == CREATED_BY_NONE for reason in self.replay.schema.unknown.values())

    def migrates(self, table: Table) -> bool:
        """Whether the table's metadata may be one that the environment migrates."""
        return self.metadata is None or not table.metadata or table.metadata in self.metadata

    def find(self, table: Table) -> ReplayedTable | None:
        """The replayed table of a model; PostgreSQL's `public` is the default schema."""
        tables = self.replay.schema.tables
        return tables.get(table.key) or (tables.get(table.name) if table.schema in (None, "public") else None)

    def is_unknown(self, table: Table) -> bool:
        """Whether the table may have another shape than the one replayed, or be a view."""
        schema = self.replay.schema
        keys = (table.key, table.name) if table.schema in (None, "public") else (table.key,)
        return any(schema.is_unknown(key) or key in schema.views for key in keys)


@dataclass(slots=True)
class Migrations:
    """The environments of a tree."""

    all: tuple[History, ...]

    def __iter__(self) -> Iterator[History]:
        return iter(self.all)

    def of(self, table: Table) -> History | None:
        """The environment for a table: one that has it, one whose `env.py` reaches it, else the nearest.

        None where there are no migrations, or only those of another backend of the repository.
        """

        def rank(history: History) -> tuple[bool, int, bool]:
            path = table.place.path
            depth = common_depth(history.environment.directory + "/env.py", path)
            return (path in history.reached, depth, history.find(table) is not None)

        own = (h for h in self.all if not h.roots or table.root in h.roots or table.place.path in h.reached)
        return max(own, key=rank, default=None)


def migrations(machine: Machine) -> Migrations:
    """Find and replay every environment."""
    return Migrations(tuple(_history(machine, e) for e in environments(machine)))


def _history(machine: Machine, environment: Environment) -> History:
    found = replay(machine, environment)
    for name in sorted(environment.missing()):
        place = next(r.place for r in environment.revisions if name in r.downs)
        found.schema.opaque.append(Step(place, name, "is built on and no file has it"))
    for path in _unread(machine, environment):
        found.schema.opaque.append(Step(Place(path, 1), path, "could not be analysed"))
    reached = (
        import_closure(machine.index, environment.env) if environment.env is not None else frozenset[str]()
    )
    imported = (machine.index.modules[path] for path in reached if path in machine.index.modules)
    roots = frozenset(module.import_root for module in imported if module is not environment.env)
    data = environment.env.source.data if environment.env is not None else b""
    filtered = b"include_object" in data or b"include_name" in data
    return History(found, reached, roots, filtered, _target_metadata(machine, environment))


def _target_metadata(machine: Machine, environment: Environment) -> frozenset[str] | None:
    if environment.env is None:
        return None
    identities = metadata_identities(machine.scope(environment.env).bindings.get("target_metadata"))
    return None if identities is None else frozenset(identities)


def _unread(machine: Machine, environment: Environment) -> Iterator[str]:
    folders = {r.module.directory for r in environment.revisions}
    for path, module in machine.index.modules.items():
        if module.directory in folders and module.source.problem is not None:
            yield path
