"""What a project shows of that its configuration could say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rules.configuration.options import Application, Layer
from rules.discovery import Discovery, FoundDependency, FoundEndpoint
from rules.project.isolation.authentication import Level
from rules.project.isolation.exposure import is_public
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.publicness import reason
from rules.specification.schema import schema_specification_paths

if TYPE_CHECKING:
    from rules.project.project import Project

_NAME = re.compile(r"[\w.]+:[\w.]+(\(\))?")
"""What the configuration takes for an application."""


def discovery(project: Project) -> Discovery:
    """All of it."""
    inspections = project.isolation.inspections()
    found = [table for table in project.tables if project.isolation.ownership.is_user(table)]
    return Discovery(
        applications=tuple(sorted(set(_applications(project)), key=lambda one: (one.root, one.app or ""))),
        public=tuple(sorted(set(_public(inspections)))),
        authenticating=_deciding(inspections, Level.REQUIRED),
        optional=_deciding(inspections, Level.OPTIONAL),
        admin=_admin(inspections),
        user_tables=tuple(sorted({table.name for table in found})),
        owner_columns=tuple(sorted(set(_owner_columns(project)))),
        layers=tuple(_layers(project)),
        api_spec=tuple(one.path for one in project.api_conformance.specifications),
        schema_spec=schema_specification_paths(
            {path: source.data for path, source in project.files.items()}, ()
        ),
    )


def _applications(project: Project) -> Iterator[Application]:
    """Those that a server can start: bound in a module, or made by a factory."""
    for application in project.applications:
        root, _, name = application.label.rpartition("/")
        if application.is_mounted or not _NAME.fullmatch(name):
            continue
        module = name.partition(":")[0]
        for info in project.index.modules.values():
            if info.dotted == module and (not root or info.import_root == root):
                yield Application(root=info.import_root or ".", app=name)
                break


def _public(inspections: Iterable[Inspection]) -> Iterator[FoundEndpoint]:
    for inspection in inspections:
        route = inspection.route
        is_open = inspection.authentication.level in {Level.NONE, Level.OPTIONAL}
        if route.kind == "api" and is_open and is_public(inspection):
            why = reason(route, inspection.run) or ""
            methods = "|".join(sorted(set(route.methods) - {"HEAD"})) or "*"
            yield FoundEndpoint(f"{methods} {route.path}", why)


def _deciding(inspections: Iterable[Inspection], level: Level) -> tuple[FoundDependency, ...]:
    """Those by which the project decides; what a library's scheme asks is known from its arguments."""
    steps = [i.authentication.step for i in inspections if i.authentication.level is level]
    names = [step.dependant.name for step in steps if step is not None and step.dependant.scheme is None]
    return _counted(Counter(names))


def _admin(inspections: Iterable[Inspection]) -> tuple[FoundDependency, ...]:
    """What privileged routes depend on and no other route does."""
    privileged: Counter[str] = Counter()
    ordinary: set[str] = set()
    for inspection in inspections:
        names = {
            dependant.name for dependant in inspection.route.dependant.flat() if dependant.scheme is None
        }
        if inspection.authentication.privileged:
            privileged.update(names)
        else:
            ordinary |= names
    return _counted(Counter({name: count for name, count in privileged.items() if name not in ordinary}))


def _counted(counted: Counter[str]) -> tuple[FoundDependency, ...]:
    named = [(name, count) for name, count in counted.items() if "." in name]
    return tuple(FoundDependency(*one) for one in sorted(named, key=lambda one: (-one[1], one[0])))


def _owner_columns(project: Project) -> Iterator[str]:
    ownership = project.isolation.ownership
    for table in project.tables:
        for owned in ownership.direct(table):
            if not owned.audit:
                yield f"{table.name}.{owned.column.name}"


def _layers(project: Project) -> Iterator[Layer]:
    """Each layer with the folders that it has to itself, and files that share theirs."""
    named = {path: project.layers.of(path) for path in project.index.modules if not _is_blank(project, path)}
    for name in project.layers.names:
        own = {path for path, layer in named.items() if layer is not None and layer.name == name}
        paths = sorted({_widest(path, own, named) for path in own})
        if paths:
            yield Layer(name=name, paths=tuple(paths))


def _is_blank(project: Project, path: str) -> bool:
    return path.endswith("__init__.py") and not project.files[path].data.strip()


def _widest(path: str, own: set[str], every: Iterable[str]) -> str:
    """The widest folder around a file in which every other file is of its layer; else the file."""
    widest = path
    folder = path.rpartition("/")[0]
    while folder and all(one in own for one in every if one.startswith(f"{folder}/")):
        widest = f"{folder}/"
        folder = folder.rpartition("/")[0]
    return f"/{widest}"
