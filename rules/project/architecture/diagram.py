"""The architecture as a Mermaid flowchart, as GitHub renders it in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.sections import ApplicationFacts, ArchitectureSummary

_MAX_APPLICATIONS = 6
_MAX_MIDDLEWARE = 8
_MAX_LAYERS = 12
_MAX_TEXT = 48
_UNSAFE = re.compile(r"[^\w .:/,()+-]")


def mermaid(summary: ArchitectureSummary) -> str:
    """The flowchart's source, without a fence; empty where there is nothing to draw.

    Names are cut and freed of what Mermaid or HTML would read as syntax; the number of nodes is bounded.
    """
    if not summary.applications and not summary.layers:
        return ""
    lines = ["flowchart LR", *_applications(summary), *_layers(summary), *_surroundings(summary)]
    return "\n".join([lines[0], *(f"    {line}" for line in lines[1:])]) + "\n"


def _applications(summary: ArchitectureSummary) -> Iterator[str]:
    shown = [a for a in summary.applications if not a.is_mounted and a.routes][:_MAX_APPLICATIONS]
    hidden = len(summary.applications) - len(shown)
    for number, application in enumerate(shown):
        yield f'client(["client"]) --> {_middleware(application, number)}'
        if summary.layers:
            yield f"app{number} --> layer0"
    if hidden > 0:
        yield f'more["{hidden} more, mounted or not shown"]'


def _middleware(application: ApplicationFacts, number: int) -> str:
    """The way into an application: its middleware from the outermost in, in one node."""
    routes = f"{application.routes} route" + ("" if application.routes == 1 else "s")
    node = f'app{number}["{_text(application.label)}<br/>{routes}"]'
    if not application.middleware:
        return node
    names = [_text(name) for name in application.middleware[:_MAX_MIDDLEWARE]]
    if len(application.middleware) > _MAX_MIDDLEWARE:
        names.append(f"{len(application.middleware) - _MAX_MIDDLEWARE} more")
    return f'middleware{number}["{"<br/>".join(names)}"] --> {node}'


def _layers(summary: ArchitectureSummary) -> Iterator[str]:
    shown = summary.layers[:_MAX_LAYERS]
    numbers = {layer.name: number for number, layer in enumerate(shown)}
    for number, layer in enumerate(shown):
        modules = f"{layer.modules} module" + ("" if layer.modules == 1 else "s")
        yield f'layer{number}["{_text(layer.name)}<br/>{modules}"]'
    for edge in summary.edges:
        if edge.importer in numbers and edge.imported in numbers:
            arrow = f"-. {edge.imports} outward .->" if edge.outward else "-->"
            yield f"layer{numbers[edge.importer]} {arrow} layer{numbers[edge.imported]}"


def _surroundings(summary: ArchitectureSummary) -> Iterator[str]:
    """The database, reached through the session dependency from the innermost layer that is drawn."""
    if not summary.tables or not summary.layers:
        return
    last = min(len(summary.layers), _MAX_LAYERS) - 1
    through = f'-- "{_text(summary.sessions[0].dependency.rpartition(".")[2])}" ' if summary.sessions else ""
    tables = f"{summary.tables} table" + ("" if summary.tables == 1 else "s")
    names = [layer.name for layer in summary.layers[:_MAX_LAYERS]]
    position = names.index("models") if "models" in names else last
    yield f'layer{position} {through}--> database[("{tables}")]'


def _text(name: str) -> str:
    """A name as a label may hold it."""
    safe = _UNSAFE.sub(" ", name).strip()
    return safe if len(safe) <= _MAX_TEXT else f"{safe[: _MAX_TEXT - 1]}…"
