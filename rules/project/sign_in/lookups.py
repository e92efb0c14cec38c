"""Whether a store is asked for a token that was read, and which answer lets it pass."""

from __future__ import annotations

from collections.abc import Iterator

from rules.evaluation.values import Application, Condition, Const, Effect, Operation, Symbol, Value
from rules.project.isolation.terms import called_name, contains, walk
from rules.project.tokens.tokens import Decoding

_LOOKS_UP = frozenset(
    {"get", "exists", "exec", "execute", "scalar", "scalars", "sismember", "first", "find_one"}
)


def is_looked_up(decoding: Decoding) -> bool:
    """Whether a store is asked for the token or its `jti`."""
    return any(True for _ in _lookups(decoding))


def must_be_known(decoding: Decoding) -> bool:
    """Whether only tokens pass that a store knows: one that lists tokens as ended knows no other kind."""
    return any(not _passes_unknown(found, decoding) for found in _lookups(decoding))


def is_compared(decoding: Decoding, writes: list[Effect]) -> bool:
    """Whether what was written about the token decides something: by its result, its error, or its `jti`."""
    term = decoding.call.term
    written = [effect.value for effect in writes]
    first = min((_position(decoding, effect) for effect in writes), default=0)
    for position, effect in enumerate(decoding.occurrence.log.effects):
        for condition in effect.conditions:
            test = condition.test
            if isinstance(test, Symbol) and test.role == "caught" and position > first:
                return True
            nodes = list(walk(test))
            if any(node is value for node in nodes for value in written):
                return True
            if any(is_jti(node) and contains(node, term) for node in nodes):
                return True
    return False


def _position(decoding: Decoding, wanted: Effect) -> int:
    return next(i for i, effect in enumerate(decoding.occurrence.log.effects) if effect is wanted)


def _lookups(decoding: Decoding) -> Iterator[Application]:
    term, token = decoding.call.term, decoding.call.token
    for effect in decoding.occurrence.log.effects:
        found = effect.value
        if effect.kind != "call" or called_name(found) not in _LOOKS_UP:
            continue
        if not isinstance(found, Application) or contains(found.function, term):
            continue
        given = [*found.arguments.positional, *found.arguments.keywords.values()]
        nodes = [node for value in given for node in walk(value)]
        asked = any(is_jti(node) and contains(node, term) for node in nodes)
        if asked or (
            token is not None and any(v is token for v in nodes) and not any(v is term for v in nodes)
        ):
            yield found


def is_jti(node: Value) -> bool:
    """Whether a term takes the token's own number out of its claims."""
    key = getattr(node, "key", None)
    name = key.value if isinstance(key, Const) else getattr(node, "name", "")
    given = node.arguments.get(0, "key") if isinstance(node, Application) else None
    return name in {"jti", "sid"} or (isinstance(given, Const) and given.value in {"jti", "sid"})


def _passes_unknown(found: Application, decoding: Decoding) -> bool:
    """Whether what happens afterwards needs the store to know nothing of the token."""
    effects = decoding.occurrence.log.effects
    passing = (c for e in effects if e.kind != "raise" for c in e.conditions)
    seen = {id(c): c for c in passing if contains(c.test, found)}
    return any(_is_absent(c, found) for c in seen.values())


def _is_absent(condition: Condition, found: Application) -> bool:
    return _absent(condition.test, found, truthy=not condition.negated)


def _absent(test: Value, found: Application, *, truthy: bool) -> bool:
    """Whether a test that came out so says that nothing was found."""
    if not isinstance(test, Operation):
        return not truthy and contains(test, found)
    if test.operator == "not":
        return _absent(test.operands[0], found, truthy=not truthy)
    if test.operator in {"and", "or"}:
        decided = truthy == (test.operator == "and")
        return decided and any(_absent(o, found, truthy=truthy) for o in test.operands if contains(o, found))
    none = any(isinstance(o, Const) and o.value is None for o in test.operands)
    return none and truthy is (test.operator in {"is", "=="}) and contains(test, found)
