"""Checks that leave nothing harmful of the client's data: allow-lists, patterns, paths below a folder."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass

from rules.evaluation.values import (
    Application,
    ClassValue,
    Const,
    Dictionary,
    Effect,
    External,
    FunctionValue,
    Item,
    Member,
    Operation,
    Sequence,
    Symbol,
    Value,
)
from rules.project.annotations import external_name, shape
from rules.project.isolation.formulas import Proof
from rules.project.isolation.terms import called_name, name_of, plain, receiver, walk
from rules.project.taint.closed_types import is_closed, is_closed_pattern
from rules.project.taint.dangers import Danger, Flow
from rules.project.taint.library_calls import LibraryCall, library_call

_WORD_TESTS = frozenset({"isalnum", "isalpha", "isdigit", "isdecimal", "isnumeric", "isidentifier"})
_RESOLVING = frozenset({"resolve", "realpath", "abspath", "absolute", "normpath", "safe_join"})
_ADDRESSES = frozenset({"is_private", "is_global", "is_loopback", "is_link_local", "is_reserved"})
_HOST_PARTS = frozenset({"hostname", "netloc", "host", "scheme", "domain", "registered_domain", "fqdn"})
_NO_PROOF = frozenset({"suffix", "len", "content_type", "size", "count"})
_CHECKS = re.compile(
    r"valid|allow|check|verify|safe|permit|trust|whitelist|sanit|inside|within", re.IGNORECASE
)
_FILES = frozenset({Danger.PATH})
_ADDRESSING = frozenset({Danger.URL, Danger.REDIRECT})


@dataclass(slots=True, eq=False)
class AllowList:
    """What one test proves of a flow: that its data is one of a fixed set, or lies below a folder."""

    danger: Danger
    through: frozenset[Hashable]

    @classmethod
    def of(cls, danger: Danger, flow: Flow) -> AllowList:
        """The judge of tests on the data of a flow."""
        return cls(danger, frozenset(_key(node) for node in flow.through))

    def __call__(self, test: Value, /, *, truth: bool) -> Proof:
        """The proof that `test`, having come out as `truth`, gives."""
        if isinstance(test, Operation):
            return self._of_operation(test, truth=truth)
        if isinstance(test, Application) and truth and self._is_row(test):
            return Proof.HELPER
        if isinstance(test, Application):
            return self._of_call(test, truth=truth)
        if isinstance(test, Member) and test.name in _ADDRESSES:
            return Proof.FULL if self.danger is Danger.URL and self._inside(test.of) else Proof.NONE
        return Proof.NONE

    def _of_operation(self, test: Operation, *, truth: bool) -> Proof:
        operator, operands = test.operator, test.operands
        if operator == "match":
            return self._among(operands[0], operands[1:]) if truth and len(operands) > 1 else Proof.NONE
        if operator in {"is", "is not"} and (operator == "is not") is truth and self._is_row(operands[0]):
            return Proof.HELPER
        if len(operands) != 2 or operator not in {"==", "!=", "in", "not in", "is", "is not"}:
            return Proof.NONE
        if (operator in {"==", "in", "is"}) is truth:
            return self._equal(operands[0], operands[1], contained=operator.endswith("in"))
        if operator in {"in", "not in"} and isinstance(operands[0], Const) and self._inside(operands[1]):
            return Proof.FULL if self.danger in _FILES and operands[0].value == "/" else Proof.HELPER
        return Proof.NONE

    def _is_row(self, test: Value) -> bool:
        """Whether a value is the row that was looked up by the client's data: it equals what is stored."""
        nodes = list(walk(test))
        keys = [part for n in nodes if isinstance(n, Operation) and n.operator == "==" for part in n.operands]
        keys += [a for n in nodes if called_name(n) == "get" for a in _given(n)[1:]]
        return any(_key(plain(part)) in self.through for part in keys)

    def _equal(self, left: Value, right: Value, *, contained: bool) -> Proof:
        if contained and self._inside(right) and not self._inside(left):
            parents = isinstance(right, Member) and right.name == "parents"
            return Proof.FULL if parents and self.danger in _FILES else Proof.NONE
        if not contained and self._inside(right) and not self._inside(left):
            left, right = right, left
        if isinstance(right, Const) and right.value in (None, "") and not contained:
            return Proof.NONE
        return Proof.NONE if self._inside(right) else self._among(left, [right])

    def _among(self, left: Value, allowed: list[Value]) -> Proof:
        """What follows from `left` being one of values that the client does not choose."""
        if not all(_is_fixed(value) for value in allowed):
            return Proof.HELPER if self._inside(left) else Proof.NONE
        inner = plain(left)
        if _key(inner) in self.through or _key(left) in self.through:
            return Proof.FULL
        if not self._inside(left):
            return Proof.NONE
        names = {name_of(node) or called_name(node) for node in walk(left)}
        if self.danger in _ADDRESSING and names & _HOST_PARTS:
            return Proof.FULL
        if self.danger in _FILES and names & {"commonpath"}:
            return Proof.FULL
        return Proof.NONE if names & _NO_PROOF else Proof.HELPER

    def _of_call(self, test: Application, *, truth: bool) -> Proof:
        call = library_call(test)
        if call is None or not any(self._inside(part) for part in _parts(call)):
            return Proof.NONE
        if call.name == "builtins.isinstance":
            return self._of_type(call) if truth else Proof.NONE
        if call.method in _WORD_TESTS:
            return Proof.FULL if truth else Proof.NONE
        if call.library == "re":
            return self._of_pattern(call) if truth else Proof.NONE
        if call.method in {"is_relative_to", "startswith"}:
            return self._below(call) if truth else Proof.NONE
        return Proof.HELPER if _CHECKS.search(call.method) else Proof.NONE

    def _of_type(self, call: LibraryCall) -> Proof:
        """`isinstance(value, int)`; an upload is never a text."""
        value, types = call.argument(0, "obj"), call.argument(1, "class_or_tuple")
        if value is None or types is None or _key(value) not in self.through:
            return Proof.NONE
        found = types.items if isinstance(types, Sequence) else [types]
        upload = (
            isinstance(value, Symbol)
            and value.annotation is not None
            and (external_name(shape(value.annotation).base) == "UploadFile")
        )
        texts = upload and all(external_name(item) in {"str", "bytes", "Path"} for item in found)
        return Proof.FULL if texts or all(is_closed(item) for item in found) else Proof.NONE

    def _of_pattern(self, call: LibraryCall) -> Proof:
        texts = [
            node.value
            for part in _parts(call)
            for node in walk(part)
            if isinstance(node, Const) and isinstance(node.value, str)
        ]
        full = any(
            is_closed_pattern(t if call.method != "fullmatch" else f"^{t.strip('^$')}$") for t in texts
        )
        full = full or any(is_closed_pattern("^" + t.lstrip("^")) for t in texts if call.method == "match")
        return Proof.FULL if full else Proof.HELPER

    def _below(self, call: LibraryCall) -> Proof:
        """`path.is_relative_to(folder)` of a resolved path, `url.startswith("https://host/")`."""
        given = call.arguments.get(0, "other")
        if call.receiver is None or not self._inside(call.receiver) or given is None or self._inside(given):
            return Proof.NONE
        if self.danger in _FILES:
            resolved = any(called_name(node) in _RESOLVING for node in walk(call.receiver))
            return Proof.FULL if resolved else Proof.HELPER
        if self.danger in _ADDRESSING:
            return starting_with(given)
        return Proof.HELPER

    def _inside(self, value: Value) -> bool:
        return any(_key(node) in self.through for node in walk(value))

    def refuses(self, effect: Effect) -> bool:
        """Whether an earlier call raises for paths outside a folder: `path.resolve().relative_to(folder)`."""
        of = receiver(effect.value)
        if self.danger not in _FILES or of is None or called_name(effect.value) != "relative_to":
            return False
        return self._inside(of) and any(called_name(node) in _RESOLVING for node in walk(of))


def starting_with(prefix: Value) -> Proof:
    """What follows from an address beginning with a text: everything where it ends the host, or is a path."""
    items = prefix.items if isinstance(prefix, Sequence) else [prefix]
    texts = [item.value for item in items if isinstance(item, Const) and isinstance(item.value, str)]
    if not items or len(texts) < len(items):
        return Proof.HELPER
    hosts = all(re.match(r"https?://[^/]+/|/[^/\\]", text) for text in texts)
    return (
        Proof.FULL
        if hosts
        else (Proof.HELPER if any("//" in t and t.count(".") for t in texts) else Proof.NONE)
    )


def _parts(call: LibraryCall) -> list[Value]:
    given = [*call.arguments.positional, *call.arguments.keywords.values()]
    return given if call.receiver is None else [call.receiver, *given]


def _given(value: Value) -> list[Value]:
    return value.arguments.positional if isinstance(value, Application) else []


def _is_fixed(value: Value) -> bool:
    """Whether the client has no part in a set of allowed values."""
    return isinstance(
        value,
        Const | Sequence | Dictionary | ClassValue | External | FunctionValue | Member | Application | Item,
    )


def _key(node: Value) -> Hashable:
    """What two readings of the same thing have in common: `body.name` twice is two terms with one key."""
    match node:
        case Member(of=of, name=name):
            return "member", _key(of), name
        case Item(of=of, key=Const(value=key)):
            return "item", _key(of), key
        case Application(function=Member(of=of, name=name)) if (
            all(isinstance(a, Const) for a in node.arguments.positional) and not node.arguments.keywords
        ):
            texts = tuple(a.value for a in node.arguments.positional if isinstance(a, Const))
            return "call", _key(of), name, texts
        case Symbol():
            return id(node)
        case _:
            return id(node)
