"""The tree of what FastAPI calls for a request: the handler and all that it depends on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from msgspec import structs

from rules.evaluation.machine import Machine
from rules.evaluation.values import (
    Application,
    ClassValue,
    Condition,
    External,
    FunctionValue,
    Instance,
    Member,
    Origin,
    Value,
    alternatives,
)
from rules.project.routing.callables import definition, held_by_class, qualified_name
from rules.project.routing.framework import is_depends, library_classes, security_scheme, split
from rules.project.routing.inclusion import Declared
from rules.project.routing.library_routers import library_dependency
from rules.project.routing.parameters import Parameter, depends_of, parameter_of, special
from rules.project.routing.readings import flag, is_none, texts
from rules.project.routing.signatures import Signature, SignatureParameter, Signatures

_MAX_DEPTH = 30
_PATH_NAME = re.compile(r"{(.*?)}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dependant:
    """A callable of a request's tree.

    `name` is its qualified name, `parameter` the parameter that receives its result, `declared` how it was
    asked for: `handler`, `parameter`, or the list it stands in (`decorator`, `router`, `include`, `app`);
    `declaration` is the `Depends(...)`, `scheme` the class name of a security scheme, `specials` the
    parameters that FastAPI fills itself (`request` -> `Request`). Without `resolved` something in the tree
    below could not be found out.
    """

    call: Value
    name: str
    declared: str
    parameter: str | None = None
    declaration: Origin | None = None
    definition: Origin | None = None
    scopes: tuple[str, ...] = ()
    use_cache: bool = True
    is_security: bool = False
    scheme: str | None = None
    conditions: tuple[Condition, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    specials: tuple[tuple[str, str], ...] = ()
    dependencies: tuple[Dependant, ...] = ()
    resolved: bool = True

    def flat(self) -> Iterator[Dependant]:
        """All dependencies below this one, each once for every place it is asked for, in order."""
        pending = list(self.dependencies)[::-1]
        while pending:
            current = pending.pop()
            yield current
            pending.extend(current.dependencies[::-1])

    def all_parameters(self) -> Iterator[Parameter]:
        """The request parameters of the whole tree."""
        yield from self.parameters
        for dependant in self.flat():
            yield from dependant.parameters


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a `Depends` asks for."""

    call: Value | None
    declaration: Origin | None
    scopes: tuple[str, ...]
    use_cache: bool
    is_security: bool
    certain: bool


class Dependants:
    """Builds and remembers dependants by callable and path parameters."""

    def __init__(self, machine: Machine) -> None:
        self._signatures = Signatures(machine)
        self._known: dict[object, Dependant] = {}
        self._signature_of: dict[object, tuple[Value, Signature]] = {}
        self._running: set[object] = set()

    @property
    def signatures(self) -> Signatures:
        """The signatures it reads."""
        return self._signatures

    def of_handler(
        self, handler: Value, path: str, declared: tuple[Declared, ...], controller: ClassValue | None = None
    ) -> Dependant:
        """A route's tree: what lists declare first, in FastAPI's order, then the handler's own.

        A `controller` is the class that `cbv` makes the dependency behind the method's `self`.
        """
        names = path_names(path)
        own = self._of(handler, names, 0) if controller is None else self._method(handler, controller, names)
        listed = [self._declared(d, names) for d in declared]
        return replace(
            own,
            declared="handler",
            dependencies=tuple(d for d in listed if d is not None) + own.dependencies,
            resolved=own.resolved and all(d is not None and d.resolved for d in listed),
        )

    def _method(self, handler: Value, controller: ClassValue, names: frozenset[str]) -> Dependant:
        if not isinstance(handler, FunctionValue):
            return self._of(handler, names, 0)
        own = self._of(structs.replace(handler, bound=controller), names, 0)
        made = self._of_parameters(controller, self._signatures.of_controller(controller), names, 1)
        first = handler.node.parameters[0].name if handler.node.parameters else None
        behind = replace(made, parameter=first)
        return replace(
            own,
            call=handler,
            name=qualified_name(handler),
            dependencies=(behind, *own.dependencies),
            resolved=own.resolved and behind.resolved,
        )

    def _declared(self, declared: Declared, names: frozenset[str]) -> Dependant | None:
        asked = _asked(declared.value, None)
        if asked is None or asked.call is None:
            return None
        found = self._asked_for(asked, None, names, 1)
        return replace(found, declared=declared.level, conditions=declared.conditions)

    def _asked_for(
        self, asked: _Asked, parameter: str | None, names: frozenset[str], depth: int
    ) -> Dependant:
        assert asked.call is not None
        found = self._of(asked.call, names, depth)
        return replace(
            found,
            declared="parameter",
            parameter=parameter,
            declaration=asked.declaration,
            scopes=asked.scopes,
            use_cache=asked.use_cache,
            is_security=asked.is_security,
            resolved=found.resolved and asked.certain,
        )

    def _of(self, call: Value, names: frozenset[str], depth: int) -> Dependant:
        call = alternatives(call)[0].value
        key = (call_identity(call), names)
        found = self._known.get(key)
        if found is not None:
            return found
        if key in self._running or depth > _MAX_DEPTH:
            return Dependant(call=call, name=qualified_name(call), declared="parameter", resolved=False)
        self._running.add(key)
        try:
            found = self._build(call, names, depth)
        finally:
            self._running.discard(key)
        self._known[key] = found
        return found

    def _build(self, call: Value, names: frozenset[str], depth: int) -> Dependant:
        library = library_dependency(call)
        if library is not None:
            name, below = library
            dependencies = [self._of(value, names, depth + 1) for value in below]
            return Dependant(
                call=call, name=name, declared="parameter", dependencies=tuple(dependencies),
                resolved=all(d.resolved for d in dependencies),
            )  # fmt: skip
        return self._of_parameters(call, self._signature(call), names, depth)

    def _of_parameters(
        self, call: Value, signature: Signature, names: frozenset[str], depth: int
    ) -> Dependant:
        dependencies, parameters, specials = self._sorted(signature.parameters, names, depth)
        return Dependant(
            call=call,
            name=qualified_name(call),
            declared="parameter",
            definition=definition(call),
            scheme=security_scheme(call),
            parameters=tuple(parameters),
            specials=tuple(specials),
            dependencies=tuple(dependencies),
            resolved=signature.known and all(d.resolved for d in dependencies),
        )

    def _signature(self, call: Value) -> Signature:
        key = call_identity(call)
        if key not in self._signature_of:
            self._signature_of[key] = (call, self._signatures.of(call))
        return self._signature_of[key][1]

    def _sorted(
        self, found: tuple[SignatureParameter, ...], names: frozenset[str], depth: int
    ) -> tuple[list[Dependant], list[Parameter], list[tuple[str, str]]]:
        dependencies: list[Dependant] = []
        parameters: list[Parameter] = []
        specials: list[tuple[str, str]] = []
        for parameter in found:
            declared = depends_of(parameter)
            if declared is not None:
                asked = _asked(*declared)
                if asked is not None and asked.call is not None:
                    dependencies.append(self._asked_for(asked, parameter.name, names, depth + 1))
            elif (kind := special(parameter)) is not None:
                specials.append((parameter.name, kind))
            else:
                parameters.append(parameter_of(parameter, names))
        return dependencies, parameters, specials


def path_names(path: str) -> frozenset[str]:
    """The parameter names of a path template, without convertors."""
    return frozenset(name.partition(":")[0] for name in _PATH_NAME.findall(path))


def _asked(value: Value, annotation: Value | None) -> _Asked | None:
    choices = alternatives(value)
    chosen = next((c.value for c in choices if is_depends(c.value)), None)
    if not isinstance(chosen, Application | Instance):
        return None
    arguments = chosen.arguments
    call = held_by_class(arguments.get(0, "dependency"))
    security = any(split(name)[1] == "Security" for name in library_classes(chosen))
    return _Asked(
        call=annotation if call is None or is_none(call) else call,
        declaration=chosen.origin,
        scopes=texts(arguments.get(1, "scopes")) if security else (),
        use_cache=flag(arguments.get(2 if security else 1, "use_cache"), default=True),
        is_security=security,
        certain=len(choices) == 1 and not arguments.is_open and len(alternatives(call or chosen)) == 1,
    )


def call_identity(call: Value) -> object:
    """What tells one callable from another, wherever it is asked for."""
    if isinstance(call, FunctionValue):
        return id(call.node), id(call.scope), id(call.bound), id(call.wraps)
    if isinstance(call, Member):
        return id(call.of), call.name
    return id(call)


def unknown_in_libraries_alone(dependant: Dependant) -> bool:
    """Whether all that is not known of a tree lies inside libraries' callables, themselves known by name."""
    tree = [dependant, *dependant.flat()]
    origins = [d for d in tree if not d.resolved and all(below.resolved for below in d.dependencies)]
    calls = [d.call.function if isinstance(d.call, Application) else d.call for d in origins]
    return all(isinstance(call, External) for call in calls)
