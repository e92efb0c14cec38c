"""Tokens that are made without an expiry, a subject or the time of issue, or that live for years."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rules.evaluation.values import Application, Dictionary, Instance, Value
from rules.finding import Place
from rules.project.isolation.terms import constant_text, contains
from rules.project.tokens.claims import Claims
from rules.project.tokens.tokens import Encoding, Tokens
from rules.project.tokens.uses import Use, sent_to
from rules.rule import Confidence, Severity

_YEAR = 365 * 86_400
_SUBJECT = re.compile(
    r"^sub(ject)?$|user|(^|_)u?id$|Id$|email|account|member|client|principal|login|^name$|identity|customer|"
    r"employee|admin|owner|phone|address|uuid|upn|oid",
    re.IGNORECASE,
)
_TOKEN_KEY = re.compile(r"(^|_)(token|jwt|access|refresh|bearer)$|^token|Token$", re.IGNORECASE)
_STATES = re.compile(r"nonce|state|csrf|redirect|verifier|challenge", re.IGNORECASE)


class Lack(enum.StrEnum):
    """What a token lacks."""

    EXPIRY = "an expiry (`exp`)"
    SUBJECT = "a subject (`sub`)"
    SHORTNESS = "a short life"
    ISSUED = "the time of issue (`iat`)"


@dataclass(frozen=True, slots=True, eq=False)
class Lacking:
    """A token that is made and what it lacks, the worst first."""

    encoding: Encoding
    lacks: tuple[Lack, ...]
    severity: Severity
    confidence: Confidence


def lacking_tokens(tokens: Tokens) -> Iterator[Lacking]:
    """One for each place, the worst of all the times that it is reached."""
    worst: dict[Place, Lacking] = {}
    for encoding in tokens.encodings:
        found = _lacking(encoding, tokens)
        place = encoding.occurrence.place
        if found is not None and (place not in worst or _rank(found) > _rank(worst[place])):
            worst[place] = found
    yield from worst.values()


def _rank(found: Lacking) -> tuple[int, int]:
    return found.severity.rank, found.confidence.rank


def _lacking(encoding: Encoding, tokens: Tokens) -> Lacking | None:
    use = sent_to(encoding.occurrence)
    if use is Use.OUTSIDE or any(claims.is_open for claims in encoding.claims):
        return None
    lacks = tuple(_lacks(encoding, use))
    if not lacks:
        return None
    read_here = any(d.key == encoding.key for d in tokens.decodings)
    own = read_here or use is Use.ANSWER
    severe = Lack.EXPIRY in lacks or Lack.SUBJECT in lacks
    if not own and not severe:
        return None
    confidence = Confidence.MEDIUM if own else Confidence.LOW
    if own and encoding.occurrence.context is not None:
        confidence = Confidence.HIGH
    return Lacking(encoding, lacks, Severity.HIGH if severe else Severity.LOW, confidence)


def _lacks(encoding: Encoding, use: Use) -> Iterator[Lack]:
    if _on_all(encoding, lambda claims: "exp" not in claims.values):
        yield Lack.EXPIRY
    if _is_handed_out(encoding, use) and _on_all(encoding, _has_no_subject):
        yield Lack.SUBJECT
    if encoding.lifetimes and all(found.seconds >= _YEAR for found in encoding.lifetimes):
        yield Lack.SHORTNESS
    if _on_all(encoding, lambda claims: "iat" not in claims.values):
        yield Lack.ISSUED


def _on_all(encoding: Encoding, lacks: Callable[[Claims], bool]) -> bool:
    return all(lacks(claims) for claims in encoding.claims)


def _has_no_subject(claims: Claims) -> bool:
    return not any(_SUBJECT.search(name) or _STATES.search(name) for name in claims.values)


def _is_handed_out(encoding: Encoding, use: Use) -> bool:
    """Whether the answer names the token as one: `{"access_token": …}`, `Token(access_token=…)`."""
    if use is not Use.ANSWER:
        return False
    occurrence = encoding.occurrence
    return any(
        _TOKEN_KEY.search(name) and contains(value, occurrence.call.term)
        for effect in occurrence.later()
        for name, value in _named(effect.value)
    )


def _named(value: Value) -> Iterator[tuple[str, Value]]:
    match value:
        case Dictionary(items=items):
            yield from ((text, v) for k, v in items if (text := constant_text(k)) is not None)
        case Instance():
            yield from value.arguments.keywords.items()
        case Application(arguments=arguments):
            yield from arguments.keywords.items()
            key = constant_text(arguments.get(0, "key"))
            if key is not None and len(arguments.positional) > 1:
                yield key, arguments.positional[1]
        case _:
            return
