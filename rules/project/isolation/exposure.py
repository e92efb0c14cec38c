"""Routes that anonymous clients reach although nothing says that they should."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.configuration.options import AuthMode
from rules.evaluation.values import Application, Instance, Member, Sequence, Value, alternatives
from rules.finding import TrailStep
from rules.project.isolation.authentication import Level
from rules.project.isolation.guards import Guards
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.placement import place_of
from rules.project.isolation.publicness import configured, reason
from rules.project.isolation.queries import any_source
from rules.project.isolation.terms import called_name
from rules.project.schema.tables import Table
from rules.rule import Confidence, Severity

_CHANGES = frozenset(
    {"add", "add_all", "delete", "merge", "insert", "bulk_save_objects", "insert_one", "commit"}
)
_IDLE = frozenset({"commit", "flush", "refresh", "close", "rollback", "begin", "expire_all"})
_STATEMENTS = frozenset({"insert", "update", "delete"})
_CHECKS = re.compile(
    r"(^|_)(auth|authenticate\w*|authori[sz]e\w*)$|(verify|check|require|validate)_\w*(signature|api_?key|token|hmac)$"
)
_MOST, _ENOUGH = 0.8, 5


@dataclass(frozen=True, slots=True)
class Exposure:
    """An unauthenticated route: what it touches, and how sure it is that this is a mistake.

    `siblings` are the routes registered beside it that do authenticate, of `beside` in all.
    """

    inspection: Inspection
    writes: bool
    tables: tuple[Table, ...]
    siblings: tuple[Inspection, ...]
    beside: int
    severity: Severity
    confidence: Confidence

    @property
    def trail(self) -> tuple[TrailStep, ...]:
        """How the route comes into the application, what it depends on, and what it then does."""
        route = self.inspection.route
        place = route.definition_place
        names = [d.name.rpartition(".")[2] for d in route.dependant.flat() if d.name]
        asked = f"depends on {', '.join(dict.fromkeys(names))} alone" if names else "has no dependencies"
        steps = [
            *route.trail(),
            TrailStep(place.path, place.line, f"`{route.name}` {asked}: nobody authenticates"),
        ]
        for query in self.inspection.guards.queries[:1]:
            found = place_of(query.effect.origin)
            steps.append(TrailStep(found.path, found.line, "data is accessed here"))
        for sibling in self.siblings[:1]:
            found = sibling.route.place
            steps.append(
                TrailStep(found.path, found.line, f"`{sibling.route.title}` beside it does authenticate")
            )
        return tuple(steps)

    @property
    def remedy(self) -> str:
        """The authenticating dependency that the routes beside it use most; empty where there is none."""
        names = [
            s.authentication.step.dependant.name.rpartition(".")[2]
            for s in self.siblings
            if s.authentication.step is not None
        ]
        return max(names, key=names.count, default="")


def exposures(isolation: Isolation) -> Iterator[Exposure]:
    """Every route that authenticates nobody and is not public."""
    if isolation.options.auth.mode is not AuthMode.APP:
        return
    inspections, groups = isolation.inspections(), _groups(isolation)
    signed_in = {id(i.route.application) for i in inspections if i.authentication.level is Level.REQUIRED}
    for group in groups.values():
        protected = tuple(i for i in group if i.authentication.level is Level.REQUIRED)
        for inspection in group:
            route = inspection.route
            if route.kind not in {"api", "websocket"} or inspection.authentication.level is not Level.NONE:
                continue
            if not configured(route, isolation.options.public):
                anywhere = id(route.application) in signed_in
                yield from _exposure(isolation, inspection, protected, len(group), anywhere=anywhere)
    yield from constant_exposures(isolation)


def _groups(isolation: Isolation) -> dict[tuple[int, str], list[Inspection]]:
    """The routes that are not public by what they are, beside each other."""
    groups: dict[tuple[int, str], list[Inspection]] = {}
    for inspection in isolation.inspections():
        if inspection.authentication.level is Level.REQUIRED or not is_public(inspection):
            groups.setdefault(_group(inspection), []).append(inspection)
    return groups


def constant_exposures(isolation: Isolation) -> Iterator[Exposure]:
    """Routes that give nothing but constants where all others beside them authenticate: perhaps a slip."""
    groups = _groups(isolation)
    for inspection in isolation.inspections():
        route, group = inspection.route, groups.get(_group(inspection), [])
        if route.kind != "api" or inspection.authentication.level is not Level.NONE or inspection in group:
            continue
        protected = tuple(i for i in group if i.authentication.level in {Level.REQUIRED, Level.OPTIONAL})
        deviates = len(protected) >= _ENOUGH and len(protected) == len(group)
        before = any(segment.startswith("auth") for segment in route.path.lower().split("/"))
        idle = not before and reason(route, inspection.run) == "answers with constants"
        if idle and deviates and not configured(route, isolation.options.public):
            yield Exposure(
                inspection,
                writes=False,
                tables=(),
                siblings=protected,
                beside=len(group) + 1,
                severity=Severity.LOW,
                confidence=Confidence.LOW,
            )


def is_public(inspection: Inspection) -> bool:
    """Whether the endpoint is one that works before anyone has signed in."""
    found = reason(inspection.route, inspection.run)
    idle = found != "answers with constants" or not changes_data(inspection)
    return found is not None and idle


def _exposure(
    isolation: Isolation,
    inspection: Inspection,
    protected: tuple[Inspection, ...],
    beside: int,
    *,
    anywhere: bool,
) -> Iterator[Exposure]:
    tables = tuple(_tables(isolation, inspection))
    writes = changes_data(inspection)
    severity = Severity.CRITICAL if writes or tables else Severity.HIGH
    deviates = beside > 1 and len(protected) / (beside - 1) >= _MOST
    if not writes and _is_harmless(isolation, inspection, tables, deviates=deviates):
        return
    confidence = _confidence(inspection, writes=writes, tables=tables)
    if _checks_itself(inspection):
        confidence = Confidence.LOW
    elif deviates and confidence is not Confidence.HIGH and inspection.route.resolved:
        confidence = Confidence.HIGH if len(protected) >= 2 else Confidence.MEDIUM
    if not anywhere and confidence is Confidence.HIGH:
        confidence = Confidence.MEDIUM
    severity = Severity.INFO if inspection.route.conditions else severity
    yield Exposure(inspection, writes, tables, protected, beside, severity, confidence)


def _is_harmless(
    isolation: Isolation, inspection: Inspection, tables: tuple[Table, ...], *, deviates: bool
) -> bool:
    """Whether nothing of the database is read, or only what the project publishes anyway."""
    if not inspection.guards.queries and inspection.run.complete:
        return not deviates or set(inspection.route.methods) <= {"GET", "HEAD"}
    return (
        not deviates and bool(tables) and all(isolation.usage.treatment(table).published for table in tables)
    )


def _checks_itself(inspection: Inspection) -> bool:
    """Whether the handler goes through a function that is named for the check, though nothing showed it."""
    handler = inspection.run.log.handler
    effects = inspection.run.log.effects[handler:]
    calls = {id(origin.node): origin for effect in effects for origin in effect.stack[1:]}
    texts = (origin.module.source.segment(origin.node).partition("(")[0] for origin in calls.values())
    return any(_CHECKS.search(text.rpartition(".")[2].strip()) for text in texts)


def _confidence(inspection: Inspection, *, writes: bool, tables: tuple[Table, ...]) -> Confidence:
    if not (inspection.run.complete and inspection.route.resolved):
        return Confidence.LOW
    return Confidence.HIGH if writes or tables else Confidence.LOW


def _group(inspection: Inspection) -> tuple[int, str]:
    """Routes of one application that one file registers."""
    return id(inspection.route.application), inspection.route.origin.module.path


def _tables(isolation: Isolation, inspection: Inspection) -> Iterator[Table]:
    seen: set[int] = set()
    for access in inspection.accesses:
        private = isolation.ownership.is_user(access.table) or isolation.usage.is_owned(access.table)
        if private and id(access.table) not in seen:
            seen.add(id(access.table))
            yield access.table


def changes_data(inspection: Inspection) -> bool:
    """Whether the request adds, changes or deletes anything in the database."""
    guards = inspection.guards
    if any(query.kind in _STATEMENTS for query in guards.queries):
        return True
    log, acted = inspection.run.log, False
    for position, effect in enumerate(log.effects):
        call, name = effect.value, called_name(effect.value)
        if effect.kind == "call" and isinstance(call, Application) and not guards.statements.read(call):
            if name == "commit" and acted:
                return True
            if name in _CHANGES and any(_is_row(guards, a) for a in call.arguments.positional):
                return True
        acted = acted or (position >= log.handler and effect.kind in {"call", "set"} and not _is_idle(name))
    return False


def _is_idle(name: str) -> bool:
    """Whether a call of that name leaves nothing to be committed."""
    return name in _IDLE or "session" in name.lower()


def _is_row(guards: Guards, value: Value) -> bool:
    """Whether a value is a row: of a query, or a new instance of a mapped class."""
    if any_source(value, guards.rows.results) is not None:
        return True
    made = alternatives(value)[0].value
    if isinstance(made, Sequence):
        return any(_is_row(guards, item) for item in made.items)
    cls = made.cls if isinstance(made, Instance) else made.function if isinstance(made, Application) else None
    if isinstance(cls, Member):
        cls = cls.of
    return cls is not None and guards.statements.is_table(cls)
