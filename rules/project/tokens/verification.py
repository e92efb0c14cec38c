"""Readings of tokens that leave out a check: the signature, the expiry, the audience."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import Application, Symbol, Value
from rules.project.isolation.roles import ClientInput, Connection, Credential
from rules.project.isolation.terms import library_of, walk
from rules.project.tokens.token_calls import Act, Library
from rules.project.tokens.tokens import Decoding, Tokens
from rules.project.tokens.uses import is_used, is_verified, looks_at, only_revokes
from rules.rule import Confidence, Severity

_VALIDATES_LATER = frozenset({Library.AUTHLIB, Library.JOSERFC})
_SERVICES = frozenset({"httpx", "requests", "aiohttp", "urllib", "authlib", "httpx_oauth", "google"})


class Check(enum.StrEnum):
    """The checks."""

    SIGNATURE = "signature"
    EXPIRY = "expiry"
    AUDIENCE = "audience"


@dataclass(frozen=True, slots=True, eq=False)
class Unchecked:
    """A reading and the worst check that it leaves out."""

    decoding: Decoding
    check: Check
    severity: Severity
    confidence: Confidence


def unchecked_readings(tokens: Tokens) -> Iterator[Unchecked]:
    """One for each place, the worst of all the times that it is reached."""
    worst: dict[object, Unchecked] = {}
    judged: set[int] = set()
    for decoding in tokens.decodings:
        # What a dependency does is one effect of all the requests that ask for it.
        if id(decoding.occurrence.effect) in judged:
            continue
        judged.add(id(decoding.occurrence.effect))
        found = _unchecked(decoding, tokens)
        if found is None:
            continue
        known = worst.get(decoding.occurrence.place)
        if known is None or _rank(found) > _rank(known):
            worst[decoding.occurrence.place] = found
    yield from worst.values()


def _rank(found: Unchecked) -> tuple[int, int]:
    return found.severity.rank, found.confidence.rank


def _unchecked(decoding: Decoding, tokens: Tokens) -> Unchecked | None:
    call = decoding.call
    if call.act is Act.HEADER:
        return None
    if call.act is Act.PEEK or call.option("verify_signature") is False:
        return _signature(decoding)
    if call.act is Act.DECODE and _skips_expiry(decoding):
        return _expiry(decoding)
    if call.option("verify_aud") is False:
        return _audience(decoding, tokens)
    return None


def _signature(decoding: Decoding) -> Unchecked | None:
    occurrence = decoding.occurrence
    if is_verified(occurrence) or _from_service(occurrence.call.token) or only_revokes(occurrence):
        return None
    if occurrence.context is None:
        return Unchecked(decoding, Check.SIGNATURE, Severity.HIGH, Confidence.LOW)
    if not is_used(occurrence):
        return None
    presented = _from_client(occurrence.call.token)
    confidence = Confidence.HIGH if occurrence.complete and presented else Confidence.MEDIUM
    return Unchecked(decoding, Check.SIGNATURE, Severity.CRITICAL, confidence)


def _skips_expiry(decoding: Decoding) -> bool:
    call = decoding.call
    if call.library in _VALIDATES_LATER:
        return decoding.occurrence.complete and is_used(decoding.occurrence)
    return call.option("verify_exp") is False


def _expiry(decoding: Decoding) -> Unchecked | None:
    occurrence = decoding.occurrence
    if looks_at(occurrence, "exp", "expires", "expires_at", "expire") or only_revokes(occurrence):
        return None
    confidence = Confidence.HIGH if occurrence.complete else Confidence.MEDIUM
    if occurrence.context is None:
        return Unchecked(decoding, Check.EXPIRY, Severity.MEDIUM, Confidence.LOW)
    if not is_used(occurrence):
        return None
    return Unchecked(decoding, Check.EXPIRY, Severity.HIGH, confidence)


def _audience(decoding: Decoding, tokens: Tokens) -> Unchecked | None:
    """Medium where the project's own tokens name one; a remark where others make the tokens."""
    occurrence = decoding.occurrence
    if looks_at(occurrence, "aud", "azp", "client_id") or only_revokes(occurrence):
        return None
    own = [e for e in tokens.encodings if e.key == decoding.key]
    if any("aud" in claims.values for e in own for claims in e.claims):
        return Unchecked(decoding, Check.AUDIENCE, Severity.HIGH, Confidence.MEDIUM)
    if own:
        return None
    return Unchecked(decoding, Check.AUDIENCE, Severity.MEDIUM, Confidence.LOW)


def _from_client(token: Value | None) -> bool:
    return token is not None and any(
        isinstance(n, Symbol) and isinstance(n.role, ClientInput | Connection | Credential)
        for n in walk(token)
    )


def _from_service(token: Value | None) -> bool:
    """Whether another service answered with the token, over a connection that says who it is."""
    return token is not None and any(
        isinstance(n, Application) and library_of(n) in _SERVICES for n in walk(token)
    )
