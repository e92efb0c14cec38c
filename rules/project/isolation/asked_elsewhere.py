"""Permission checks that cannot be looked into: by a library, by a service, or by a callable's name alone."""

from __future__ import annotations

import re

from rules.evaluation.values import Application, Member, Value
from rules.project.isolation.formulas import leaves
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.ownership import Ownership
from rules.project.isolation.privileges import PRIVILEGE
from rules.project.isolation.requests import Step
from rules.project.isolation.rows import Rows
from rules.project.isolation.terms import argument_values, called_name, walk

_ASKS = re.compile(
    r"^(can|check|ensure|verify|require|authori[sz]e|enforce|assert|validate)_?|permission", re.IGNORECASE
)
_PERMITS = re.compile(
    r"^can_|^(enforce|authori[sz]e|is_allowed|is_authori[sz]ed)$|"
    r"^(has|is|check|ensure|require|assert|verify|enforce)_\w*(perm|admin|access|allow|authori|polic|privileg|role)",
    re.IGNORECASE,
)
_ROLE = re.compile(r"(^|_)(role|permission|access_level|privilege)s?$", re.IGNORECASE)
_PASSWORDS = re.compile(r"^(verify|verify_and_update|check_?pw)$|passw", re.IGNORECASE)
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
        given = argument_values(call.arguments)
        if _PERMITS.search(name) and any(provenances.mentions_identity(a) for a in given):
            return True
        asks = _ASKS.search(name) or PRIVILEGE.search(name)
        if asks and not _PASSWORDS.search(name) and any(provenances.is_principal(a) for a in given):
            return True
    return False


def asks_role(inspection: Inspection, ownership: Ownership) -> bool:
    """Whether a refusal rests on a role of the caller for what the client names: an organisation's owner."""
    rows = inspection.guards.rows
    for leaf in (leaf for test in inspection.run.log.tests for leaf in leaves(test)):
        found = rows.comparison(leaf, truth=True)
        for side, against in found.sides() if found is not None else ():
            if not rows.provenances.mentions_identity(against) and _is_role(side, rows, ownership):
                return True
    return False


def _is_role(value: Value, rows: Rows, ownership: Ownership) -> bool:
    """Whether a value is a role that the caller's own row leads to, chosen by what the client sent."""
    provenances = rows.provenances
    if not (provenances.mentions_identity(value) and provenances.clients(value)):
        return False
    if not any(isinstance(node, Member) and _ROLE.search(node.name) for node in walk(value)):
        return False
    tables = [ownership.table(part) for query in rows.rows_in(value) for part in query.tables]
    return all(table is not None and ownership.is_user(table) for table in tables)
