"""Who chose a value: the client freely, or the server from a proven identity."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from rules.evaluation.values import Application, Const, FunctionValue, Instance, Item, Member, Symbol, Value
from rules.project.isolation.roles import ClientInput, Connection, Credential, Input, Principal
from rules.project.isolation.terms import called_name, children, constant_text, library_of, walk
from rules.project.isolation.traits import Traits

_TOKEN_LIBRARIES = frozenset(
    {
        "jwt", "jose", "authlib", "itsdangerous", "firebase_admin", "fastapi_jwt_auth", "google", "joserfc",
        "python_jose", "jwcrypto", "fastapi_users", "paseto", "pyseto", "clerk_backend_api", "supabase",
    }
)  # fmt: skip
_VERIFIES = re.compile(r"^(decode|loads|unsign|verify|validate|authenticate)|decode$|verify_\w*token$")
CREDENTIAL_NAME = re.compile(
    r"authori[sz]ation|(^|[_-])auth($|[_-])|api[_-]?key|access[_-]?key|token|secret|session|signature|"
    r"credential|jwt|bearer|(^|[_-])sid$|hmac",
    re.IGNORECASE,
)
_STATE = frozenset({"state", "scope"})
_STATE_IDENTITY = re.compile(
    r"user|auth|principal|account|identity|tenant|org|member|claims|token|payload|^sub$|uid|customer|actor|role|viewer",
    re.IGNORECASE,
)
_IDENTITY = frozenset({"user", "auth", "session"})


# What a value was made of: proven identity, the client's own inputs, and a credential (header, cookie,
# scheme, session) as opposed to a token inside the data, as in a link to reset a password.
_IDENTITY_BIT, _CLIENT_BIT, _PRESENTED_BIT = 1, 2, 4


@dataclass(slots=True)
class Provenances:
    """Computes and remembers provenances.

    `is_table` tells mapped classes: a new row has a key of its own. `is_membership` tells those whose rows
    say what a user may do in one team alone.
    """

    is_table: Callable[[Value], bool] = lambda _value: False
    is_membership: Callable[[Value], bool] = lambda _value: False
    _traits: Traits = field(init=False)

    def __post_init__(self) -> None:
        self._traits = Traits(self._own_bits)

    def is_principal(self, value: Value) -> bool:
        """Whether a value is the authenticated user or something only the server derived from them."""
        return self._traits.of(value) & (_IDENTITY_BIT | _CLIENT_BIT) == _IDENTITY_BIT

    def clients(self, value: Value) -> bool:
        """Whether the client chose some part of a value."""
        return self._traits.of(value) & _CLIENT_BIT != 0

    def is_presented(self, value: Value) -> bool:
        """Whether a credential that the client presented takes part in a value."""
        return self._traits.of(value) & _PRESENTED_BIT != 0

    def mentions_identity(self, value: Value) -> bool:
        """Whether the proven identity takes any part in a value."""
        return self._traits.of(value) & _IDENTITY_BIT != 0

    def _own_bits(self, node: Value) -> tuple[int, list[Value]]:
        """What a node is by itself, else the parts that decide it."""
        answer = self._own(node)
        if answer is None:
            return 0, [] if self.is_new(node) else _made_of(node)
        if not answer:
            return _CLIENT_BIT, []
        return _IDENTITY_BIT | (_PRESENTED_BIT if self._presented(node) else 0), []

    def _presented(self, node: Value) -> bool:
        if not is_verification(node):
            return True
        inputs = [n.role for n in walk(node) if isinstance(n, Symbol) and isinstance(n.role, ClientInput)]
        return all(role.kind in _CARRIERS or _is_query_token(role) for role in inputs)

    def is_new(self, node: Value) -> bool:
        """Whether a value is a column that the database gave a row which this request makes."""
        if not isinstance(node, Member):
            return False
        made = node.of
        if isinstance(made, Instance):
            return self.is_table(made.cls)
        return (
            isinstance(made, Application)
            and isinstance(made.function, Member)
            and made.function.name in {"model_validate", "from_orm", "parse_obj"}
            and self.is_table(made.function.of)
        )

    def _own(self, node: Value) -> bool | None:
        """True for proven identity, False for a client's input, None for what is made of other values."""
        if isinstance(node, Symbol):
            if isinstance(node.role, Credential | Principal):
                return True
            if isinstance(node.role, ClientInput):
                return is_credential_input(node.role)
        if is_verification(node) or reads_identity(node):
            return True
        return request_part(node)


_CARRIERS = frozenset({Input.HEADER, Input.COOKIE})


def _is_query_token(role: ClientInput) -> bool:
    return role.kind is Input.QUERY and CREDENTIAL_NAME.search(role.name) is not None


def is_credential_input(role: ClientInput) -> bool:
    """Whether a header or cookie by its name proves an identity rather than claims something."""
    return role.kind in {Input.HEADER, Input.COOKIE} and CREDENTIAL_NAME.search(role.name) is not None


@functools.lru_cache(maxsize=4096)
def _is_verifying(name: str) -> bool:
    return _VERIFIES.search(name) is not None


@functools.lru_cache(maxsize=4096)
def _is_identifying(name: str) -> bool:
    return _STATE_IDENTITY.search(name) is not None


def is_verification(node: Value) -> bool:
    """A library's call that checks a token and gives its claims."""
    if not isinstance(node, Application) or not _is_verifying(called_name(node)):
        return False
    return library_of(node) in _TOKEN_LIBRARIES


def reads_identity(node: Value) -> bool:
    """A call outside what was read that gets the whole request and by its name tells who sent it."""
    if not isinstance(node, Application) or not _is_identifying(called_name(node)):
        return False
    given = [*node.arguments.positional, *node.arguments.keywords.values()]
    return any(isinstance(v, Symbol) and isinstance(v.role, Connection) for v in given)


def root_of(value: Value) -> Value:
    """What a chain of attributes, items and method calls begins with."""
    for _ in range(12):
        if isinstance(value, Member | Item):
            value = value.of
        elif isinstance(value, Application) and isinstance(value.function, Member):
            value = value.function.of
        else:
            break
    return value


def request_part(node: Value) -> bool | None:
    """`request.state.user` and the like (True), `request.query_params[…]` (False), anything else (None)."""
    if not isinstance(node, Member | Item | Application):
        return None
    root = root_of(node)
    if not isinstance(root, Symbol) or not isinstance(root.role, Connection):
        return None
    steps: list[str] = []
    current: Value = node
    for _ in range(12):
        match current:
            case Member(of=of, name=name):
                steps.append(name)
                current = of
            case Item(of=of, key=key):
                steps.append(_part_name(key))
                current = of
            case Application(function=Member(of=of, name="get" | "getlist")):
                steps.append(_part_name(current.arguments.get(0, "key")))
                current = of
            case Application(function=Member(of=of, name=name)):
                steps.append(name)
                current = of
            case _:
                break
    if not isinstance(current, Symbol) or not isinstance(current.role, Connection):
        return None
    return _of_request(steps[::-1])


def _part_name(key: Value | None) -> str:
    """The name of a header or cookie; where it is computed, the text or setting that tells of one."""
    known = constant_text(key)
    if known is not None or key is None:
        return known or "[]"
    texts = (constant_text(n) or (n.name if isinstance(n, Member) else "") for n in walk(key))
    return next((text for text in texts if text and CREDENTIAL_NAME.search(text)), "[]")


def _of_request(steps: list[str]) -> bool | None:
    first = steps[0]
    if first in _IDENTITY:
        return True
    if len(steps) < 2:
        return None
    if first in _STATE:
        return True if _STATE_IDENTITY.search(steps[1]) else None
    if first in {"headers", "cookies"}:
        if len(steps) == 2 and steps[1] in {"get", "getlist"}:
            return None
        return CREDENTIAL_NAME.search(steps[1]) is not None
    return False if first in {"query_params", "path_params", "json", "form", "body"} else None


def _made_of(node: Value) -> list[Value]:
    """What decides a value: for a method of a session or repository its arguments, not the session."""
    if isinstance(node, Application) and isinstance(node.function, Member):
        owner = node.function.of
        inner = [v for v in children(node) if v is not node.function]
        return [*inner, owner]
    if isinstance(node, FunctionValue):
        return []
    return [child for child in children(node) if not isinstance(child, Const)]
