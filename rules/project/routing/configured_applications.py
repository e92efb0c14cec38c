"""The applications that the configuration names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.configuration.options import Application, Options
from rules.evaluation.machine import Machine
from rules.evaluation.modules import ModuleInfo, join
from rules.evaluation.values import Arguments, Origin, Unknown, Value, alternatives
from rules.finding import Question
from rules.project.code_places import folder
from rules.project.routing.framework import is_application


@dataclass(frozen=True, slots=True)
class ConfiguredApplication:
    """An application that the configuration names: `module:name`, imported from the folder `root`."""

    value: Value
    root: str
    name: str


def configured(machine: Machine, options: Options) -> dict[int, ConfiguredApplication]:
    """The named applications by identity."""
    return {
        id(value): ConfiguredApplication(value, folder(named), named.app or "")
        for named in options.applications
        for value in _values(machine, named)
    }


def not_found(machine: Machine, options: Options) -> Iterator[Question]:
    """A question for each name that leads to no application."""
    for named in options.applications:
        if named.app is not None and not list(_values(machine, named)):
            yield Question(
                "application-not-found",
                folder(named) or ".",
                1,
                f"the configuration names the application `{named.app}`, which could not be found; "
                "is its `root` the folder that `module:name` is imported from?",
            )


def _values(machine: Machine, named: Application) -> Iterator[Value]:
    dotted, _, path = (named.app or "").partition(":")
    module = _module(machine, folder(named), dotted)
    if module is None or not path:
        return
    names = path.removesuffix("()").split(".")
    value: Value = machine.scope(module).bindings.get(names[0]) or Unknown("no such name")
    origin = Origin(module, module.source.module.statements[0])
    for name in names[1:]:
        value = machine.wiring.attribute(machine.wiring, value, name, origin)
    if path.endswith("()"):
        value = machine.call(value, Arguments(), origin)
    yield from (a.value for a in alternatives(value) if is_application(a.value))


def _module(machine: Machine, folder: str, dotted: str) -> ModuleInfo | None:
    path = join(folder, dotted.replace(".", "/"))
    found = machine.index.modules.get(f"{path}.py") or machine.index.modules.get(f"{path}/__init__.py")
    return found if found is not None and found.source.module.statements else None
