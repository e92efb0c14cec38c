"""`routes`: every endpoint with its authentication, scope, models and status, or how the surface changed."""

from __future__ import annotations

import sys
from pathlib import Path

import rules
from bot.console.base_tree import read_base
from bot.console.configuration import Overrides, options_for
from bot.console.formats import RoutesFormat
from bot.console.output_json import to_json
from bot.console.progress import progress
from bot.console.style import style_of
from bot.console.surface import change_document, change_markdown, change_text
from bot.console.table import aligned, markdown
from bot.console.working_tree import read_tree
from rules.inventory import RouteInventory, RouteRecord

HEADER = ("METHODS", "PATH", "AUTH", "SCOPE", "STATUS", "MODEL", "HANDLER", "PLACE")


def run(root: Path, base: str | None, output: RoutesFormat) -> int:
    """Write the routes of the project, or with `base` the change of its surface. Returns 0."""
    tree = read_tree(root, rules.interesting)
    options = options_for(tree, Overrides())
    with progress(f"reviewing the project: {len(tree)} files"):
        head = rules.review(tree, options)
    if base is None:
        sys.stdout.write(_inventory(head.routes, output))
        return 0
    base_tree = read_base(root, base, rules.interesting)
    with progress(f"reviewing the base ({base}): {len(base_tree)} files"):
        before = rules.review(base_tree, options)
    sys.stdout.write(_change(rules.compare(before, head), output))
    return 0


def _inventory(inventory: RouteInventory, output: RoutesFormat) -> str:
    rows = [_row(route) for route in inventory.routes]
    if output is RoutesFormat.JSON:
        return to_json(inventory)
    if output is RoutesFormat.MARKDOWN:
        return markdown(HEADER, rows)
    if not rows:
        return "No routes found.\n"
    stacks = [f"middleware of {stack.app}: {' > '.join(stack.order)}\n" for stack in inventory.middleware]
    unresolved = sum(not route.resolved for route in inventory.routes)
    known = f"{len(rows)} routes, {unresolved} not fully resolved.\n"
    return aligned(HEADER, rows, style_of(sys.stdout)) + "\n" + "".join(stacks) + known


def _change(comparison: rules.Comparison, output: RoutesFormat) -> str:
    changes = rules.surface_changes(comparison.base_surface or (), comparison.head.surface)
    if output is RoutesFormat.JSON:
        return to_json(change_document(changes))
    if output is RoutesFormat.MARKDOWN:
        return change_markdown(changes, comparison.head)
    return change_text(changes, style_of(sys.stdout))


def _row(route: RouteRecord) -> tuple[str, ...]:
    return (
        ",".join(route.methods) or "WEBSOCKET",
        route.path,
        f"{route.auth}+privileged" if route.privileged else route.auth,
        route.scope,
        "" if route.status_code is None else str(route.status_code),
        route.response_model or "",
        route.handler,
        f"{route.file}:{route.line}",
    )
