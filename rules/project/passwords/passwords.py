"""Passwords as the rules ask for them: how they are hashed, stored and compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rules.evaluation.values import Application, Effect, Value
from rules.finding import Place, TrailStep
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.placement import place_of
from rules.project.isolation.terms import argument_values, called_name, contains, library_of
from rules.project.passwords.compared_passwords import Against, compared_passwords
from rules.project.passwords.hashers import HASHERS, SETS_UP, is_fast, weak_hasher
from rules.project.passwords.password_values import holds_password, takes_password
from rules.project.passwords.stored_passwords import stored_passwords
from rules.project.taint.contexts import Context
from rules.project.taint.field_types import FieldTypes
from rules.project.taint.library_calls import LibraryCall, library_call
from rules.rule import Confidence, Severity

_OUTSIDE = frozenset({"httpx", "requests", "aiohttp", "urllib"})
_COMPARES = frozenset({"compare_digest", "get", "get_or_none"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeakPassword:
    """A place where passwords are not kept as they must be; `phrase` says how, `cure` what to do."""

    place: Place
    phrase: str
    cure: str
    severity: Severity
    confidence: Confidence
    trail: tuple[TrailStep, ...]


_HASH = "hash passwords with Argon2 or bcrypt (`pwdlib`)"


@dataclass(slots=True)
class WeakPasswords:
    """Collects them, the first of each place."""

    isolation: Isolation
    found: dict[Place, WeakPassword] = field(default_factory=dict)

    def look(self, context: Context, fields: FieldTypes) -> None:
        """Judge one run."""
        inspection = context.inspection
        if inspection is None or not takes_password(inspection.route, fields):
            return
        for position, effect in enumerate(context.log.effects):
            call = library_call(effect.value) if effect.kind == "call" else None
            if call is not None and isinstance(effect.value, Application):
                self.hasher(call, effect, context)
                if is_fast(call) and any(holds_password(v) for v in argument_values(call.arguments)):
                    self._fast(call, effect.value, position, context)
        sure = Confidence.HIGH if inspection.run.complete else Confidence.MEDIUM
        for stored in stored_passwords(inspection, self.isolation.ownership, fields):
            self._add(
                context.trail(stored.effect, "the password is written here"),
                place_of(stored.effect.origin),
                f"`{stored.table.model_name}.{stored.column}` gets the password as it was typed",
                _HASH,
                Severity.CRITICAL,
                sure if stored.certain else Confidence.LOW,
            )
        for compared in compared_passwords(inspection):
            place = place_of(compared.operation.origin)
            stored_plain = compared.against is Against.STORED
            self._add(
                (
                    *inspection.route.trail(),
                    TrailStep(place.path, place.line, "the password is compared here"),
                ),
                place,
                "a password is compared with the stored one by `==`, so it is stored in plain text"
                if stored_plain
                else "a password is compared by `==`, whose time tells how much of it is right",
                _HASH if stored_plain else "compare with `secrets.compare_digest`",
                Severity.CRITICAL if stored_plain else Severity.MEDIUM,
                sure if stored_plain else Confidence.MEDIUM,
            )

    def _fast(self, call: LibraryCall, term: Application, position: int, context: Context) -> None:
        effects = context.log.effects
        if _is_harmless(term, effects[position + 1 :]):
            return
        self._add(
            context.trail(effects[position], "the password is hashed here"),
            place_of(effects[position].origin),
            f"a password is hashed with `{call.name.removesuffix('.update')}`, made to be fast",
            _HASH,
            Severity.HIGH,
            Confidence.HIGH,
        )

    def hasher(self, call: LibraryCall, effect: Effect, context: Context | None) -> None:
        """Judge how a hasher is set up."""
        weakness = weak_hasher(call)
        if weakness is None:
            return
        place = place_of(effect.origin)
        trail = (
            context.trail(effect, "the hasher is set up here")
            if context is not None
            else (TrailStep(place.path, place.line, "the hasher is set up here"),)
        )
        self._add(trail, place, weakness.phrase, _HASH, weakness.severity, Confidence.HIGH)

    def _add(
        self,
        trail: tuple[TrailStep, ...],
        place: Place,
        phrase: str,
        cure: str,
        severity: Severity,
        confidence: Confidence,
    ) -> None:
        self.found.setdefault(
            place,
            WeakPassword(
                place=place, phrase=phrase, cure=cure, severity=severity, confidence=confidence, trail=trail
            ),
        )


def _is_harmless(term: Application, later: Sequence[Effect]) -> bool:
    """Whether a fast hash only prepares a slow one, asks for leaked passwords, or evens out lengths."""
    for effect in later:
        if effect.kind != "call" or not isinstance(effect.value, Application):
            continue
        call = effect.value
        prepares = library_of(call) in HASHERS | _OUTSIDE
        if not prepares and called_name(call) != "compare_digest":
            continue
        if any(contains(value, term) for value in argument_values(call.arguments)):
            return prepares or _compares_fixed(call, term)
    return False


def _compares_fixed(call: Application, term: Application) -> bool:
    """Whether the other side of `compare_digest` was hashed here too rather than stored."""
    others = [v for v in call.arguments.positional if not contains(v, term)]
    return all(_is_hash(v) for v in others)


def _is_hash(value: Value) -> bool:
    call = library_call(value)
    return call is not None and call.library in {"hashlib", "hmac"}


def weak_passwords(
    isolation: Isolation, contexts: Sequence[Context], fields: FieldTypes
) -> Iterator[WeakPassword]:
    """Walk what start-up and every request do."""
    found = WeakPasswords(isolation)
    for effect in list(isolation.machine.wiring.effects):
        if effect.kind == "call" and called_name(effect.value) in SETS_UP:
            call = library_call(effect.value)
            if call is not None:
                found.hasher(call, effect, None)
    for context in contexts:
        found.look(context, fields)
    yield from found.found.values()
