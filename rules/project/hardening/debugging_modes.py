"""Debugging that is on wherever the application runs: tracebacks in answers, a server that reloads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import Application, Const, Instance, Origin, Value, alternatives
from rules.finding import Place
from rules.ir import nodes as ir
from rules.project.hardening.development_guards import is_development_name, only_in_development
from rules.project.isolation.placement import place_of
from rules.project.module_nodes import everything
from rules.project.routing.framework import is_application

if TYPE_CHECKING:
    from rules.project.project import Project


@dataclass(frozen=True, slots=True, eq=False)
class DebuggingMode:
    """One switch; `certain` unless the deployment may turn it off."""

    phrase: str
    cure: str
    place: Place
    certain: bool


def debugging_modes(project: Project) -> Iterator[DebuggingMode]:
    """`FastAPI(debug=True)`, `app.debug = True` and `uvicorn.run(…, reload=True)`."""
    for application in project.applications:
        guarded = only_in_development(application.register.existence)
        if not guarded and project.application_code(application.origin.module.path):
            value = application.value
            given = value.arguments if isinstance(value, Application | Instance) else None
            yield from _debug(given.keywords.get("debug") if given is not None else None, application.origin)
    for use in project.library_uses.attributes:
        if (
            use.name == "debug"
            and is_application(use.owner)
            and not only_in_development(use.effect.conditions)
        ):
            yield from _debug(use.value, use.effect.origin)
    for path, module in project.index.modules.items():
        if (
            b"uvicorn" in module.source.data
            and b"reload" in module.source.data
            and project.application_code(path)
        ):
            for node in everything(module):
                if _runs_and_reloads(node) and not _serves_developers(project, Origin(module, node)):
                    yield DebuggingMode(
                        "the server watches the files and reloads them, in one process",
                        "read `reload` from the settings",
                        place_of(Origin(module, node)),
                        certain=False,
                    )


def _debug(value: Value | None, origin: Origin) -> Iterator[DebuggingMode]:
    for alternative in alternatives(value) if value is not None else ():
        found = alternative.value
        if (
            isinstance(found, Const)
            and found.value is True
            and not only_in_development(alternative.conditions)
        ):
            certain = not found.configurable and not alternative.conditions
            phrase = (
                "debugging is on, and an unhandled error answers with its traceback and the source around it"
            )
            yield DebuggingMode(
                phrase, "read `debug` from the settings, off by default", place_of(origin), certain
            )


def _runs_and_reloads(node: ir.Node) -> bool:
    if not isinstance(node, ir.Call) or not isinstance(node.function, ir.Attribute):
        return False
    owner, given = node.function.value, node.keyword("reload")
    runs = node.function.name == "run" and isinstance(owner, ir.Name) and owner.id == "uvicorn"
    return runs and isinstance(given, ir.Constant) and given.value is True and not _is_local(node)


def _is_local(call: ir.Call) -> bool:
    host = call.keyword("host")
    return isinstance(host, ir.Constant) and host.value in {"localhost", "127.0.0.1"}


def _serves_developers(project: Project, origin: Origin) -> bool:
    """Whether the function around it says so by its name: `develop`, `run_dev`."""
    function = project.frames.enclosing(origin)
    return function is not None and is_development_name(function.name)
