"""How handlers ask for a dependency: `user: CurrentUser`, `dependencies=[Depends(check)]`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rules.evaluation.modules import ModuleInfo
from rules.ir import nodes as ir
from rules.project.isolation.inspection import Inspection
from rules.project.repairs.caller_names import Handler, handler_of
from rules.project.routing.dependants import Dependant

Wanted = Callable[[Dependant], bool]


@dataclass(frozen=True, slots=True)
class Form:
    """The text of a dependency: of a parameter with `name`, or without one of an entry of `dependencies`."""

    name: str
    annotation: str
    default: str

    @property
    def texts(self) -> tuple[str, ...]:
        """The expressions that it is made of."""
        return tuple(text for text in (self.annotation, self.default) if text)

    def parameter(self, name: str) -> str:
        """The parameter in full."""
        annotation = f": {self.annotation}" if self.annotation else ""
        equals = " = " if self.annotation else "="
        return f"{name}{annotation}{equals}{self.default}" if self.default else f"{name}{annotation}"


@dataclass(frozen=True, slots=True)
class Written:
    """A form, and the module and route that it was found in."""

    form: Form
    module: ModuleInfo
    found_in: Inspection


class WrittenForms:
    """The forms of the dependencies of a project that are wanted, read once for all routes."""

    def __init__(self, inspections: Iterable[Inspection], wanted: Wanted) -> None:
        self._found: dict[int, list[Written]] = {}
        for inspection in inspections:
            forms = self._found.setdefault(id(inspection.route.application), [])
            forms.extend(_written(inspection, wanted))

    def near(self, target: Inspection) -> list[Written]:
        """Those of the target's application, one of each, the most used of its own file first."""
        own = target.route.origin.module
        found: Counter[Form] = Counter()
        near: Counter[Form] = Counter()
        first: dict[Form, Written] = {}
        for written in self._found.get(id(target.route.application), ()):
            if written.found_in is target:
                continue
            found[written.form] += 1
            near[written.form] += written.module is own
            known = first.setdefault(written.form, written)
            if written.module is own and known.module is not own:
                first[written.form] = written
        ranked = sorted(found, key=lambda form: (-near[form], -found[form]))
        return [first[form] for form in ranked]


def _written(inspection: Inspection, wanted: Wanted) -> Iterator[Written]:
    handler = handler_of(inspection)
    if handler is None:
        return
    for dependant in inspection.route.dependant.dependencies:
        if not wanted(dependant):
            continue
        if dependant.declared == "parameter" and dependant.parameter is not None:
            form = _parameter(handler, dependant.parameter)
            if form is not None:
                yield Written(form, handler.value.module, inspection)
        elif dependant.declared == "decorator" and dependant.declaration is not None:
            origin = dependant.declaration
            if isinstance(origin.node, ir.Call):
                form = Form("", "", origin.module.source.segment(origin.node))
                yield Written(form, origin.module, inspection)


def _parameter(handler: Handler, name: str) -> Form | None:
    source = handler.value.module.source
    for parameter in handler.function.parameters:
        if parameter.name == name:
            annotation = "" if parameter.annotation is None else source.segment(parameter.annotation)
            default = "" if parameter.default is None else source.segment(parameter.default)
            return None if "\n" in annotation + default else Form(name, annotation, default)
    return None
