"""The facts of the report's third section about tokens and passwords."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.evaluation.values import Const, Sequence
from rules.finding import Place
from rules.project.isolation.placement import place_of
from rules.project.isolation.terms import called_name, constant_text
from rules.project.passwords.hashers import HASHERS, SETS_UP
from rules.project.sign_in.refreshing import is_refresh
from rules.project.taint.library_calls import LibraryCall, library_call
from rules.project.tokens.token_calls import Act
from rules.sections import HashingFacts, ReadingFacts, SignInSummary, TokenFacts, TokenLifetime

if TYPE_CHECKING:
    from rules.project.project import Project
    from rules.project.tokens.tokens import Encoding

_MAKES = frozenset({"recommended", "PasswordHash", "hashpw", "hash", "generate_password_hash"})


def sign_in_summary(project: Project) -> SignInSummary:
    """The facts of one project."""
    made: dict[Place, list[Encoding]] = {}
    for encoding in project.tokens.encodings:
        made.setdefault(encoding.occurrence.place, []).append(encoding)
    readings = {
        d.occurrence.place: ReadingFacts(
            d.occurrence.place,
            d.call.library.value,
            d.algorithms.names,
            d.call.act is Act.DECODE and d.call.option("verify_signature") is not False,
        )
        for d in project.tokens.decodings
        if d.call.act is not Act.HEADER
    }
    hashing = {facts.place: facts for facts in _hashing(project)}
    return SignInSummary(
        tuple(_token(place, made[place]) for place in sorted(made)),
        tuple(readings[place] for place in sorted(readings)),
        tuple(hashing[place] for place in sorted(hashing)),
    )


def _token(place: Place, encodings: list[Encoding]) -> TokenFacts:
    names = {name for e in encodings for claims in e.claims for name in claims.values}
    lifetimes = {TokenLifetime(found.seconds, found.configurable) for e in encodings for found in e.lifetimes}
    return TokenFacts(
        place,
        encodings[0].occurrence.call.library.value,
        tuple(sorted({name for e in encodings for name in e.algorithms.names})),
        tuple(sorted(names)),
        tuple(sorted(lifetimes)),
        any(is_refresh(e) for e in encodings),
    )


def _hashing(project: Project) -> Iterator[HashingFacts]:
    runs = [project.machine.wiring.effects, *(c.log.effects for c, _ in project.sign_in_endpoints)]
    for effect in (effect for effects in runs for effect in effects):
        if effect.kind != "call" or called_name(effect.value) not in SETS_UP | _MAKES:
            continue
        call = library_call(effect.value)
        if call is not None and (call.library in HASHERS or call.method in {"pbkdf2_hmac", "scrypt"}):
            yield HashingFacts(place_of(effect.origin), call.name, _schemes(call))


def _schemes(call: LibraryCall) -> tuple[str, ...]:
    """The schemes of a context, the cost of a hasher: `bcrypt`, `rounds=12`."""
    schemes = call.argument(0, "schemes") if call.method == "CryptContext" else None
    if isinstance(schemes, Sequence):
        return tuple(text for item in schemes.items if (text := constant_text(item)) is not None)
    given = call.arguments.keywords.items()
    return tuple(
        f"{name}={value.value}"
        for name, value in given
        if isinstance(value, Const) and isinstance(value.value, int)
    )
