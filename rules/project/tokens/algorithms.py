"""Signing algorithms by name, family and the key that they need."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.evaluation.values import Application, Const, Dictionary, Item, Sequence, Value, alternatives
from rules.project.isolation.terms import called_name, constant_text, receiver
from rules.project.tokens.token_calls import Act, Library, TokenCall

_ALLOWED = re.compile(r"^(HS|RS|ES|PS)(256|384|512)$|^ES256K$|^EdDSA$|^Ed(25519|448)$")
HMAC_BYTES = {"HS256": 32, "HS384": 48, "HS512": 64}
"""The least length of a key in bytes, by RFC 7518 section 3.2."""


@dataclass(frozen=True, slots=True)
class Algorithms:
    """What a call lists. `given` is false where it lists nothing; `known` where every name was read."""

    names: tuple[str, ...]
    given: bool = True
    known: bool = True
    from_token: bool = False

    @property
    def none(self) -> bool:
        """Whether unsigned tokens are among them."""
        return any(name.lower() == "none" for name in self.names)

    @property
    def unknown_names(self) -> tuple[str, ...]:
        """Names that stand for no algorithm that is safe to use."""
        return tuple(n for n in self.names if not _ALLOWED.match(n) and n.lower() != "none")

    @property
    def mixed(self) -> bool:
        """Whether a shared secret and a public key could both verify: the public key would be a secret."""
        symmetric = {name.startswith("HS") for name in self.names if _ALLOWED.match(name)}
        return len(symmetric) == 2


def algorithms_of(call: TokenCall) -> Algorithms:
    """The algorithms that a call signs with or accepts."""
    value = _argument(call)
    if value is None:
        return Algorithms((), given=False, known=not call.is_open)
    names: list[str] = []
    known, from_token = True, False
    for alternative in alternatives(value):
        found = alternative.value
        closed = isinstance(found, Sequence) and not found.is_open
        parts = found.items if isinstance(found, Sequence) else [found]
        for part in (a.value for p in parts for a in alternatives(p)):
            if isinstance(part, Const) and isinstance(part.value, str):
                names.append(part.value)
            elif isinstance(part, Const) and part.value is None:
                names += ["none"] if call.act is Act.ENCODE else []
            else:
                closed = False
                from_token = from_token or _is_from_token(part)
        known = known and (closed or isinstance(found, Const))
    listed = bool(names) or not known
    return Algorithms(tuple(dict.fromkeys(names)), listed, known, from_token)


def _argument(call: TokenCall) -> Value | None:
    if call.library is Library.AUTHLIB:
        return _of_header(call) if call.act is Act.ENCODE else _of_registry(call)
    if call.library is Library.JOSERFC:
        return _of_header(call) if call.act is Act.ENCODE else call.call.argument(2, "algorithms")
    return call.call.argument(2, "algorithm" if call.act is Act.ENCODE else "algorithms")


def _of_header(call: TokenCall) -> Value | None:
    header = call.header
    return header.get("alg") if isinstance(header, Dictionary) else header


def _of_registry(call: TokenCall) -> Value | None:
    """The list that a `JsonWebToken` was made with; None for the ready-made `authlib.jose.jwt`."""
    made = call.call.receiver
    if isinstance(made, Application) and called_name(made) == "JsonWebToken":
        return made.arguments.get(0, "algorithms")
    return None


def _is_from_token(value: Value) -> bool:
    """Whether the header of the token itself says how it is to be verified: `header["alg"]`."""
    of: Value | None = None
    key: Value | None = None
    if isinstance(value, Item):
        of, key = value.of, value.key
    elif isinstance(value, Application) and called_name(value) == "get":
        of, key = receiver(value), value.arguments.get(0, "key")
    return of is not None and constant_text(key) == "alg" and called_name(of).startswith("get_unverified_h")
