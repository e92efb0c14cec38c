"""Calls of PyJWT, python-jose, Authlib and joserfc that make a token, read one, or read one unverified.

Signatures as of PyJWT 2.15, python-jose 3.5, Authlib 1.9 and joserfc 1.8.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from rules.evaluation.values import Application, Const, Dictionary, Value, alternatives
from rules.project.taint.library_calls import HANDS_OVER, LibraryCall, library_call


class Library(enum.StrEnum):
    """The libraries by the names of their packages."""

    PYJWT = "PyJWT"
    JOSE = "python-jose"
    AUTHLIB = "Authlib"
    JOSERFC = "joserfc"


class Act(enum.Enum):
    """What a call does with a token."""

    ENCODE = "encode"
    DECODE = "decode"
    PEEK = "peek"  # the claims, unverified
    HEADER = "header"  # the header, unverified


_FUNCTIONS = {
    Library.PYJWT: r"jwt\.(api_jwt\.)?(PyJWT\.)?",
    Library.JOSE: r"jose\.jwt\.",
    Library.AUTHLIB: r"authlib\.jose\.(\w+\.)*(jwt|JsonWebToken)\.",
    Library.JOSERFC: r"joserfc\.jwt\.",
}
_PATTERNS = {library: re.compile(rf"^{prefix}(\w+)$") for library, prefix in _FUNCTIONS.items()}
_ACTS = {
    "encode": Act.ENCODE, "decode": Act.DECODE, "decode_complete": Act.DECODE,
    "get_unverified_claims": Act.PEEK, "get_unverified_header": Act.HEADER,
    "get_unverified_headers": Act.HEADER,
}  # fmt: skip
NAMES = frozenset(_ACTS)
_WITH_HEADER = frozenset({Library.AUTHLIB, Library.JOSERFC})


@dataclass(frozen=True, slots=True, eq=False)
class TokenCall:
    """One such call; `term` is what it gives."""

    library: Library
    act: Act
    call: LibraryCall
    term: Application

    @property
    def claims(self) -> Value | None:
        """The claims that are encoded."""
        position = 1 if self.library in _WITH_HEADER else 0
        return self.call.argument(position, "payload", "claims")

    @property
    def token(self) -> Value | None:
        """The token that is read."""
        return self.call.argument(0, "jwt", "token", "s", "value")

    @property
    def key(self) -> Value | None:
        """The key that signs or verifies."""
        return self.call.argument(2 if self.act is Act.ENCODE and self.library in _WITH_HEADER else 1, "key")

    @property
    def header(self) -> Value | None:
        """The header that Authlib and joserfc are given for a new token."""
        return self.call.argument(0, "header") if self.library in _WITH_HEADER else None

    @property
    def is_open(self) -> bool:
        """Whether arguments were passed that are not known."""
        return self.call.arguments.is_open

    def option(self, name: str) -> bool | None:
        """An entry of PyJWT's and python-jose's `options`; None where it is not given or not known."""
        options = self.call.argument(3, "options")
        for alternative in alternatives(options) if options is not None else ():
            given = alternative.value.get(name) if isinstance(alternative.value, Dictionary) else None
            if isinstance(given, Const) and isinstance(given.value, bool) and not given.configurable:
                return given.value
        return None


def token_call(value: Value) -> TokenCall | None:
    """The call that a value is; None for any other value."""
    if not isinstance(value, Application):
        return None
    name = getattr(value.function, "name", "").rpartition(".")[2]
    if name not in NAMES and name not in HANDS_OVER:
        return None
    call = library_call(value)
    if call is None or call.method not in NAMES:
        return None
    for library, pattern in _PATTERNS.items():
        if pattern.match(call.name):
            return TokenCall(library, _ACTS[call.method], call, value)
    return None
