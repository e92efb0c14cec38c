"""Permission checks that cannot be looked into: by a library, by a service, or by a callable's name alone."""

from __future__ import annotations

import re

from rules.evaluation.values import Application
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.privileges import PRIVILEGE
from rules.project.isolation.requests import Step
from rules.project.isolation.terms import argument_values, called_name

_ASKS = re.compile(
    r"^(can|check|ensure|verify|require|authori[sz]e|enforce|assert|validate)_?|permission", re.IGNORECASE
)
_POWER = re.compile(
    r"super_?user|admin|root|master|staff|require_?role|permission|authori[sz]|policy", re.IGNORECASE
)


def asked_elsewhere(inspection: Inspection) -> bool:
    """Whether something that cannot be looked into may refuse ordinary users."""
    return any(_by_name(step) for step in inspection.run.steps[:-1]) or _opaque(inspection)


def _by_name(step: Step) -> bool:
    """Whether a dependency is named for a power, and what decides in it stands outside of the project."""
    name = step.dependant.name.rpartition(".")[2]
    if not _POWER.search(name):
        return False
    if step.guessed or not step.complete or step.dependant.scheme is not None:
        return True
    decides = any(
        effect.kind == "call"
        and isinstance(effect.value, Application)
        and _POWER.search(called_name(effect.value))
        for effect in step.effects
    )
    compares = any(effect.kind == "raise" for effect in step.effects)
    return decides or compares


def _opaque(inspection: Inspection) -> bool:
    """Whether the principal is handed to a call that asks for permission and cannot be entered."""
    provenances = inspection.guards.provenances
    for call in inspection.run.calls:
        name = called_name(call)
        if (_ASKS.search(name) or PRIVILEGE.search(name)) and any(
            provenances.is_principal(a) for a in argument_values(call.arguments)
        ):
            return True
    return False
