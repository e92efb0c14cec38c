"""The facts of the report's first section: layers, applications, sessions, settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.project.layering.environment_reads import settings_classes
from rules.project.layering.module_imports import imported_modules, imports_at_run_time
from rules.project.sessions.opened_in_handlers import gives_session, opened_in_handlers
from rules.project.sessions.session_values import session_of
from rules.project.sessions.unclosed import unclosed_sessions
from rules.sections import (
    ApplicationFacts,
    ArchitectureSummary,
    LayerEdge,
    LayerFacts,
    SessionFacts,
    SettingsFacts,
)

if TYPE_CHECKING:
    from rules.project.project import Project
    from rules.project.routing.applications import WebApplication


def architecture_summary(project: Project) -> ArchitectureSummary:
    """The facts of one project."""
    names = {path: layer.name for path in project.index.modules if (layer := project.layers.of(path))}
    counted = Counter(names.values())
    return ArchitectureSummary(
        layers=tuple(LayerFacts(name, counted[name]) for name in project.layers.names if counted[name]),
        edges=tuple(_edges(project, names)),
        applications=tuple(_application(application) for application in project.applications),
        sessions=tuple(_sessions(project)),
        opened_in_handlers=sum(not found.is_engine for found in opened_in_handlers(project)),
        settings=tuple(
            SettingsFacts(s.model.node.name, s.model.module.path, len(s.fields))
            for s in settings_classes(project)
        ),
        routes=len(project.routes),
        tables=len(project.tables),
    )


def _application(application: WebApplication) -> ApplicationFacts:
    return ApplicationFacts(
        application.label,
        len(application.placed),
        tuple(middleware.label for middleware in application.middleware),
        len(application.mounts),
        application.is_mounted,
    )


def _edges(project: Project, names: dict[str, str]) -> Iterator[LayerEdge]:
    """Imports between different layers, the most frequent first."""
    counted: Counter[tuple[str, str]] = Counter()
    outward: set[tuple[str, str]] = set()
    for path, importer in names.items():
        module = project.index.modules[path]
        for node in imports_at_run_time(module):
            for target in imported_modules(project.index, module, node):
                imported = names.get(target.path)
                if imported is not None and imported != importer:
                    counted[importer, imported] += 1
                    if not project.layers.allows(path, target.path):
                        outward.add((importer, imported))
    for edge, imports in counted.most_common():
        yield LayerEdge(*edge, imports, edge in outward)


def _sessions(project: Project) -> Iterator[SessionFacts]:
    """The dependencies that give sessions, those that most routes use first."""
    leaking = {id(found.function) for found in unclosed_sessions(project) if found.function is not None}
    routes: Counter[str] = Counter()
    modes: dict[str, str] = {}
    closed: dict[str, bool] = {}
    for request in project.request_sessions:
        for step in request.inspection.run.steps[:-1]:
            session = session_of(step.value) if step.value is not None and gives_session(step) else None
            if session is None:
                continue
            name = step.dependant.name
            routes[name] += 1
            modes[name] = session.mode
            definition = step.dependant.definition
            closed[name] = definition is None or id(definition.node) not in leaking
    for name, count in routes.most_common():
        yield SessionFacts(name, modes[name], count, closed[name])
