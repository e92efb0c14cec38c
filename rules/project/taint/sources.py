"""What the client chose: parameters, fields of bodies, parts of the request, messages, names of files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from rules.evaluation.values import (
    Application,
    ClassValue,
    Const,
    External,
    Item,
    Member,
    Parametrized,
    Symbol,
    Value,
)
from rules.project.annotations import shape
from rules.project.isolation.provenance import root_of
from rules.project.isolation.roles import ClientInput, Connection, Credential, Injected, Input
from rules.project.isolation.terms import called_name, constant_text
from rules.project.taint.closed_types import element_of, is_closed, is_closed_pattern, model_of

_PARTS = {
    "query_params": Input.QUERY, "path_params": Input.PATH, "headers": Input.HEADER, "cookies": Input.COOKIE,
    "json": Input.BODY, "body": Input.BODY, "form": Input.FORM, "stream": Input.BODY,
}  # fmt: skip
_MESSAGES = frozenset(
    {
        "receive_text", "receive_json", "receive_bytes", "iter_text", "iter_json", "iter_bytes", "receive",
    }
)  # fmt: skip
_LOGIN_FORMS = frozenset({"OAuth2PasswordRequestForm", "OAuth2PasswordRequestFormStrict"})
_CLOSED_PARTS = frozenset({"size", "content_length", "expires_at", "scheme"})
_PLAIN = frozenset(
    {"builtins", "typing", "fastapi", "starlette", "pydantic", "typing_extensions", "collections"}
)
_STEPS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A value of the client. `kind` is where it stands in the request, `is_message` a websocket's.

    Without `known` its type could not be found out.
    """

    kind: Input
    name: str
    value: Value
    known: bool = True
    is_message: bool = False

    @property
    def phrase(self) -> str:
        """What a message calls it."""
        if self.is_message:
            return "a message of the websocket"
        place = "the request's body" if self.kind is Input.BODY else f"the {self.kind.value}"
        if not self.name:
            return place
        return f"`{self.name}` from {place}"


@dataclass(slots=True)
class Sources:
    """Recognises sources. `fields` gives the types of a model's fields by name."""

    fields: Callable[[ClassValue], dict[str, Value]]
    _types: dict[int, tuple[Value, Value | None]] = field(default_factory=dict)

    def of(self, node: Value) -> Source | None:
        """The source that a value is as a whole; None where it is none, or its type is closed."""
        match node:
            case Symbol(role=ClientInput() as role):
                if is_closed(node.annotation) or is_closed_pattern(role.pattern):
                    return None
                known = _is_plain(node.annotation) or model_of(node.annotation) is not None
                return Source(role.kind, role.name, node, known=known)
            case Symbol(role=Credential(name=name)):
                return Source(Input.HEADER, name, node)
            case Member() | Item():
                return self._part(node) or connection_part(node)
            case Application():
                return connection_part(node)
            case _:
                return None

    def is_closed_part(self, node: Value) -> bool:
        """Whether a value is a part of the client's data whose type is closed."""
        if not isinstance(node, Member | Item):
            return False
        if is_closed(self.type_of(node)) or is_closed(self.type_of(node.of)):
            return True
        return isinstance(node, Member) and node.name in _CLOSED_PARTS and isinstance(root_of(node), Symbol)

    def _part(self, node: Member | Item) -> Source | None:
        root = root_of(node)
        if not isinstance(root, Symbol):
            return None
        name = node.name if isinstance(node, Member) else constant_text(node.key) or ""
        match root.role:
            case ClientInput(kind=kind, name=outer):
                if self.is_closed_part(node):
                    return None
                known = self.type_of(node) is not None or _is_plain(root.annotation)
                return Source(kind, name or outer, node, known=known)
            case Injected(source=source) if source.rpartition(".")[2] in _LOGIN_FORMS:
                return Source(Input.FORM, name, node)
            case _:
                return None

    def type_of(self, node: Value) -> Value | None:
        """The declared type of a part of the client's data."""
        found = self._types.get(id(node))
        if found is None:
            found = self._types[id(node)] = (node, self._type_of(node))
        return found[1]

    def _type_of(self, node: Value) -> Value | None:
        match node:
            case Symbol(annotation=annotation):
                return annotation
            case Member(of=of, name=name):
                cls = model_of(self.type_of(of))
                return self.fields(cls).get(name) if cls is not None else None
            case Item(
                of=Application(function=Member(of=of, name="model_dump" | "dict")), key=Const(value=str(name))
            ):
                cls = model_of(self.type_of(of))
                return self.fields(cls).get(name) if cls is not None else None
            case Item(of=of):
                return element_of(self.type_of(of))
            case _:
                return None


def _is_plain(annotation: Value | None) -> bool:
    """Whether a parameter's type says that anything may come: none, a text, a dict, an upload."""
    if annotation is None:
        return True
    base = shape(annotation).base
    inner = base.base if isinstance(base, Parametrized) else base
    return isinstance(inner, External) and inner.name.partition(".")[0] in _PLAIN


def connection_part(node: Value) -> Source | None:
    """`request.query_params["q"]`, `await request.json()`, `await websocket.receive_text()` and the like."""
    root = root_of(node)
    if not isinstance(root, Symbol) or not isinstance(root.role, Connection):
        return None
    steps: list[tuple[str, Value]] = []
    current = node
    for _ in range(_STEPS):
        match current:
            case Application(function=Member(of=of, name=name)):
                steps.append((name, current))
            case Member(of=of, name=name):
                steps.append((name, current))
            case Item(of=of):
                steps.append(("[]", current))
            case _:
                break
        current = of
    if not steps or current is not root:
        return None
    first = steps[-1][0]
    if first in _MESSAGES:
        return Source(Input.BODY, "", node, is_message=True)
    kind = _PARTS.get(first)
    if kind is None:
        return None
    return Source(kind, _key(steps), node)


def _key(steps: list[tuple[str, Value]]) -> str:
    """The name of the first item that is asked for."""
    for _, value in steps[::-1]:
        if isinstance(value, Item) and (name := constant_text(value.key)):
            return name
        if isinstance(value, Application) and called_name(value) in {"get", "getlist"}:
            return constant_text(value.arguments.get(0, "key")) or ""
    return ""
