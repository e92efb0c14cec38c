"""Signing and verifying with algorithms or keys that do not hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import Application, Const, Value
from rules.finding import Place
from rules.project.isolation.terms import called_name, walk
from rules.project.tokens.algorithms import HMAC_BYTES, Algorithms
from rules.project.tokens.occurrences import Occurrence
from rules.project.tokens.token_calls import Act, Library
from rules.project.tokens.tokens import Decoding, Encoding, Tokens
from rules.rule import Confidence, Severity

_NEEDS_LIST = frozenset({Library.JOSE, Library.AUTHLIB})
_OWN_KEYS = frozenset({"get_signing_key_from_jwt", "get_signing_key", "PyJWK", "import_key", "construct"})


@dataclass(frozen=True, slots=True, eq=False)
class UnsafeAlgorithm:
    """A call with the worst of what is wrong with its algorithms; `is_missing` where it lists none."""

    occurrence: Occurrence
    phrase: str
    severity: Severity
    confidence: Confidence
    is_missing: bool = False


def unsafe_algorithms(tokens: Tokens) -> Iterator[UnsafeAlgorithm]:
    """One for each place."""
    seen: set[Place] = set()
    made = (_of_encoding(encoding) for encoding in tokens.encodings)
    read = (_of_decoding(d, tokens) for d in tokens.decodings if d.call.act is Act.DECODE)
    for found in (*made, *read):
        if found is not None and found.occurrence.place not in seen:
            seen.add(found.occurrence.place)
            yield found


def _of_encoding(made: Encoding) -> UnsafeAlgorithm | None:
    algorithms = made.algorithms
    if algorithms.none:
        return _found(made.occurrence, "makes a token without a signature", Severity.HIGH)
    return _unknown(made.occurrence, algorithms) or _short_key(made.occurrence, algorithms)


def _of_decoding(read: Decoding, tokens: Tokens) -> UnsafeAlgorithm | None:
    occurrence, algorithms = read.occurrence, read.algorithms
    if occurrence.call.option("verify_signature") is False:
        return None
    if algorithms.from_token:
        return _found(occurrence, "accepts the algorithm that the token itself names", Severity.HIGH)
    if algorithms.none:
        severity = Severity.MEDIUM if occurrence.call.library is Library.PYJWT else Severity.HIGH
        return _found(occurrence, "accepts tokens without a signature (`none`)", severity)
    if algorithms.mixed and not _has_key_of_its_own(occurrence.call.key):
        return _found(
            occurrence,
            f"accepts shared-secret and public-key signatures ({_listed(algorithms)})",
            Severity.HIGH,
        )
    if not algorithms.given and algorithms.known:
        return _missing(read, tokens)
    return _unknown(occurrence, algorithms)


def _missing(read: Decoding, tokens: Tokens) -> UnsafeAlgorithm | None:
    """A call that accepts whatever the token's header says; PyJWT 2 and joserfc do not."""
    if read.call.library not in _NEEDS_LIST:
        return None
    own = [e for e in tokens.encodings if e.key == read.key]
    symmetric = own and all(n.startswith("HS") for e in own for n in e.algorithms.names or ("HS256",))
    severe = read.call.library is Library.JOSE and not symmetric
    return UnsafeAlgorithm(
        read.occurrence,
        "accepts whatever algorithm the token's header names",
        Severity.HIGH if severe else Severity.MEDIUM,
        Confidence.HIGH if read.call.library is Library.JOSE else Confidence.MEDIUM,
        is_missing=True,
    )


def _has_key_of_its_own(key: Value | None) -> bool:
    """Whether the key knows its own algorithm, as the keys of a key set do."""
    return key is not None and any(
        isinstance(node, Application) and called_name(node) in _OWN_KEYS for node in walk(key)
    )


def _unknown(occurrence: Occurrence, algorithms: Algorithms) -> UnsafeAlgorithm | None:
    if not algorithms.unknown_names:
        return None
    return _found(
        occurrence, f"uses {_names(algorithms.unknown_names)}, which is no safe algorithm", Severity.HIGH
    )


def _short_key(occurrence: Occurrence, algorithms: Algorithms) -> UnsafeAlgorithm | None:
    key = occurrence.call.key
    if not isinstance(key, Const) or key.configurable or not isinstance(key.value, str | bytes):
        return None
    names = algorithms.names or ("HS256",)
    needed = max((HMAC_BYTES.get(name, 0) for name in names), default=0)
    data = key.value.encode() if isinstance(key.value, str) else key.value
    if not algorithms.known or len(data) >= needed:
        return None
    return _found(
        occurrence, f"signs with a key of {len(data)} bytes where {names[0]} needs {needed}", Severity.MEDIUM
    )


def _found(occurrence: Occurrence, phrase: str, severity: Severity) -> UnsafeAlgorithm:
    confidence = Confidence.HIGH if occurrence.context is not None else Confidence.MEDIUM
    return UnsafeAlgorithm(occurrence, phrase, severity, confidence)


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _listed(algorithms: Algorithms) -> str:
    return _names(algorithms.names)
