"""Accesses to owned rows that nothing holds to their owner, with how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rules.evaluation.values import Application
from rules.finding import Place, TrailStep
from rules.project.isolation.accesses import Access, Selection
from rules.project.isolation.asked_elsewhere import asked_elsewhere, asks_role
from rules.project.isolation.authentication import Level
from rules.project.isolation.formulas import Proof, leaves
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.ownership import Ownership
from rules.project.isolation.placement import standing, trail
from rules.project.isolation.tenant_accesses import claimed_tenant, escaping
from rules.project.isolation.terms import plain
from rules.rule import Confidence

_KEYED = frozenset({Selection.KEY, Selection.PARENT})
_MANY = frozenset({"rows", "count", "update", "delete"})
# A path with an address that nobody guesses: knowing it is the permission.
_CAPABILITY = re.compile(r"\{(public_id|share_(id|key)|\w*(token|secret))(:\w+)?\}")


@dataclass(frozen=True, slots=True)
class Hole:
    """One unguarded access of a route."""

    inspection: Inspection
    access: Access
    confidence: Confidence
    precedent: Inspection | None
    tenant: str = ""

    def phrase(self, ownership: Ownership) -> str:
        """What would tie the rows to the caller."""
        if self.tenant:
            return f"Constrain `{self.access.table.model_name}.{self.tenant}` to the caller's own."
        return ownership.owner_phrase(self.access.table)

    @property
    def rank(self) -> tuple[int, bool]:
        """How much it says: surer first, then writes before reads."""
        return self.confidence.rank, self.access.writes

    @property
    def place(self) -> Place:
        """Where the finding stands."""
        return standing(self.inspection, self.access)

    @property
    def trail(self) -> tuple[TrailStep, ...]:
        """The proof, and a route that does check."""
        steps = trail(self.inspection, self.access)
        if self.precedent is None:
            return steps
        place = self.precedent.route.definition_place
        note = f"`{self.precedent.route.title}` does hold `{self.access.table.model_name}` to its owner"
        return (*steps, TrailStep(place.path, place.line, note))


def object_holes(isolation: Isolation) -> Iterator[Hole]:
    """Rows that a client's key selects; one hole for each place of a route, the worst there."""
    for inspection in _ordinary(isolation):
        found: dict[Place, Hole] = {}
        seen: list[tuple[object, ...]] = []
        for access in _open(inspection, isolation):
            key = (id(access.table), *(id(value) for value in access.selected))
            if access.selection not in _KEYED or key in seen:
                continue
            seen.append(key)
            hole = _hole(isolation, inspection, _worst(inspection, access))
            known = found.get(hole.place)
            if known is None or hole.rank > known.rank:
                found[hole.place] = hole
        yield from found.values()
    yield from (hole for hole in _of_tenants(isolation) if hole.access.selection in _KEYED)


def list_holes(isolation: Isolation) -> Iterator[Hole]:
    """Lists, counts and bulk statements with neither key nor owner; one hole for each table of a route."""
    for inspection in _ordinary(isolation):
        found: dict[int, Access] = {}
        for access in _open(inspection, isolation):
            if access.selection is Selection.ALL and access.query.kind in _MANY:
                if isolation.ownership.is_user(access.table) or _authenticates(inspection, access):
                    continue
                known = found.get(id(access.table))
                if known is None or (known.query.kind == "count" and access.query.kind != "count"):
                    found[id(access.table)] = access
        for access in found.values():
            yield _hole(isolation, inspection, access)
    for hole in _of_tenants(isolation):
        if hole.access.selection is Selection.ALL and hole.access.query.kind in _MANY:
            yield hole


def _of_tenants(isolation: Isolation) -> Iterator[Hole]:
    for inspection, access, precedent in escaping(isolation):
        if claimed_tenant(isolation, access) is not None:
            continue
        column = isolation.ownership.tenant_column(access.table)
        name = "" if column is None else column.attribute or column.name
        sure = Confidence.MEDIUM if inspection.run.complete else Confidence.LOW
        yield Hole(inspection, access, sure, precedent, name)


def _ordinary(isolation: Isolation) -> Iterator[Inspection]:
    """Routes that ordinary signed-in users reach, and not only other services."""
    for inspection in isolation.inspections():
        authentication = inspection.authentication
        if authentication.level not in {Level.REQUIRED, Level.OPTIONAL} or authentication.privileged:
            continue
        if _CAPABILITY.search(inspection.route.path):
            continue
        elsewhere = asked_elsewhere(inspection) or asks_role(inspection, isolation.ownership)
        if not isolation.is_service(inspection) and not elsewhere:
            yield inspection


def _open(inspection: Inspection, isolation: Isolation) -> Iterator[Access]:
    for access in inspection.accesses:
        unguarded = access.proof is not Proof.FULL and not isolation.filters_globally
        # Members' rights are often a policy's matter: what was given both row and caller is believed.
        trusted = isolation.ownership.is_shared(access.table) or access.selection is Selection.PARENT
        if unguarded and trusted and _is_helped(inspection, access):
            continue
        if unguarded and _is_private(inspection, isolation, access) and not _is_own_key(isolation, access):
            yield access


def _is_own_key(isolation: Isolation, access: Access) -> bool:
    """Whether the key is computed from the principal too, as a name's hash that nobody else can ask for."""
    return access.selection is Selection.KEY and any(
        isinstance(plain(value), Application) and isolation.provenances.mentions_identity(value)
        for value in access.selected
    )


def _authenticates(inspection: Inspection, access: Access) -> bool:
    """Whether the query is one by which the caller is told, such as the keys that a credential may match."""
    step = inspection.authentication.step
    return step is not None and any(effect is access.query.effect for effect in step.effects)


def _is_private(inspection: Inspection, isolation: Isolation, access: Access) -> bool:
    """Whether what is accessed is some user's own, rather than published or only said to be theirs."""
    if isolation.ownership.is_user(access.table):
        whole = access.writes or inspection.returns_whole_row(access.table)
        return whole or _is_told_apart(inspection, access)
    if not isolation.usage.is_owned(access.table):
        return False
    treatment = isolation.usage.treatment(access.table)
    if access.writes or inspection.authentication.level is not Level.REQUIRED:
        return access.writes
    roster = isolation.ownership.is_roster(access.table, access.keys)
    return not treatment.published and (treatment.owned or not roster)


def _is_told_apart(inspection: Inspection, access: Access) -> bool:
    """Whether the handler compares the user with the caller and then gives both the same."""
    log, rows = inspection.guards.log, inspection.guards.rows
    given: dict[int, int] = {}
    compared: set[int] = set()
    for position, conditions in log.endings:
        effect = log.effects[position]
        if effect.kind != "return" or position < log.handler or rows.source(effect.value) is not access.query:
            continue
        given[id(effect.value)] = given.get(id(effect.value), 0) + 1
        for leaf in (leaf for condition in conditions for leaf in leaves(condition.test)):
            found = rows.comparison(leaf, truth=True)
            for left, right in found.sides() if found is not None else ():
                if rows.source(left) is access.query and rows.provenances.is_principal(right):
                    compared.add(id(effect.value))
    return any(given[value] > 1 for value in compared)


def _worst(inspection: Inspection, first: Access) -> Access:
    """The first access by the key, with the worst use that any access by it has."""
    for access in inspection.accesses:
        same = access.table is first.table and [id(v) for v in access.selected] == [
            id(v) for v in first.selected
        ]
        if same and access.writes and access.proof is not Proof.FULL and not first.writes:
            return replace(first, sink=access.sink)
    return first


def _hole(isolation: Isolation, inspection: Inspection, access: Access) -> Hole:
    return Hole(inspection, access, _confidence(isolation, inspection, access), _precedent(isolation, access))


def _is_helped(inspection: Inspection, access: Access) -> bool:
    """Whether an opaque call that got the row or its key, and the caller, may have refused."""
    moment = inspection.guards.log.moment(access.sink.position, access.sink.conditions)
    return access.proof is Proof.HELPER or inspection.guards.opaque_check(access.query, moment)


def _confidence(isolation: Isolation, inspection: Inspection, access: Access) -> Confidence:
    if _is_helped(inspection, access):
        return Confidence.LOW
    if inspection.guards.exhausted or not inspection.run.complete or access.variant.statement.is_open:
        return Confidence.LOW
    usage = isolation.usage
    user = isolation.ownership.is_user(access.table)
    treatment = usage.treatment(access.table)
    doubtful = (
        inspection.authentication.guessed
        or not inspection.route.resolved
        or (user and not access.writes)
        or not (user or usage.is_certain(access.table))
        or isolation.ownership.is_shared(access.table)
        or (not access.writes and treatment.shared)
        or access.query.kind == "insert"
        or bool(inspection.route.conditions)
        or isolation.authenticator.asks_twice(inspection.run)
    )
    return Confidence.MEDIUM if doubtful else Confidence.HIGH


def _precedent(isolation: Isolation, access: Access) -> Inspection | None:
    return isolation.usage.treatment(access.table).precedent
