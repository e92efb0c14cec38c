"""Refresh flows that leave the old token alive, or that cannot tell access tokens from refresh tokens."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules.evaluation.values import Const, Effect, Value
from rules.project.isolation.terms import called_name, contains, walk
from rules.project.sign_in.endpoints import Kind
from rules.project.sign_in.lookups import is_compared, is_jti, is_looked_up, must_be_known
from rules.project.taint.contexts import Context
from rules.project.tokens.token_calls import Act
from rules.project.tokens.tokens import Decoding, Encoding, Tokens
from rules.project.tokens.uses import looks_at
from rules.rule import Confidence

_KINDS = (
    "type", "token_type", "typ", "scope", "scopes", "refresh", "kind", "purpose", "use", "token_use", "aud",
    "mode", "is_refresh", "token_kind", "fresh", "usage", "grant",
)  # fmt: skip
_ADDS = frozenset(
    {"add", "merge", "insert", "insert_one", "sadd", "zadd", "create", "save", "put", "set", "setex"}
)
_RECORDS = frozenset({"add", "insert", "insert_one", "sadd"})
_WRITES = _ADDS | {
    "delete", "hset", "srem", "hdel", "getdel", "update_one", "delete_one", "update", "incr", "expire",
    "values", "psetex", "unlink", "flush", "execute", "exec",
}  # fmt: skip
_REVOKES = re.compile(
    r"revoke(?!d)|invalidate(?!d)|rotate(?!d)|consume_|mark_\w*used|\b(black|block|deny)_?list\w*\(|"
    r"(add|put|insert|save|store|push)\w*_(black|block|deny)_?list|"
    r"\.(discard|remove|pop)\(|\w*(jti|token|session|used)\w*\.(add|append)\(|(jti|token|session)s?\[.+\]\s*=",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"#.*")


class Flaw(enum.Enum):
    """What is wrong with a refresh flow."""

    KEPT = "kept"  # the old refresh token stays valid
    CONFUSED = "confused"  # the refresh endpoint takes access tokens
    ACCEPTED = "accepted"  # other endpoints take refresh tokens


@dataclass(frozen=True, slots=True, eq=False)
class RefreshFlaw:
    """A flaw with the reading of the token that has it."""

    decoding: Decoding
    flaw: Flaw
    confidence: Confidence


def refresh_flaws(endpoints: Sequence[tuple[Context, Kind]], tokens: Tokens) -> Iterator[RefreshFlaw]:
    """One for each place and flaw: confusion first, as rotation does not help against it."""
    refreshing = {id(context) for context, kind in endpoints if kind is Kind.REFRESH}
    seen: set[object] = set()
    for found in (*_confused(tokens, refreshing), *_kept(tokens, refreshing), *_accepted(tokens, refreshing)):
        place = found.decoding.occurrence.place
        if place not in seen:
            seen.add(place)
            yield found


def _readings(tokens: Tokens, refreshing: set[int]) -> list[Decoding]:
    """What refresh endpoints read and make new tokens from."""
    makers = {id(e.occurrence.context) for e in tokens.encodings}
    return [
        d
        for d in tokens.decodings
        if id(d.occurrence.context) in refreshing & makers
        and d.call.act is Act.DECODE
        and d.occurrence.complete
    ]


def _confused(tokens: Tokens, refreshing: set[int]) -> Iterator[RefreshFlaw]:
    for decoding in _readings(tokens, refreshing):
        here = [e for e in tokens.encodings if e.occurrence.context is decoding.occurrence.context]
        # A key of its own tells a refresh token from what else the endpoint makes.
        shared = any(_is_alike(e, decoding) for e in tokens.encodings) and not any(
            e.key != decoding.key for e in here
        )
        if shared and not _tells(decoding, tokens) and not must_be_known(decoding):
            yield RefreshFlaw(decoding, Flaw.CONFUSED, Confidence.MEDIUM)


def _is_alike(made: Encoding, read: Decoding) -> bool:
    """Whether a token would be accepted that is no refresh token: made with the same key."""
    return made.key == read.key and not is_refresh(made)


def is_refresh(made: Encoding) -> bool:
    """Whether a claim says that a token is for refreshing."""
    for claims in made.claims:
        for name, value in claims.values.items():
            if isinstance(value, Const) and (
                (name == "refresh" and value.value is True) or "refresh" in str(value.value).lower()
            ):
                return True
            if value is not None and name in _KINDS and "refresh" in _attribute(value).lower():
                return True
    return False


def _attribute(value: Value) -> str:
    """The name or value of an enum's member."""
    inner = getattr(value, "attributes", {}).get("_value_")
    return str(inner.value) if isinstance(inner, Const) else str(getattr(value, "name", ""))


def _tells(decoding: Decoding, tokens: Tokens) -> bool:
    """Whether the kind of token is asked for: by a claim, or by an audience or issuer that not all have."""
    named = decoding.call.call.arguments.keywords
    return (
        ("audience" in named and not _is_shared("aud", decoding, tokens))
        or ("issuer" in named and not _is_shared("iss", decoding, tokens))
        or looks_at(decoding.occurrence, *_KINDS)
    )


def _is_shared(claim: str, decoding: Decoding, tokens: Tokens) -> bool:
    """Whether all tokens of a key certainly carry the same."""
    made = [e.values(claim) for e in tokens.encodings if e.key == decoding.key]
    texts = {v.value if isinstance(v, Const) else None for values in made for v in values}
    return all(made) and len(texts) == 1 and None not in texts


def _kept(tokens: Tokens, refreshing: set[int]) -> Iterator[RefreshFlaw]:
    for decoding in _readings(tokens, refreshing):
        ending = [effect for effect in decoding.occurrence.log.effects if _ends_old(effect, decoding)]
        if _revokes(decoding):
            continue
        looked_up = is_looked_up(decoding)
        if not ending:
            yield RefreshFlaw(decoding, Flaw.KEPT, Confidence.LOW if looked_up else Confidence.MEDIUM)
        elif not looked_up and _only_records(ending) and not is_compared(decoding, ending):
            yield RefreshFlaw(decoding, Flaw.KEPT, Confidence.LOW)


def _only_records(ending: Sequence[Effect]) -> bool:
    """Whether the old token is noted in a list of used ones, not changed or deleted where it stands."""
    return all(effect.kind == "call" and called_name(effect.value) in _RECORDS for effect in ending)


def _ends_old(effect: Effect, decoding: Decoding) -> bool:
    """Whether an effect writes about the old token, rather than about the new one alone."""
    term, token = decoding.call.term, decoding.call.token
    if effect.kind == "set":
        return effect.name != "[]" and effect.target is not None and contains(effect.target, term)
    name = called_name(effect.value)
    if effect.kind not in {"call", "delete"} or name not in _WRITES:
        return False
    nodes = list(walk(effect.value))
    if name in {"execute", "exec"}:
        return any(called_name(n) in {"update", "delete"} for n in nodes) and any(n is term for n in nodes)
    if token is not None and any(n is token and not isinstance(n, Const) for n in nodes):
        return not any(n is term for n in nodes) or name not in _ADDS or _mentions_jti(nodes, term)
    return any(n is term for n in nodes) and (name not in _ADDS or _mentions_jti(nodes, term))


def _mentions_jti(nodes: Sequence[Value], term: Value) -> bool:
    return any(is_jti(node) and contains(node, term) for node in nodes)


def _revokes(decoding: Decoding) -> bool:
    """Whether the functions on the way say that they end a token: a set in memory is not seen to change."""
    route = decoding.occurrence.context.route if decoding.occurrence.context is not None else None
    definition = route.definition if route is not None else None
    texts = [definition.module.source.segment(definition.node)] if definition is not None else []
    for effect in decoding.occurrence.log.effects:
        texts += [o.module.source.segment(o.node) for o in effect.stack[1:]]
    return any(_REVOKES.search(_COMMENT.sub("", text)) for text in dict.fromkeys(texts))


def _accepted(tokens: Tokens, refreshing: set[int]) -> Iterator[RefreshFlaw]:
    """Readings by other endpoints that would take a refresh token for an access token."""
    keys = {made.key for made in tokens.encodings if is_refresh(made)}
    judged: set[int] = set()
    for decoding in tokens.decodings if keys else ():
        occurrence = decoding.occurrence
        if id(occurrence.effect) in judged or id(occurrence.context) in refreshing:
            continue
        judged.add(id(occurrence.effect))
        known = decoding.key in keys and decoding.call.act is Act.DECODE and occurrence.complete
        presented = occurrence.context is not None and occurrence.position < occurrence.log.handler
        if known and presented and not _tells(decoding, tokens) and not must_be_known(decoding):
            yield RefreshFlaw(decoding, Flaw.ACCEPTED, Confidence.MEDIUM)
