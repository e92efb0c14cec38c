"""The acting user as the client names it: as the owner that a query asks for or a row gets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import (
    Application,
    Choice,
    Const,
    Dictionary,
    Effect,
    Instance,
    Item,
    Member,
    Operation,
    Symbol,
    Value,
    alternatives,
)
from rules.project.isolation.accesses import Access, Selection
from rules.project.isolation.asked_elsewhere import asked_elsewhere
from rules.project.isolation.authentication import Level
from rules.project.isolation.comparisons import comparison
from rules.project.isolation.formulas import Proof, leaves
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.privileges import privileged
from rules.project.isolation.provenance import is_credential_input
from rules.project.isolation.queries import any_source
from rules.project.isolation.response_fields import model_classes
from rules.project.isolation.roles import ClientInput
from rules.project.isolation.tenant_accesses import claimed_tenant, escaping
from rules.project.isolation.terms import called_name, plain, receiver, walk
from rules.project.isolation.writable_fields import is_link
from rules.project.schema.tables import Table
from rules.rule import Confidence

_ACTOR = re.compile(
    r"^(owner|user|author|creator|sender|poster|reporter)(_?(id|uuid))?$|"
    r"^(created|added|posted|uploaded|sent|performed|submitted)_by(_id)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """An identity that the client chose: `given` names its input, `column` is what it becomes."""

    inspection: Inspection
    effect: Effect
    table: Table
    column: str
    given: str
    is_stored: bool
    confidence: Confidence
    access: Access | None = None


def claims(isolation: Isolation) -> Iterator[Claim]:
    """Every identity that a route for ordinary users believes; one for each table and place of a route."""
    for inspection in isolation.inspections():
        if inspection.authentication.level is not Level.REQUIRED or inspection.authentication.privileged:
            continue
        found = {
            (id(claim.table), id(claim.effect.origin.node)): claim
            for claim in (*_claimed_rows(isolation, inspection), *_stored(isolation, inspection))
        }
        if found and not isolation.is_service(inspection) and not asked_elsewhere(inspection):
            yield from found.values()
    yield from _claimed_tenants(isolation)


def _claimed_tenants(isolation: Isolation) -> Iterator[Claim]:
    """The tenant as the client names it, where privileged users are otherwise held to their own."""
    for inspection, access, _ in escaping(isolation):
        value = claimed_tenant(isolation, access)
        given = None if value is None else sent_as(value)
        named = isolation.ownership.tenant_column(access.table)
        if given is not None and named is not None:
            sure = Confidence.MEDIUM if inspection.run.complete else Confidence.LOW
            effect, table, column = access.query.effect, access.table, named.attribute or named.name
            yield Claim(
                inspection, effect, table, column, given, is_stored=False, confidence=sure, access=access
            )


def _claimed_rows(isolation: Isolation, inspection: Inspection) -> Iterator[Claim]:
    """Queries whose owner's criterion is the client's value, compared with the principal on no path."""
    for access in inspection.accesses:
        if (
            access.selection is not Selection.CLAIM
            or access.proof is Proof.FULL
            or isolation.filters_globally
        ):
            continue
        treatment = isolation.usage.treatment(access.table)
        if not access.writes and treatment.published:
            continue
        given = next((g for v in access.selected if (g := sent_as(v)) is not None), None)
        if given is None:
            continue
        certain = access.proof is Proof.NONE and not (treatment.shared and not access.writes)
        confidence = _confidence(isolation, inspection, access.table, certain=certain)
        if any(_is_weighed(inspection, value) for value in access.selected):
            confidence = Confidence.LOW
        yield Claim(
            inspection,
            access.query.effect,
            access.table,
            access.keys[0],
            given,
            is_stored=False,
            confidence=confidence,
            access=access,
        )


def _stored(isolation: Isolation, inspection: Inspection) -> Iterator[Claim]:
    """New rows, or changed ones, whose owner is the client's value."""
    log = inspection.guards.log
    for position in log.index.either({"values", "model_validate"}, log.index.sets, log.index.instances):
        effect = log.effects[position]
        for table, name, value in _written(isolation, inspection, effect):
            given = sent_as(value)
            if given is None:
                continue
            proof = _compared(inspection, position, value)
            if proof is not Proof.FULL:
                confidence = _confidence(isolation, inspection, table, certain=proof is Proof.NONE)
                yield Claim(inspection, effect, table, name, given, is_stored=True, confidence=confidence)


def _written(
    isolation: Isolation, inspection: Inspection, effect: Effect
) -> Iterator[tuple[Table, str, Value]]:
    """The owner columns that an effect writes by name."""
    ownership, call = isolation.ownership, effect.value
    if effect.kind == "set" and effect.target is not None:
        table = _table_of(isolation, inspection, effect.target)
        if table is not None and effect.name in _owners(isolation, table):
            yield table, effect.name, effect.value
        return
    made: Table | None = None
    if isinstance(call, Instance):
        made = ownership.table(call.cls)
    elif (
        isinstance(call, Application) and called_name(call) == "values" and (of := receiver(call)) is not None
    ):
        variants = inspection.guards.statements.read(of)
        if variants and variants[0].statement.kind in {"insert", "update"}:
            made = ownership.table(variants[0].statement.tables[0])
    elif isinstance(call, Application) and called_name(call) == "model_validate" and effect.kind == "call":
        made = None if (of := receiver(call)) is None else ownership.table(of)
    if made is not None and isinstance(call, Instance | Application):
        owners = _owners(isolation, made)
        yield from ((made, n, v) for n, v in _named(call) if n in owners)


def _named(call: Instance | Application) -> Iterator[tuple[str, Value]]:
    """The columns that a call names: its keywords, and the keys of `update={…}`."""
    yield from call.arguments.keywords.items()
    update = call.arguments.keywords.get("update")
    for key, value in update.items if isinstance(update, Dictionary) else ():
        if isinstance(key, Const) and isinstance(key.value, str):
            yield key.value, value


def _table_of(isolation: Isolation, inspection: Inspection, row: Value) -> Table | None:
    if isinstance(row, Instance):
        return isolation.ownership.table(row.cls)
    query = any_source(row, inspection.guards.rows.results)
    return isolation.ownership.table(query.tables[0]) if query is not None and query.tables else None


def _owners(isolation: Isolation, table: Table) -> frozenset[str]:
    """The attributes that say who acts; in link tables naming others is the purpose."""
    if is_link(table):
        return frozenset()
    guarded = isolation.usage.treatment(table).owned
    return frozenset(
        name
        for owned in isolation.ownership.paths(table)
        if isolation.ownership.names_owner(
            table, name := owned.column.attribute or owned.column.name, depth=0
        )
        and (_ACTOR.match(name) or (guarded and not owned.audit))
    )


def _compared(inspection: Inspection, position: int, value: Value) -> Proof:
    """Whether the value equals the principal there, or the caller is privileged."""
    provenances = inspection.guards.provenances
    wanted = _path(plain(value))

    def leaf(test: Value, /, *, truth: bool) -> Proof:
        if privileged(test, provenances, truth=truth):
            return Proof.FULL
        found = comparison(test, truth=truth)
        if found is None:
            given = isinstance(test, Application) and any(_path(plain(n)) == wanted for n in walk(test))
            return Proof.HELPER if given and truth else Proof.NONE
        equal = any(
            _path(left) == wanted and provenances.is_principal(right) for left, right in found.sides()
        )
        return Proof.FULL if found.equal and equal else Proof.NONE

    return inspection.guards.log.moment(position).proves(leaf)


def _is_weighed(inspection: Inspection, value: Value) -> bool:
    """Whether some test compares the value with the principal, though not on every path."""
    principal = inspection.guards.provenances.is_principal
    wanted = {_path(plain(a.value)) for a in alternatives(plain(value))}
    tests = {id(c.test): c.test for e in inspection.guards.log.effects for c in e.conditions}
    found = (comparison(leaf, truth=True) for test in tests.values() for leaf in leaves(test))
    return any(
        _path(left) in wanted and principal(right) for made in found if made for left, right in made.sides()
    )


def _path(value: Value) -> tuple[object, ...]:
    """The same for two readings of one input, such as `body.owner_id`."""
    if isinstance(value, Member):
        return (*_path(value.of), value.name)
    if isinstance(value, Item) and value.key is not None:
        return (*_path(value.of), id(value.key))
    return (id(value),)


def _confidence(isolation: Isolation, inspection: Inspection, table: Table, *, certain: bool) -> Confidence:
    if not inspection.run.complete or inspection.guards.exhausted:
        return Confidence.LOW
    sure = (
        certain
        and isolation.usage.is_certain(table)
        and inspection.route.resolved
        and not inspection.authentication.guessed
        and not inspection.route.conditions
    )
    return Confidence.HIGH if sure else Confidence.MEDIUM


def sent_as(value: Value) -> str | None:
    """How the client names a value that it sent as it is: `user_id`, `body.owner_id`; None for anything else.

    What was computed from several things is no claim: a user that was looked up may take part in it.
    """
    inner = plain(value)
    match inner:
        case Choice(alternatives=found):
            return next((n for a in found if (n := sent_as(a.value)) is not None), None)
        case Operation(operator="or", operands=operands):
            return next((n for o in operands if (n := sent_as(o)) is not None), None)
        case Symbol(name=name, role=ClientInput() as role):
            models = model_classes(inner.annotation) if inner.annotation is not None else []
            return None if models or is_credential_input(role) else name
        case Member(of=Symbol(name=of, role=ClientInput()), name=name):
            return f"{of}.{name}"
        case Item(of=Symbol(name=of, role=ClientInput()), key=Const(value=str(name))):
            return f"{of}[{name!r}]"
        case _:
            return None
