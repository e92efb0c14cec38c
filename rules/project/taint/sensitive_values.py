"""Values that must not be written down: passwords, tokens, keys, credentials, and what holds them whole."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.evaluation.attributes import find_in_class
from rules.evaluation.values import (
    Application,
    ClassValue,
    Const,
    External,
    Instance,
    Item,
    Member,
    Sequence,
    Symbol,
    Value,
)
from rules.project.annotations import class_of, shape
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.ownership import Ownership
from rules.project.isolation.provenance import root_of
from rules.project.isolation.roles import ClientInput, Connection, Credential
from rules.project.isolation.secrets import Secret, secret_field
from rules.project.isolation.terms import constant_text
from rules.project.schema.schemas import is_model
from rules.project.taint.credential_names import credential_name
from rules.project.taint.field_types import FieldTypes
from rules.project.taint.library_calls import library_call
from rules.project.taint.sources import Sources
from rules.rule import Confidence

_TOKEN_MAKERS = frozenset(
    {
        "jwt.encode", "jose.jwt.encode", "secrets.token_urlsafe", "secrets.token_hex",
        "authlib.jose.jwt.encode",
        "jwt.PyJWT.encode",
    }
)  # fmt: skip
_HEADER = re.compile(r"authori[sz]ation|cookie|api[_-]?key|token|secret|x-auth|password", re.IGNORECASE)
_PUBLIC_PARTS = frozenset({"username", "scheme", "realm", "scopes", "grant_type", "client_id", "scope"})


@dataclass(frozen=True, slots=True)
class Sensitive:
    """What a value holds: `phrase` for a message; `sure` where its name or type leaves no doubt.

    `perhaps` where it may hold no secret at all.
    """

    phrase: str
    sure: bool = True
    perhaps: bool = False

    @property
    def confidence(self) -> Confidence:
        """How sure it is that a secret is written."""
        if self.perhaps:
            return Confidence.LOW
        return Confidence.HIGH if self.sure else Confidence.MEDIUM


@dataclass(slots=True)
class SensitiveValues:
    """Recognises them, by where they come from first and by their names second."""

    sources: Sources
    fields: FieldTypes
    ownership: Ownership

    def row(self, node: Value, inspection: Inspection) -> Sensitive | None:
        """A row that a query gave, of a model whose text shows a secret column."""
        if not isinstance(node, Application | Item):
            return None
        query = inspection.guards.source(node)
        tables = [self.ownership.table(part) for part in query.tables] if query is not None else []
        models = [t.model for t in tables if t is not None and isinstance(t.model, ClassValue)]
        return next((found for cls in models if (found := self.whole(cls, cls.qualname))), None)

    def of(self, node: Value) -> Sensitive | None:
        """What a value as a whole gives away."""
        match node:
            case Symbol():
                return self._of_symbol(node)
            case Member(name=name, of=of):
                return self._of_member(node, of, name)
            case Item(key=Const(value=str(name)), of=of):
                return self._named(name, node) if not self._is_request_part(of) else _of_header(of, name)
            case Instance():
                return self.whole(node.cls, node.cls.qualname)
            case Application():
                return self._of_call(node)
            case _:
                return None

    def _of_symbol(self, node: Symbol) -> Sensitive | None:
        match node.role:
            case Credential(name=name):
                return Sensitive(f"the credential that `{name}` read")
            case ClientInput(name=name):
                model = class_of(shape(node.annotation).base) if node.annotation is not None else None
                if model is not None:
                    return self.whole(model, node.name)
                return self._named(name, node)
            case _:
                return None

    def _of_member(self, node: Member, of: Value, name: str) -> Sensitive | None:
        if self._is_request_part(node) and isinstance(of, Symbol):
            return (
                Sensitive("all headers of the request")
                if name == "headers"
                else (Sensitive("all cookies of the request") if name == "cookies" else None)
            )
        if isinstance(of, Symbol) and isinstance(of.role, Credential) and name in _PUBLIC_PARTS:
            return None
        if isinstance(of, External | ClassValue):
            return None
        return self._named(name, node)

    def _named(self, name: str, node: Value) -> Sensitive | None:
        """A value whose name is that of a secret and whose type can hold one."""
        declared = self.sources.type_of(node)
        kind = credential_name(name)
        if kind is None or (declared is not None and secret_field("password", shape(declared)) is None):
            return None
        sure = kind is not Secret.TOKEN or "token" in name.lower()
        return Sensitive(f"`{name}`, {kind.value}", sure=sure and name.lower() not in {"token", "otp"})

    def _of_call(self, node: Application) -> Sensitive | None:
        call = library_call(node)
        if call is None:
            return None
        if call.name in _TOKEN_MAKERS:
            return Sensitive(f"a token that `{call.name}` made", sure=not call.name.startswith("secrets"))
        if call.method == "get" and call.receiver is not None:
            name = constant_text(call.argument(0, "key"))
            if name and self._is_request_part(call.receiver):
                return _of_header(call.receiver, name)
            return self._named(name, node) if name and self.sources.of(call.receiver) is not None else None
        if call.method == "get_secret_value":
            return Sensitive("the plain text of a secret")
        return None

    def _is_request_part(self, value: Value) -> bool:
        root = root_of(value)
        return isinstance(root, Symbol) and isinstance(root.role, Connection)

    def whole(self, cls: ClassValue, name: str) -> Sensitive | None:
        """A model written as a whole, of which some field is a secret that its text shows."""
        if not is_model(cls) or any(
            find_in_class(cls, own) for own in ("__repr__", "__str__", "__repr_args__")
        ):
            return None
        for field, annotation in self.fields(cls).items():
            found = shape(annotation)
            kind = secret_field(field, found)
            if kind in {Secret.PASSWORD, Secret.KEY, Secret.TOKEN} and not self.fields.is_hidden(cls, field):
                return Sensitive(f"`{name}` with its `{field}`", sure=kind is Secret.PASSWORD)
        return None


def _of_header(of: Value, name: str) -> Sensitive | None:
    """One header or cookie by its name."""
    if isinstance(of, Member) and of.name in {"headers", "cookies"}:
        return Sensitive(f"the header or cookie `{name}`") if _HEADER.search(name) else None
    kind = credential_name(name)
    return Sensitive(f"`{name}`, {kind.value}") if kind in {Secret.PASSWORD, Secret.KEY} else None


def is_slice(node: Value) -> bool:
    """Whether a value is only a piece of another: `token[-4:]`."""
    return isinstance(node, Item) and isinstance(node.key, Sequence) and node.key.kind == "slice"
