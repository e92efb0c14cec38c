"""Rows of other tenants that privileged users reach, where they are otherwise held to their own."""

from __future__ import annotations

from collections.abc import Iterator

from rules.evaluation.values import Value
from rules.project.isolation.accesses import Access, Selection
from rules.project.isolation.formulas import Proof
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.schema.tables import Table

_ENOUGH = 2
_Found = tuple[Inspection, Access]


def escaping(isolation: Isolation) -> Iterator[tuple[Inspection, Access, Inspection]]:
    """Accesses that leave the tenant, each with a route of the same privilege that does not.

    Platform administrators reach all tenants on purpose; those of one tenant are told by most of the routes
    that ask for the same privilege.
    """
    if not any(isolation.ownership.tenant_column(table) for table in isolation.tables):
        return
    groups: dict[tuple[object, ...], list[_Found]] = {}
    for inspection in isolation.inspections():
        for access in isolation.privileged_accesses(inspection):
            if _is_tenants(isolation, access.table):
                groups.setdefault((id(access.table), *_privilege(isolation, inspection)), []).append(
                    (inspection, access)
                )
    for found in groups.values():
        held = {id(i): i for i, access in found if access.proof is Proof.FULL}
        left = [(i, access) for i, access in found if access.proof is Proof.NONE]
        if len(held) >= _ENOUGH and len(held) > len({id(i) for i, _ in left}):
            precedent = next(iter(held.values()))
            yield from ((inspection, access, precedent) for inspection, access in left)


def claimed_tenant(isolation: Isolation, access: Access) -> Value | None:
    """The tenant that the client names for the rows, where it does."""
    column = isolation.ownership.tenant_column(access.table)
    name = None if column is None else column.attribute or column.name
    pairs = zip(access.keys, access.selected, strict=True)
    keyed = access.selection in {Selection.KEY, Selection.CLAIM}
    return next((value for key, value in pairs if keyed and key == name), None)


def _is_tenants(isolation: Isolation, table: Table) -> bool:
    return isolation.ownership.tenant_column(table) is not None


def _privilege(isolation: Isolation, inspection: Inspection) -> tuple[str, ...]:
    """The dependencies that ask for the privilege."""
    steps = inspection.run.steps[:-1]
    return tuple(sorted({s.dependant.name for s in steps if isolation.authenticator.is_privileged(s)}))
