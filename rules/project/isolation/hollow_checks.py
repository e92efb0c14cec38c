"""Dependencies that are there to ask for a privilege, by their name or by what they are given, and do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import Application, Const, FunctionValue, Instance, Origin, Symbol, Value
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.opaque_checks import only_tells
from rules.project.isolation.privileges import PRIVILEGE
from rules.project.isolation.requests import Step
from rules.project.isolation.terms import walk
from rules.project.routing.dependants import Dependant

_POWER = re.compile(
    r"admin|super_?user|staff|moderator|(require|check|ensure|verify|need|has)_?\w*(role|permission|privilege|scope)",
    re.IGNORECASE,
)
_DEMANDS = re.compile(
    r"^(require|ensure|must_be|only|assert)_(?!\w*(user|auth|login|token|session|account$|api|key|active|verified|"
    r"https?|ssl|csrf|json|header|limit|db|database))\w+$"
)


@dataclass(frozen=True, slots=True)
class HollowCheck:
    """A dependency that refuses nobody for what `why` says it asks."""

    dependant: Dependant
    why: str

    @property
    def origin(self) -> Origin | None:
        """The function at fault; else what stands for it."""
        call = self.dependant.call
        method = call.cls.attributes.get("__call__") if isinstance(call, Instance) else None
        if isinstance(method, FunctionValue):
            return Origin(method.module, method.node)
        return self.dependant.definition or self.dependant.declaration


class HollowChecks:
    """Finds them among what a route depends on."""

    def __init__(self, isolation: Isolation) -> None:
        self._isolation = isolation
        self._known: dict[tuple[int, tuple[str, ...]], tuple[Dependant, str | None]] = {}

    def of(self, inspection: Inspection) -> Iterator[HollowCheck]:
        """Those of one route, in order."""
        for dependant in inspection.route.dependant.flat():
            key = (id(dependant.call), dependant.scopes)
            if key not in self._known:
                self._known[key] = (dependant, self._why(dependant))
            why = self._known[key][1]
            if why is not None:
                yield HollowCheck(dependant, why)

    def _why(self, dependant: Dependant) -> str | None:
        steps = [self._isolation.requests.step(d, dependant.scopes) for d in (dependant, *dependant.flat())]
        if not all(step.complete and not step.guessed for step in steps):
            return None
        own, name = steps[0], dependant.name.rpartition(".")[2] or "the dependency"
        if dependant.scopes and not self._asks_for(list(dependant.scopes), steps):
            scopes = ", ".join(f"`{scope}`" for scope in dependant.scopes)
            return f"nothing in `{name}` asks for the scope {scopes} that it is given"
        roles = _roles(dependant.call)
        if roles and not self._asks_for(roles, steps):
            return f"`{name}` never asks for the {', '.join(f'`{role}`' for role in roles)} that it is given"
        if isinstance(dependant.call, FunctionValue) and self._lets_everyone_through(dependant, own):
            return f"`{name}` refuses nobody who is signed in"
        return None

    def _asks_for(self, names: list[str], steps: list[Step]) -> bool:
        """Whether a refusal, or a call that cannot be looked into, has anything to do with the names."""
        for step in steps:
            if step.dependant.scheme is not None and not step.effects:
                continue
            for effect in step.effects:
                tests = [c.test for c in effect.conditions] if effect.kind == "raise" else []
                if any(_mentions(test, names) for test in tests):
                    return True
                opaque = effect.kind == "call" and isinstance(effect.value, Application)
                if opaque and not only_tells(effect.value) and _mentions(effect.value, names):
                    return True
        return False

    def _lets_everyone_through(self, dependant: Dependant, step: Step) -> bool:
        """Whether a dependency named for a power gets the caller and gives it on, whatever it is."""
        parts = dependant.name.split(".")
        if not (any(_POWER.search(part) for part in parts[-2:]) or _DEMANDS.match(parts[-1])):
            return False
        provenances = self._isolation.provenances
        given = [self._isolation.requests.step(below).value for below in dependant.dependencies]
        if not any(value is not None and provenances.is_principal(value) for value in given):
            return False
        idle = all(
            effect.kind in {"return", "call"} and (effect.kind == "return" or only_tells(effect.value))
            for effect in step.effects
        )
        passes = step.value is not None and any(step.value is value for value in given)
        nothing = isinstance(step.value, Const) and step.value.value is None
        return idle and (passes or nothing)


def _roles(call: Value) -> list[str]:
    """The texts that an instance keeps under a name such as `roles`."""
    if not isinstance(call, Instance):
        return []
    kept = [value for name, value in call.attributes.items() if PRIVILEGE.search(name)]
    return [
        node.value
        for value in kept
        for node in walk(value)
        if isinstance(node, Const) and isinstance(node.value, str) and node.value
    ]


def _mentions(value: Value, names: list[str]) -> bool:
    return any(
        (isinstance(node, Const) and node.value in names)
        or (isinstance(node, Symbol) and "scopes" in node.attributes)
        for node in walk(value)
    )
