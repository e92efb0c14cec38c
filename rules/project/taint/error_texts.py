"""Texts of exceptions that nobody foresaw, in what is sent to the client."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.evaluation.values import (
    Effect,
    External,
    Instance,
    Sequence,
    Symbol,
    Value,
)
from rules.finding import Place, TrailStep
from rules.project.isolation.placement import place_of
from rules.project.isolation.provenance import root_of
from rules.project.isolation.roles import Connection
from rules.project.isolation.terms import argument_values
from rules.project.routing.framework import split
from rules.project.taint.caught_texts import caught_in
from rules.project.taint.contexts import Context
from rules.project.taint.foreseen_errors import is_debugging, is_read, sureness_of, types_of
from rules.project.taint.library_calls import LibraryCall, library_call
from rules.rule import Confidence

_RESPONSES = ("Response",)
_SENDS = frozenset({"send_text", "send_json", "send_bytes", "close"})
_SURENESS = {"broad": Confidence.HIGH, "library": Confidence.LOW}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ErrorText:
    """The text of an exception in an answer. `written` is the term, `is_trace` a traceback."""

    effect: Effect
    written: Value
    is_trace: bool
    caught: str
    confidence: Confidence
    place: Place
    context: Context
    titles: list[str]

    @property
    def trail(self) -> tuple[TrailStep, ...]:
        """From the route to the answer."""
        return self.context.trail(self.effect, "the exception's text is sent")


@dataclass(slots=True)
class ErrorTexts:
    """Collects them; what two routes share is one."""

    found: dict[Place, ErrorText] = field(default_factory=dict)

    def look(self, context: Context, position: int) -> None:
        """Look at one effect."""
        effect = context.log.effects[position]
        for value in _sent(context, position):
            for written, caught, conditions in caught_in(value):
                held = (*effect.conditions, *conditions)
                sureness = sureness_of(types_of(caught, held)) if caught is not None else "broad"
                if sureness is None or is_debugging(held) or (caught is not None and is_read(caught, held)):
                    continue
                self._keep(context, effect, written, caught, _SURENESS[sureness])
                return

    def _keep(
        self, context: Context, effect: Effect, written: Value, caught: Symbol | None, confidence: Confidence
    ) -> None:
        place = place_of(effect.origin)
        known = self.found.get(place)
        if known is not None:
            known.titles.append(context.title)
            return
        self.found[place] = ErrorText(
            effect=effect,
            written=written,
            is_trace=caught is None,
            caught=_name_of_types(caught),
            confidence=confidence,
            place=place,
            context=context,
            titles=[context.title],
        )


def _sent(context: Context, position: int) -> Iterator[Value]:
    """What an effect sends to the client: an HTTP error's detail, a response's content, the answer."""
    effect = context.log.effects[position]
    value = effect.value
    if effect.kind == "raise":
        call = library_call(value)
        if call is not None and call.method.endswith(("HTTPException", "WebSocketException")):
            yield from argument_values(call.arguments)
        if isinstance(value, Instance) and any(n.endswith("HTTPException") for n in value.cls.externals()):
            yield from value.attributes.values()
    elif effect.kind == "return":
        if context.log.is_response(position):
            yield value
    elif (call := library_call(value)) is not None and _is_answer(call):
        yield from argument_values(call.arguments)


def _is_answer(call: LibraryCall) -> bool:
    """Whether a call makes a response, or sends a message over a websocket."""
    if call.library in {"fastapi", "starlette"} and call.method.endswith(_RESPONSES):
        return True
    return call.method in _SENDS and call.receiver is not None and _is_connection(call.receiver)


def _is_connection(value: Value) -> bool:
    root = root_of(value)
    return isinstance(root, Symbol) and isinstance(root.role, Connection)


def _name_of_types(caught: Symbol | None) -> str:
    types = caught.annotation if caught is not None else None
    found = types.items if isinstance(types, Sequence) else [types]
    return " or ".join(split(v.name)[1] for v in found if isinstance(v, External)) or "any exception"
