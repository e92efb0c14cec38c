"""The project's endpoints and tables as the summary shows them."""

from __future__ import annotations

from collections import Counter

from bot.render.markdown import clip, code, row
from bot.render.place import CodePage
from rules.inventory import RouteInventory, RouteRecord, SchemaInventory

_OPEN = frozenset({"none", "unknown"})


def endpoint_table(routes: tuple[RouteRecord, ...], page: CodePage, cap: int) -> list[str]:
    """Every endpoint with what guards it, those that anybody may call first."""
    if not routes or not cap:
        return []
    ordered = sorted(routes, key=lambda route: (route.auth not in _OPEN, route.path, route.methods))
    lines = [
        row("Endpoint", "Authentication", "Scope", "Response", "Status", "Handler"),
        row(*["---"] * 6),
        *(_endpoint(route, page) for route in ordered[:cap]),
    ]
    more = len(routes) - cap
    closing = f"\n\n… and {more} more endpoints." if more > 0 else ""
    opening = f"<details><summary>{len(routes)} endpoints</summary>"
    return [f"{opening}\n\n" + "\n".join(lines) + f"{closing}\n\n</details>"]


def endpoints_in_numbers(inventory: RouteInventory) -> list[str]:
    """How many endpoints authenticate, and how far their data is scoped."""
    if not inventory.routes:
        return []
    auth = Counter(route.auth for route in inventory.routes)
    scope = Counter(route.scope for route in inventory.routes)
    return [f"Authentication of endpoints: {_counted(auth)}. Scope of their data: {_counted(scope)}."]


def tables_in_numbers(routes: RouteInventory, schema: SchemaInventory) -> list[str]:
    """Tables, migrated tables, and the middleware in its order."""
    lines = [f"{len(schema.tables)} tables in the models, {len(schema.migrated)} in the migrations."]
    for stack in routes.middleware[:5]:
        order = " → ".join(code(clip(name, 80)) for name in stack.order[:20]) or "none"
        lines.append(f"Middleware of {code(clip(stack.app, 120))}, outermost first: {order}.")
    return [" ".join(lines)]


def _endpoint(route: RouteRecord, page: CodePage) -> str:
    return row(
        code(clip(f"{','.join(route.methods)} {route.path}", 160)),
        f"{route.auth}, privileged" if route.privileged else route.auth,
        route.scope,
        code(clip(route.response_model, 80)) if route.response_model else "",
        str(route.status_code or ""),
        page.lines(route.file, route.line),
    )


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {word}" for word, number in counts.most_common())
