"""Owner and privilege columns that a copied client schema sets, and what keeps it from doing so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import Application, Condition, Const, Dictionary, Member, Operation, Value
from rules.ir import nodes as ir
from rules.ir.walk import walk as walk_nodes
from rules.project.annotations import class_of, generic_name
from rules.project.isolation.asked_elsewhere import asked_elsewhere
from rules.project.isolation.authentication import Level
from rules.project.isolation.client_copies import Copy, copies
from rules.project.isolation.formulas import Proof
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.ownership import Owned
from rules.project.isolation.privileges import privileged
from rules.project.isolation.terms import called_name, receiver, walk
from rules.project.schema.schemas import Schema, schema_of
from rules.project.schema.tables import Table
from rules.rule import Confidence

_GRANTING = re.compile(
    r"^(is_)?(super_?user|admin(istrator)?|staff|root)$|^(user_)?roles?(_id)?$|^permissions?$|^scopes$|"
    r"^access_level$|^(hashed_password|password_hash|api_?(token|key))$",
    re.IGNORECASE,
)
_VALUABLE = re.compile(
    r"^(is_|email_)?verified$|^is_approved$|^(account_|user_)type$|^(balance|credits?|quota|is_premium|plan|tier|"
    r"(tenant|org|organi[sz]ation|company|workspace)_id)$",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"member|assign|invit|share|follow|permission|grant|collabor|particip|attend|friend|subscri|_to_|link|role",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Writable:
    """A column that the client sets by the copy; `grants` where it gives power rather than ownership."""

    inspection: Inspection
    copy: Copy
    name: str
    schema: Schema
    grants: bool
    confidence: Confidence


def writable_fields(isolation: Isolation) -> Iterator[Writable]:
    """Each owner or privilege column that a route lets ordinary clients set."""
    for inspection in isolation.inspections():
        if inspection.authentication.privileged or inspection.authentication.level is Level.UNKNOWN:
            continue
        found: dict[tuple[int, str], Writable] = {}
        for copy in copies(inspection.guards, isolation.ownership):
            for writable in _of_copy(isolation, inspection, copy):
                found.setdefault((id(copy.table), writable.name), writable)
        if found and not isolation.is_service(inspection) and not asked_elsewhere(inspection):
            yield from found.values()


def _of_copy(isolation: Isolation, inspection: Inspection, copy: Copy) -> Iterator[Writable]:
    schema = schema_of(isolation.machine, copy.source.schema)
    for name, grants, best in columns_at_stake(isolation, inspection, copy.table):
        sent = schema.fields.get(name)
        if sent is None or generic_name(sent.shape.base) == "Literal" or sent.excluded:
            continue
        if not copy.source.passes(name) or name in copy.given or _kept_back(inspection, copy, name):
            continue
        certain = (
            schema.complete
            and inspection.run.complete
            and not inspection.authentication.guessed
            and not (grants and class_of(sent.shape.base) is not None)
        )
        confidence = min(best, Confidence.HIGH if certain else Confidence.MEDIUM, key=lambda c: c.rank)
        yield Writable(inspection, copy, name, schema, grants, confidence)


def columns_at_stake(
    isolation: Isolation, inspection: Inspection, table: Table
) -> Iterator[tuple[str, bool, Confidence]]:
    """The attributes of a table that no ordinary client may choose: name, if it grants power, how sure."""
    ownership = isolation.ownership
    if ownership.is_user(table):
        for column in table.columns.values():
            name = column.attribute or column.name
            if _GRANTING.match(name) or _VALUABLE.match(name):
                yield name, True, Confidence.HIGH if _GRANTING.match(name) else Confidence.MEDIUM
    elif inspection.authentication.level in {Level.REQUIRED, Level.OPTIONAL} and not is_link(table):
        required = inspection.authentication.level is Level.REQUIRED
        for owned in ownership.paths(table):
            best = None if owned.column.primary_key else _stake(isolation, table, owned)
            if best is not None:
                name = owned.column.attribute or owned.column.name
                yield name, False, best if required else min(best, Confidence.MEDIUM, key=lambda c: c.rank)


def _stake(isolation: Isolation, table: Table, owned: Owned) -> Confidence | None:
    """How surely the column decides whose row it is: its user, its tenant, or an owned row above it."""
    treatment = isolation.usage.treatment(table)
    if owned.audit:
        return Confidence.MEDIUM if owned.parent is None and treatment.mostly_guarded else None
    if owned.parent is None:
        if owned.certain:
            return Confidence.HIGH
        return Confidence.LOW if treatment.owned else None
    above = isolation.ownership.is_tenant(owned.parent) or isolation.usage.is_owned(owned.parent)
    return Confidence.MEDIUM if treatment.owned and above else None


def is_link(table: Table) -> bool:
    """Whether rows tie users to something, so that naming another user is their purpose."""
    keys = [c for c in table.columns.values() if c.primary_key]
    linked = len(keys) > 1 and all(c.foreign_keys for c in keys)
    return linked or _LINK.search(table.name) is not None


def _kept_back(inspection: Inspection, copy: Copy, name: str) -> bool:
    """Whether the value is replaced, removed or checked, or the caller is privileged there."""
    guards = inspection.guards
    for position, effect in enumerate(guards.log.effects):
        if effect.kind == "set" and effect.target is not None:
            onto_row = effect.target is copy.row
            before = position < copy.position
            if effect.name == name and (onto_row or (before and _among(effect.target, copy))):
                return True
            if (
                before
                and effect.name == "[]"
                and _among(effect.target, copy)
                and _key(effect.origin.node) == name
            ):
                return True
        elif effect.kind == "call" and position < copy.position and _removes(effect.value, copy, name):
            return True
    if _deleted(copy, name) or _is_checked(inspection, copy, name) or _is_looked_up(inspection, copy, name):
        return True
    moment = guards.log.moment(copy.position)

    def leaf(test: Value, /, *, truth: bool) -> Proof:
        return Proof.FULL if privileged(test, guards.provenances, truth=truth) else Proof.NONE

    return moment.proves(leaf) is Proof.FULL


def _among(value: Value, copy: Copy) -> bool:
    return any(term is value for term in copy.source.terms)


def _key(node: ir.Node) -> object:
    index = node.index if isinstance(node, ir.Subscript) else None
    return index.value if isinstance(index, ir.Constant) else None


def _removes(value: Value, copy: Copy, name: str) -> bool:
    """`data.pop("owner_id")`, `data.update({"owner_id": …})`, `data.update(owner_id=…)`."""
    of = receiver(value)
    if of is None or not isinstance(value, Application) or not _among(of, copy):
        return False
    first = value.arguments.positional[0] if value.arguments.positional else None
    if called_name(value) == "pop":
        return isinstance(first, Const) and first.value == name
    if called_name(value) == "update":
        keys = [k for k, _ in first.items] if isinstance(first, Dictionary) else []
        return name in value.arguments.keywords or any(isinstance(k, Const) and k.value == name for k in keys)
    return False


def _deleted(copy: Copy, name: str) -> bool:
    """`del data["owner_id"]` in a function on the way."""
    module = copy.effect.origin.module
    line = copy.effect.origin.node.line
    for node in walk_nodes(module.source.module.statements):
        if isinstance(node, ir.Function) and node.line <= line <= node.end_line:
            for inner in walk_nodes(module.source.module.body(node)):
                if isinstance(inner, ir.Delete) and any(_key(t) == name for t in inner.targets):
                    return True
    return False


def _is_checked(inspection: Inspection, copy: Copy, name: str) -> bool:
    """Whether some test on the way looks at the field that the client sent, or at the name in a loop."""
    tests: list[Condition] = list(copy.effect.conditions)
    for ending, conditions in inspection.guards.log.endings:
        if ending < copy.position:
            tests += conditions
    return any(_is_about(node, copy, name) for test in tests for node in walk(test.test))


def _is_looked_up(inspection: Inspection, copy: Copy, name: str) -> bool:
    """Whether what the field names was fetched before, so that it could be checked."""
    rows = inspection.guards.rows
    return any(
        isinstance(key, Member) and key.name == name and key.of is copy.source.parameter
        for query in rows.queries
        if query.position < copy.position
        for key in rows.keys(query)
    )


def _is_about(node: Value, copy: Copy, name: str) -> bool:
    if isinstance(node, Member):
        return node.name == name and node.of is copy.source.parameter
    if isinstance(node, Operation) and copy.effect.name == "*":
        return any(isinstance(inner, Const) and inner.value == name for inner in walk(node))
    return False
