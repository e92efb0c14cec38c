"""Cross-origin permissions: `CORSMiddleware` wherever it is added, and origins sent back by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.modules import ModuleInfo
from rules.evaluation.values import Arguments, Condition, Const, Instance, Origin, Value, alternatives
from rules.finding import Place
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.hardening.cors_origins import NamedOrigin, origins_of
from rules.project.hardening.middleware_options import all_middleware
from rules.project.hardening.settings_secrets import settings_fields
from rules.project.isolation.placement import place_of
from rules.project.module_nodes import everything

if TYPE_CHECKING:
    from rules.project.project import Project

_MIDDLEWARE = "CORSMiddleware"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CorsPolicy:
    """One configuration; `credentials` is None where it is not known, `by_settings` names its arguments."""

    origin: Origin
    origins: tuple[NamedOrigin, ...]
    pattern: str | None
    credentials: bool | None
    by_settings: frozenset[str]
    conditions: tuple[Condition, ...]

    @property
    def place(self) -> Place:
        """The call."""
        return place_of(self.origin)


def cors_policies(project: Project) -> tuple[CorsPolicy, ...]:
    """Those of every application, and those that wrap one as `CORSMiddleware(app, …)`."""
    names = frozenset(field.name for _, field in settings_fields(project))
    found = [
        _policy(project, m.entry.arguments, m.origin, m.conditions, names)
        for m in all_middleware(project)
        if m.name == _MIDDLEWARE
    ]
    known = {id(policy.origin.node) for policy in found}
    for use in project.library_uses.calls:
        named = use.call.method == _MIDDLEWARE and use.call.library in {"fastapi", "starlette"}
        if named and id(use.effect.origin.node) not in known:
            found.append(
                _policy(project, use.call.arguments, use.effect.origin, use.effect.conditions, names)
            )
    return tuple(found)


def _policy(
    project: Project,
    arguments: Arguments,
    origin: Origin,
    conditions: tuple[Condition, ...],
    settings: frozenset[str],
) -> CorsPolicy:
    given = arguments.keywords
    pattern = given.get("allow_origin_regex")
    return CorsPolicy(
        origin=origin,
        origins=tuple(origins_of(given.get("allow_origins"))),
        pattern=pattern.value if isinstance(pattern, Const) and isinstance(pattern.value, str) else None,
        credentials=_flag(given.get("allow_credentials")),
        by_settings=frozenset(name for name in given if _is_driven(project, origin, name, settings)),
        conditions=conditions,
    )


def _flag(value: Value | None) -> bool | None:
    if value is None:
        return False
    found = {bool(a.value.value) if isinstance(a.value, Const) else None for a in alternatives(value)}
    return found.pop() if len(found) == 1 else None


def _is_driven(project: Project, origin: Origin, name: str, settings: frozenset[str]) -> bool:
    """Whether an argument is written with a field of the settings, at most one assignment away."""
    written = origin.node.keyword(name) if isinstance(origin.node, ir.Call) else None
    if written is None:
        return False
    assigned = {n.id for n in walk(written) if isinstance(n, ir.Name)}
    nodes: list[ir.Node] = [written]
    for node in everything(origin.module):
        targets = node.targets if isinstance(node, ir.Assign) else ()
        if isinstance(node, ir.Assign) and any(isinstance(t, ir.Name) and t.id in assigned for t in targets):
            nodes.append(node.value)
    return any(_reads_settings(project, origin.module, n, settings) for root in nodes for n in walk(root))


def _reads_settings(project: Project, module: ModuleInfo, node: ir.Node, settings: frozenset[str]) -> bool:
    if isinstance(node, ir.Attribute):
        return node.name in settings or node.name in {"environ", "getenv"}
    value = project.machine.scope(module).bindings.get(node.id) if isinstance(node, ir.Name) else None
    return isinstance(value, Instance) and any(n.endswith("BaseSettings") for n in value.cls.externals())
