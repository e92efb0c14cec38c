"""What becomes of a token or of its claims after the call that gave them."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator

from rules.evaluation.values import Application, Effect, Item, Member, Symbol, Value
from rules.project.isolation.terms import called_name, constant_text, contains, library_of, receiver, walk
from rules.project.taint.library_calls import library_call
from rules.project.taint.log_calls import writes_log
from rules.project.tokens.occurrences import Occurrence
from rules.project.tokens.token_calls import Act, token_call

_REVOKES = re.compile(
    r"log_?out|sign_?out|revo(ke|cat)|black_?list|deny_?list|block_?list|invalidat|expire_token|used_token",
    re.IGNORECASE,
)
_CLIENTS = frozenset({"httpx", "requests", "aiohttp", "urllib", "urllib3", "httpx_oauth", "boto3", "google"})
_QUIET = frozenset({"get", "items", "keys", "values", "copy", "validate", "split", "decode", "encode", "str"})


class Use(enum.Enum):
    """Where a value went."""

    ANSWER = "answer"
    ELSEWHERE = "elsewhere"
    OUTSIDE = "outside"  # a request to another service
    NONE = "none"


def sent_to(occurrence: Occurrence) -> Use:
    """Where the token of an encoding went at last."""
    term = occurrence.call.term
    found = Use.NONE
    for position in range(occurrence.position + 1, len(occurrence.log.effects)):
        effect = occurrence.log.effects[position]
        if not any(contains(v, term) for v in _parts(effect)):
            continue
        if effect.kind == "call" and library_of(effect.value) in _CLIENTS:
            return Use.OUTSIDE
        if occurrence.log.is_response(position) or called_name(effect.value) == "set_cookie":
            return Use.ANSWER
        if effect.kind in {"call", "set"} and not _is_log(effect.value):
            found = Use.ELSEWHERE
    return found


def _is_log(value: Value) -> bool:
    call = library_call(value)
    return call is not None and writes_log(call)


def _parts(effect: Effect) -> Iterator[Value]:
    yield effect.value
    if effect.target is not None:
        yield effect.target


def is_used(occurrence: Occurrence) -> bool:
    """Whether the claims take part in anything but logs, other readings, and the choice of a key."""
    term = occurrence.call.term
    for effect in occurrence.later():
        if effect.kind == "raise" or not any(contains(v, term) for v in _parts(effect)):
            if not any(contains(c.test, term) for c in effect.conditions):
                continue
            if effect.kind != "raise":
                return True
            continue
        if effect.kind == "call" and (_is_log(effect.value) or _is_reading(effect.value, term)):
            continue
        return True
    return False


def _is_reading(value: Value, term: Application) -> bool:
    """Whether a call only takes a part of the claims, or is the verified reading of the same token."""
    if token_call(value) is not None:
        return True
    of = receiver(value)
    return of is not None and called_name(value) in _QUIET and contains(of, term)


def is_verified(occurrence: Occurrence) -> bool:
    """Whether the same token is also read with its signature checked, before or after."""
    token = occurrence.call.token
    if token is None or _caught(occurrence):
        return False
    for effect in occurrence.log.effects:
        if effect.kind != "call" or effect is occurrence.effect:
            continue
        call = token_call(effect.value)
        if call is None:
            if "verify" in called_name(effect.value) and contains(effect.value, token):
                return True
        elif call.act is Act.DECODE and call.option("verify_signature") is not False and call.token is token:
            return True
    return False


def _caught(occurrence: Occurrence) -> bool:
    return any(isinstance(c.test, Symbol) and c.test.role == "caught" for c in occurrence.effect.conditions)


def looks_at(occurrence: Occurrence, *claims: str) -> bool:
    """Whether something tests one of these claims afterwards, or hands the claims to what may."""
    term = occurrence.call.term
    tested: set[int] = set()
    for effect in occurrence.later():
        for condition in effect.conditions:
            if id(condition.test) not in tested:
                tested.add(id(condition.test))
                if any(_names(n) in claims and contains(n, term) for n in walk(condition.test)):
                    return True
        if effect.kind == "call" and _validates(effect.value, term):
            return True
    return False


def _names(node: Value) -> str:
    if isinstance(node, Member):
        return node.name
    if isinstance(node, Item):
        return constant_text(node.key) or ""
    if isinstance(node, Application) and called_name(node) == "get":
        return constant_text(node.arguments.get(0, "key")) or ""
    return ""


def _validates(value: Value, term: Application) -> bool:
    return called_name(value).startswith("validate") and contains(value, term)


def only_revokes(occurrence: Occurrence) -> bool:
    """Whether the claims serve to end a session: by the names of the route and of the functions."""
    context = occurrence.context
    if context is not None and context.route is not None:
        route = context.route
        if _REVOKES.search(route.path) or _REVOKES.search(route.name):
            return True
    for origin in (*occurrence.effect.stack, occurrence.effect.origin):
        if _REVOKES.search(origin.module.source.segment(origin.node).partition("(")[0]):
            return True
    return False
