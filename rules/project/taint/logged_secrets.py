"""Passwords, tokens and credentials that a request writes to a log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.evaluation.values import (
    Application,
    Choice,
    Const,
    Dictionary,
    Effect,
    External,
    Instance,
    Item,
    Member,
    Operation,
    Sequence,
    Symbol,
    Value,
)
from rules.finding import Place, TrailStep
from rules.project.isolation.placement import place_of
from rules.project.isolation.roles import Input
from rules.project.isolation.secrets import Secret
from rules.project.isolation.terms import argument_values
from rules.project.taint.contexts import Context
from rules.project.taint.credential_names import credential_name
from rules.project.taint.library_calls import LibraryCall, library_call
from rules.project.taint.log_calls import is_quiet, logged_values
from rules.project.taint.sensitive_values import Sensitive, SensitiveValues, is_slice
from rules.project.taint.sources import connection_part
from rules.rule import Confidence

_TEXTS = frozenset(
    {
        "str", "repr", "format", "dict", "list", "tuple", "bytes", "vars", "dumps", "loads", "join", "items",
        "jsonable_encoder", "model_dump", "model_dump_json", "json", "values", "copy", "deepcopy", "pformat",
        "strip", "encode", "decode", "upper", "lower", "removeprefix", "replace", "raw",
    }
)  # fmt: skip
_DUMPS = frozenset({"model_dump", "model_dump_json", "dict", "json"})
_SIGN_IN = re.compile(r"login|sign|token|passw|regist|auth|credential|secret|session", re.IGNORECASE)
_MAX_NODES = 300


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Logged:
    """A sensitive value in a log; `quiet` where only a debug level writes it."""

    sensitive: Sensitive
    effect: Effect
    writer: str
    quiet: bool
    confidence: Confidence
    place: Place
    context: Context
    titles: list[str]

    @property
    def trail(self) -> tuple[TrailStep, ...]:
        """From the route to the log."""
        return self.context.trail(self.effect, f"{self.sensitive.phrase} is logged")


@dataclass(slots=True)
class LoggedSecrets:
    """Collects them; what two routes share is one."""

    values: SensitiveValues
    found: dict[Place, Logged] = field(default_factory=dict)

    def look(self, context: Context, effect: Effect, call: LibraryCall) -> None:
        """Look at an effect that writes a log."""
        place = place_of(effect.origin)
        if place in self.found:
            self.found[place].titles.append(context.title)
            return
        for name, value in logged_values(call):
            sensitive = next(self._inside(value, context), None) or _by_keyword(name, value)
            if sensitive is not None:
                self.found[place] = Logged(
                    sensitive=sensitive,
                    effect=effect,
                    writer=call.method,
                    quiet=is_quiet(call),
                    confidence=sensitive.confidence,
                    place=place,
                    context=context,
                    titles=[context.title],
                )
                return

    def _inside(self, value: Value, context: Context) -> Iterator[Sensitive]:
        pending = [value]
        seen: set[int] = set()
        while pending and len(seen) < _MAX_NODES:
            node = pending.pop()
            if id(node) in seen or isinstance(node, Const | External) or is_slice(node):
                continue
            seen.add(id(node))
            found = self.values.of(node) or _whole_body(node, context)
            if found is None and context.inspection is not None:
                found = self.values.row(node, context.inspection)
            if found is not None:
                yield found
            elif not isinstance(node, Instance | Member | Symbol):
                pending.extend(_parts(node))


def _whole_body(node: Value, context: Context) -> Sensitive | None:
    """The raw body of a request that may carry credentials: of a sign-in, or of any request in middleware."""
    source = connection_part(node)
    if source is None or source.kind is not Input.BODY or source.name or source.is_message:
        return None
    if context.route is not None and not _SIGN_IN.search(context.route.path):
        return None
    return Sensitive("the request's whole body", sure=False, perhaps=context.route is None)


def _by_keyword(name: str, value: Value) -> Sensitive | None:
    """A value under a keyword that names a secret: `log.info("login", password=…)`."""
    kind = credential_name(name) if name else None
    opaque = isinstance(value, Member | Symbol | Item)
    return Sensitive(f"`{name}`, {kind.value}") if opaque and kind in {Secret.PASSWORD, Secret.KEY} else None


def _parts(node: Value) -> list[Value]:
    match node:
        case Operation(operator="f" | "+" | "%" | "or" | "and" | "|", operands=operands):
            return operands
        case Sequence(kind=kind, items=items):
            return [] if kind == "slice" else items
        case Dictionary(items=pairs):
            return [value for _, value in pairs]
        case Choice(alternatives=found):
            return [a.value for a in found]
        case Item(of=of, key=None):
            return [of]
        case Application():
            return _of_call(node)
        case _:
            return []


def _of_call(node: Application) -> list[Value]:
    call = library_call(node)
    if call is None or call.method not in _TEXTS:
        return []
    if call.method in _DUMPS and {"exclude", "include"} & call.arguments.keywords.keys():
        return []
    given = argument_values(call.arguments)
    return given if call.receiver is None else [call.receiver, *given]
