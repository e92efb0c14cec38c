"""The Alembic revisions of a tree: which files are revisions, of which environment, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import Const, FunctionValue, Sequence, Value
from rules.finding import Place
from rules.ir import nodes as ir

if TYPE_CHECKING:
    from rules.evaluation.machine import Machine
    from rules.evaluation.modules import ModuleIndex, ModuleInfo


@dataclass(slots=True, kw_only=True)
class Revision:
    """One migration file. `downs` and `depends_on` are the identifiers that it comes after.

    `known` is False where the identifiers could not be read.
    """

    identifier: str
    downs: tuple[str, ...]
    depends_on: tuple[str, ...]
    module: ModuleInfo
    place: Place
    upgrade: FunctionValue | None
    branch_labels: tuple[str, ...] = ()
    known: bool = True

    @property
    def path(self) -> str:
        """The file's path."""
        return self.module.path


@dataclass(slots=True)
class Environment:
    """A folder with Alembic's `env.py` (or the revisions' own folder) and the revisions below it."""

    directory: str
    env: ModuleInfo | None
    revisions: list[Revision]

    def ordered(self) -> list[Revision]:
        """Every revision after those it builds on; independent ones by identifier. Cycles are left out."""
        waiting = {r.identifier: r for r in sorted(self.revisions, key=lambda r: (r.identifier, r.path))}
        labels = {label: r.identifier for r in self.revisions for label in r.branch_labels}
        placed: list[Revision] = []
        done: set[str] = set()
        while waiting:
            ready = [
                r for r in waiting.values() if not (_before(r, labels) & waiting.keys() - {r.identifier})
            ]
            if not ready:
                break
            for revision in ready:
                placed.append(revision)
                done.add(revision.identifier)
                del waiting[revision.identifier]
        return placed

    @property
    def has_cycle(self) -> bool:
        """Whether some revision can never be reached."""
        return len(self.ordered()) < len({r.identifier for r in self.revisions})

    def heads(self) -> list[Revision]:
        """The revisions that no other one builds on, later files last."""
        used = {down for r in self.revisions for down in r.downs}
        return [r for r in self.ordered() if r.identifier not in used]

    def missing(self) -> set[str]:
        """Identifiers that a revision builds on and that no file has."""
        known = {r.identifier for r in self.revisions}
        labels = {label for r in self.revisions for label in r.branch_labels}
        return {d for r in self.revisions for d in r.downs} - known - labels


def _before(revision: Revision, labels: dict[str, str]) -> set[str]:
    names = (*revision.downs, *revision.depends_on)
    return {labels.get(name, name) for name in names}


def is_revision(module: ModuleInfo) -> bool:
    """Whether the file assigns `revision` and `down_revision` at its top level."""
    names = {name for statement in module.source.module.statements for name in _assigned(statement)}
    return {"revision", "down_revision"} <= names


def _assigned(statement: ir.Stmt) -> Iterator[str]:
    targets: Iterable[ir.Expr] = ()
    if isinstance(statement, ir.Assign):
        targets = statement.targets
    elif isinstance(statement, ir.AnnotatedAssign):
        targets = (statement.target,)
    for target in targets:
        if isinstance(target, ir.Name):
            yield target.id


def migration_paths(index: ModuleIndex) -> frozenset[str]:
    """The revision files and the `env.py` files: read for what they do, never for what they declare."""
    revisions = {path for path, module in index.modules.items() if is_revision(module)}
    envs = {path for path, module in index.modules.items() if _is_env(module)}
    return frozenset(revisions | envs)


def _is_env(module: ModuleInfo) -> bool:
    if not module.path.endswith("/env.py") and module.path != "env.py":
        return False
    return any(
        (isinstance(s, ir.ImportFrom) and s.module.partition(".")[0] == "alembic")
        or (isinstance(s, ir.Import) and any(a.name.partition(".")[0] == "alembic" for a in s.names))
        for s in module.source.module.statements
    )  # fmt: skip


def environments(machine: Machine) -> list[Environment]:
    """The environments of a tree, by folder."""
    envs = {m.directory: m for m in machine.index.modules.values() if _is_env(m)}
    found: dict[str, Environment] = {}
    for path in sorted(machine.index.modules):
        module = machine.index.modules[path]
        if not is_revision(module):
            continue
        directory = _environment_directory(module.directory, envs)
        environment = found.setdefault(directory, Environment(directory, envs.get(directory), []))
        environment.revisions.append(revision_of(machine, module))
    return [found[directory] for directory in sorted(found)]


def _environment_directory(directory: str, envs: dict[str, ModuleInfo]) -> str:
    current = directory
    while True:
        if current in envs:
            return current
        if not current:
            break
        current = current.rpartition("/")[0]
    parent = directory.rpartition("/")[0]
    siblings = [d for d in envs if d.rpartition("/")[0] == parent.rpartition("/")[0]]
    return siblings[0] if len(siblings) == 1 else directory


def revision_of(machine: Machine, module: ModuleInfo) -> Revision:
    """The identifiers and the `upgrade` function of one file."""
    bindings = machine.scope(module).bindings
    identifier = _names(bindings.get("revision"))
    downs = _names(bindings.get("down_revision"))
    upgrade = bindings.get("upgrade")
    return Revision(
        identifier=identifier[0] if identifier else module.path,
        downs=downs or (),
        depends_on=_names(bindings.get("depends_on")) or (),
        branch_labels=_names(bindings.get("branch_labels")) or (),
        module=module,
        place=_identifier_place(module),
        upgrade=upgrade if isinstance(upgrade, FunctionValue) else None,
        known=bool(identifier) and downs is not None,
    )


def _identifier_place(module: ModuleInfo) -> Place:
    for statement in module.source.module.statements:
        if "revision" in _assigned(statement):
            return module.source.place(statement)
    return Place(module.path, 1)


def _names(value: Value | None) -> tuple[str, ...] | None:
    """The identifiers in a string, a tuple of strings or None; None where one could not be read."""
    match value:
        case Const(value=None):
            return ()
        case Const(value=str(text)):
            return (text,)
        case Sequence(items=items):
            found = [i.value for i in items if isinstance(i, Const) and isinstance(i.value, str)]
            return tuple(found) if len(found) == len(items) else None
        case _:
            return None
