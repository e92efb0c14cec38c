"""The first section's facts: layers, applications, sessions, configuration, tables, and a picture of them."""

from __future__ import annotations

from collections.abc import Iterator

from bot.headline import counted
from bot.render.markdown import bullets, clip, code, fenced, folded
from bot.report import Report
from rules.sections import ApplicationFacts, ArchitectureSummary, SessionFacts

_MOST = 8
"""Of each kind; the rest is counted."""


def architecture_facts(report: Report) -> list[str]:
    """A list of them, and the folded picture."""
    held = report.sections.architecture
    declared = counted(len(report.schema.tables), "table")
    tables = f"{declared} in the models, {len(report.schema.migrated)} in the migrations"
    if held is None:
        return [f"Database: {tables}."]
    lines = [*_layers(held), *_applications(held), *_sessions(held), *_settings(held), f"Database: {tables}."]
    picture = (
        [folded("The architecture as a picture", fenced(held.diagram, "mermaid"))] if held.diagram else []
    )
    return [bullets(lines, len(lines)), *picture]


def named(text: str) -> str:
    """A name of the project."""
    return code(clip(text, 80))


def _layers(held: ArchitectureSummary) -> Iterator[str]:
    if not held.layers:
        return
    order = " → ".join(f"{named(layer.name)} ({layer.modules})" for layer in held.layers[:_MOST])
    outward = [edge for edge in held.edges if edge.outward]
    against = ", ".join(
        f"{named(edge.importer)} → {named(edge.imported)} ×{edge.imports}" for edge in outward[:_MOST]
    )
    yield f"Layers, with their modules: {order}. Imports against the order: {against or 'none'}."


def _applications(held: ArchitectureSummary) -> Iterator[str]:
    for application in held.applications[:_MOST]:
        yield f"Application {named(application.label)}: {_application(application)}."
    if len(held.applications) > _MOST:
        yield f"… and {len(held.applications) - _MOST} more applications."


def _application(application: ApplicationFacts) -> str:
    order = " → ".join(named(name) for name in application.middleware[:_MOST]) or "none"
    mounted = ", mounted" if application.is_mounted else ""
    return f"{counted(application.routes, 'route')}{mounted}; middleware from the outermost in: {order}"


def _sessions(held: ArchitectureSummary) -> Iterator[str]:
    given = "; ".join(_session(session) for session in held.sessions[:_MOST])
    own = (
        f"{counted(held.opened_in_handlers, 'place')} with one of their own"
        if held.opened_in_handlers
        else ""
    )
    if given or own:
        yield f"Database sessions by dependency injection: {'; '.join(filter(None, [given or 'none', own]))}."


def _session(session: SessionFacts) -> str:
    ends = "closed after use" if session.closed else "**never closed**"
    return f"{named(session.dependency)} ({session.mode}, {counted(session.routes, 'route')}, {ends})"


def _settings(held: ArchitectureSummary) -> Iterator[str]:
    classes = ", ".join(
        f"{named(found.name)} ({counted(found.fields, 'field')})" for found in held.settings[:_MOST]
    )
    yield f"Configuration: {classes or 'no settings class'}."
