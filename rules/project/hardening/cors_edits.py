"""Edits of cross-origin permissions: origins read from the settings, https for http."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.finding import Fix, Safety
from rules.ir import nodes as ir
from rules.project.hardening.cors_faults import CorsFault
from rules.project.hardening.secret_moves import at_hand, new_field
from rules.project.source_edits import replaced

if TYPE_CHECKING:
    from rules.project.project import Project


def cors_fix(project: Project, fault: CorsFault) -> Fix | None:
    """The origins as a field of the settings where any origin is let in; else the https origin."""
    policy = fault.policy
    node = policy.origin.node if policy is not None else None
    if policy is None or not isinstance(node, ir.Call):
        return None
    source = policy.origin.module.source
    if fault.plain:
        text = fault.plain
        edits = replaced(source, source.place(node), f'"{text}"', f'"https://{text.partition("://")[2]}"')
        return Fix("Name the https origin", Safety.SUGGEST, edits) if edits else None
    written = node.keyword("allow_origins")
    found = at_hand(project, policy.origin.module)
    if written is None or found is None or not isinstance(written, ir.Collection):
        return None
    instance, cls = found
    field = new_field(cls, "allowed_origins", "list[str] = []")
    if field is None:
        return None
    name, edit = field
    text = source.segment(written)
    read = replaced(
        source, source.place(written), f"allow_origins={text}", f"allow_origins={instance}.{name}"
    )
    return Fix(f"Read `{name}` through `{cls.node.name}`", Safety.SUGGEST, (*read, edit)) if read else None
