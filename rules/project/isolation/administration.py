"""Operations for administrators that every signed-in user can call."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from rules.evaluation.values import Application, Effect, Instance, Value
from rules.finding import Place, TrailStep
from rules.project.isolation.accesses import Access, Selection
from rules.project.isolation.asked_elsewhere import asked_elsewhere
from rules.project.isolation.authentication import Level
from rules.project.isolation.formulas import Proof, leaves
from rules.project.isolation.hollow_checks import HollowChecks
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.placement import place_of, standing, trail
from rules.project.isolation.privileges import privileged
from rules.project.isolation.queries import any_source
from rules.project.isolation.response_fields import model_classes
from rules.project.isolation.rows import same_path
from rules.project.isolation.standing import standing_of, steps_to
from rules.project.isolation.team_roles import TeamRoles
from rules.project.isolation.terms import called_name, receiver
from rules.project.schema.schemas import schema_of
from rules.rule import Confidence

_ADMIN = re.compile(r"^(admin|administration|administrator|superuser|superadmin|staff|back_?office)s?$")
_INNER = re.compile(r"^(internal|manage|management|moderation)$")
_SELF = re.compile(r"^(me|self|my|mine|profile|account|current)$")
_ROLE = re.compile(
    r"^(is_)?(super_?user|admin(istrator)?|staff|root)$|^(user_)?roles?(_id)?$|^permissions?$|^scopes$|"
    r"^access_level$",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"^(email|phone|phone_number|mobile|address)", re.IGNORECASE)
_MOST, _ENOUGH = 0.8, 5


@dataclass(frozen=True, slots=True)
class Unprivileged:
    """An operation that only authenticates. `why` says what makes it one for administrators."""

    inspection: Inspection
    why: str
    place: Place
    trail: tuple[TrailStep, ...]
    confidence: Confidence
    subject: str = ""


class Administration:
    """Judges the routes of a project by what it keeps for privileged users elsewhere."""

    def __init__(self, isolation: Isolation) -> None:
        self._isolation = isolation
        self._hollow = HollowChecks(isolation)
        self._teams = TeamRoles(isolation)

    @cached_property
    def remedy(self) -> str:
        """The privileged dependency that the project's routes use most; empty where there is none."""
        names = Counter(
            step.dependant.name.rpartition(".")[2]
            for inspection in self._isolation.inspections()
            for step in inspection.run.steps[:-1]
            if self._isolation.authenticator.is_privileged(step)
        )
        return names.most_common(1)[0][0] if names else ""

    @cached_property
    def _has_privileges(self) -> bool:
        """Whether the project knows privileged users at all."""
        return any(i.authentication.privileged for i in self._isolation.inspections())

    def unprivileged(self) -> Iterator[Unprivileged]:
        """At most one for each route, the surest."""
        inspections = self._isolation.inspections()
        for inspection in inspections:
            authentication = inspection.authentication
            if authentication.level is not Level.REQUIRED or authentication.privileged:
                continue
            if self._isolation.is_service(inspection) or asked_elsewhere(inspection):
                continue
            found = [
                *self._by_name(inspection),
                *self._by_effect(inspection),
                *self._by_path(inspection),
                *self._by_list(inspection),
                *self._by_deletion(inspection),
                *self._by_team(inspection),
            ]
            if not found:
                found = list(self._by_siblings(inspection, inspections))
            if found:
                yield max(found, key=lambda u: u.confidence.rank)

    def _by_name(self, inspection: Inspection) -> Iterator[Unprivileged]:
        """What a dependency was made to ask for and does not; it stands on the dependency, once for all."""
        for hollow in self._hollow.of(inspection):
            at = hollow.origin
            if at is not None:
                place = place_of(at)
                step = TrailStep(place.path, place.line, hollow.why)
                made = self._made(inspection, hollow.why, Confidence.HIGH)
                sure = Confidence.HIGH if _is_certain(inspection) else Confidence.MEDIUM
                yield Unprivileged(
                    inspection,
                    hollow.why,
                    place,
                    (*made.trail, step),
                    sure,
                    hollow.dependant.name.rpartition(".")[2],
                )

    def _by_team(self, inspection: Inspection) -> Iterator[Unprivileged]:
        """Changes of a team or its members without a role, where most others ask for one."""
        found = self._teams.unasked(inspection)
        if found is None:
            return
        change, strict = found
        why = f"it changes a `{change.table.model_name}` without asking for a role, as most such routes do"
        place = strict.route.definition_place
        precedent = TrailStep(place.path, place.line, f"`{strict.route.title}` asks for a role")
        steps = (*steps_to(inspection, change.effect, "this is changed here"), precedent)
        sure = Confidence.MEDIUM if _is_certain(inspection) else Confidence.LOW
        yield Unprivileged(inspection, why, standing_of(inspection, change.effect), steps, sure)

    def _by_deletion(self, inspection: Inspection) -> Iterator[Unprivileged]:
        """Deletions of a user whom the client names, where the project has privileged users."""
        if not self._has_privileges or any(_SELF.match(w) for w in _words(inspection)):
            return
        for access in inspection.accesses:
            deletes = access.query.kind == "delete" or "DELETE" in inspection.route.methods
            if not (deletes and access.writes and self._isolation.ownership.is_user(access.table)):
                continue
            named = access.selection is Selection.KEY and access.proof is Proof.FULL
            if named and not any(_is_own(inspection, value) for value in access.selected):
                sure = Confidence.MEDIUM if _is_certain(inspection) else Confidence.LOW
                place, steps = standing(inspection, access), trail(inspection, access)
                yield Unprivileged(inspection, "it deletes a user whom the client names", place, steps, sure)

    def _by_path(self, inspection: Inspection) -> Iterator[Unprivileged]:
        words = _words(inspection)
        named = next((w for w in words if _ADMIN.match(w)), None)
        inner = next((w for w in words if _INNER.match(w)), None)
        word = named or inner
        if word is None or any(_SELF.match(w) for w in words[-1:]) or _is_held(inspection):
            return
        sure = named is not None and self._has_privileges and _is_certain(inspection)
        confidence = Confidence.HIGH if sure else Confidence.MEDIUM
        yield self._made(
            inspection, f"its path says `{word}`", confidence if _is_certain(inspection) else Confidence.LOW
        )

    def _by_effect(self, inspection: Inspection) -> Iterator[Unprivileged]:
        """Changes of a role or privilege column that no privileged user stands behind."""
        guards = inspection.guards
        for position, effect in enumerate(guards.log.effects):
            name = self._granted(inspection, effect)
            if name is None or self._is_privileged_at(inspection, position):
                continue
            steps = tuple(steps_to(inspection, effect, f"`{name}` is changed here"))
            confidence = Confidence.HIGH if _is_certain(inspection) else Confidence.MEDIUM
            place = standing_of(inspection, effect)
            yield Unprivileged(inspection, f"it changes `{name}` of a user", place, steps, confidence)

    def _granted(self, inspection: Inspection, effect: Effect) -> str | None:
        """The privilege column that an effect sets to what the client decides."""
        ownership, guards = self._isolation.ownership, inspection.guards
        if effect.kind == "set" and effect.target is not None and _ROLE.match(effect.name):
            if isinstance(effect.target, Instance):
                return None
            query = any_source(effect.target, guards.rows.results)
            table = ownership.table(query.tables[0]) if query is not None and query.tables else None
            if table is None or not ownership.is_user(table):
                return None
            decided = guards.provenances.clients(effect.value) or guards.provenances.clients(effect.target)
            return effect.name if decided else None
        call = effect.value
        of = receiver(call) if effect.kind == "call" and called_name(call) == "values" else None
        variants = guards.statements.read(of) if of is not None else ()
        if not variants or variants[0].statement.kind != "update" or not isinstance(call, Application):
            return None
        table = ownership.table(variants[0].statement.tables[0])
        names = [n for n in call.arguments.keywords if _ROLE.match(n)]
        return names[0] if names and table is not None and ownership.is_user(table) else None

    def _by_list(self, inspection: Inspection) -> Iterator[Unprivileged]:
        """Lists of all users with their contacts, where the project has privileged users."""
        if not self._has_privileges or any(_SELF.match(w) for w in _words(inspection)):
            return
        for access in inspection.accesses:
            if not self._isolation.ownership.is_user(access.table) or access.proof is not Proof.NONE:
                continue
            if access.selection is Selection.ALL and access.query.kind in {"rows", "delete"}:
                yield self._listed(inspection, access)

    def _listed(self, inspection: Inspection, access: Access) -> Unprivileged:
        deletes = access.query.kind == "delete"
        told = deletes or self._tells_contacts(inspection)
        best = Confidence.HIGH if deletes else Confidence.MEDIUM if told else Confidence.LOW
        confidence = best if _is_certain(inspection) else Confidence.LOW
        does = "deletes" if deletes else "lists"
        place = standing(inspection, access)
        return Unprivileged(
            inspection, f"it {does} users at large", place, trail(inspection, access), confidence
        )

    def _tells_contacts(self, inspection: Inspection) -> bool:
        response = inspection.route.response_type
        classes = model_classes(response) if response is not None else []
        schemas = [schema_of(self._isolation.machine, cls) for cls in classes]
        return not schemas or any(_CONTACT.match(name) for s in schemas for name in s.fields)

    def _by_siblings(self, inspection: Inspection, everyone: Iterable[Inspection]) -> Iterator[Unprivileged]:
        route = inspection.route
        if any(_SELF.match(w) for w in _words(inspection)) or _is_held(inspection):
            return
        near = [
            other
            for other in everyone
            if other is not inspection
            and other.route.application is route.application
            and other.route.origin.module is route.origin.module
            and other.authentication.level is Level.REQUIRED
        ]
        strict = [other for other in near if other.authentication.privileged]
        if len(near) >= _ENOUGH and len(strict) / len(near) >= _MOST:
            why = f"{len(strict)} of the {len(near)} routes beside it ask for a privilege"
            place = strict[0].route.place
            step = TrailStep(
                place.path, place.line, f"`{strict[0].route.title}` beside it asks for a privilege"
            )
            confidence = Confidence.MEDIUM if _is_certain(inspection) else Confidence.LOW
            made = self._made(inspection, why, confidence)
            yield Unprivileged(inspection, why, made.place, (*made.trail, step), confidence)

    def _made(self, inspection: Inspection, why: str, confidence: Confidence) -> Unprivileged:
        place = inspection.route.definition_place
        steps = list(inspection.route.trail())
        step = inspection.authentication.step
        if step is not None and (found := step.dependant.definition) is not None:
            at = found.module.source.place(found.node)
            steps.append(TrailStep(at.path, at.line, "this authenticates, and asks for no privilege"))
        steps.append(
            TrailStep(place.path, place.line, f"`{inspection.route.name}` runs for every signed-in user")
        )
        return Unprivileged(inspection, why, inspection.route.place, tuple(steps), confidence)

    def _is_privileged_at(self, inspection: Inspection, position: int) -> bool:
        provenances = inspection.guards.provenances

        def leaf(test: Value, /, *, truth: bool) -> Proof:
            return Proof.FULL if privileged(test, provenances, truth=truth) else Proof.NONE

        return inspection.guards.log.moment(position).proves(leaf) is Proof.FULL


def _words(inspection: Inspection) -> list[str]:
    segments = [s for s in inspection.route.path.lower().split("/") if s and not s.startswith("{")]
    return [s.replace("-", "_") for s in segments]


def _is_certain(inspection: Inspection) -> bool:
    return (
        inspection.run.complete
        and inspection.route.resolved
        and not inspection.authentication.guessed
        and not inspection.guards.exhausted
        and not inspection.route.conditions
    )


def _is_own(inspection: Inspection, key: Value) -> bool:
    """Whether some test compares what the client names with the caller."""
    rows, log = inspection.guards.rows, inspection.guards.log
    tests = (c.test for _, conditions in log.endings for c in conditions)
    found = (rows.comparison(leaf, truth=True) for test in tests for leaf in leaves(test))
    return any(
        same_path(left, key) and rows.provenances.is_principal(right)
        for made in found
        if made is not None
        for left, right in made.sides()
    )


def _is_held(inspection: Inspection) -> bool:
    """Whether the handler refuses by something about the principal, though not by a privilege."""
    log, provenances = inspection.guards.log, inspection.guards.provenances
    return any(
        provenances.mentions_identity(test.test)
        for ending, tests in log.endings
        if ending >= log.handler and log.effects[ending].kind == "raise"
        for test in tests
    )
