"""Texts of exceptions that nobody foresaw, in what is sent to the client."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rules.evaluation.values import (
    Effect,
    External,
    Sequence,
    Symbol,
    Value,
)
from rules.finding import Place, TrailStep
from rules.project.isolation.placement import place_of
from rules.project.routing.framework import split
from rules.project.taint.caught_texts import caught_in
from rules.project.taint.contexts import Context
from rules.project.taint.foreseen_errors import is_debugging, is_read, sureness_of, types_of
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

    def look(self, context: Context, effect: Effect, sent: Iterable[Value]) -> None:
        """Look at what an effect sends to the client."""
        for value in sent:
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


def _name_of_types(caught: Symbol | None) -> str:
    types = caught.annotation if caught is not None else None
    found = types.items if isinstance(types, Sequence) else [types]
    return " or ".join(split(v.name)[1] for v in found if isinstance(v, External)) or "any exception"
