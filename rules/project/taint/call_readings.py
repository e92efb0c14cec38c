"""What a call is to the taint rules, read once for all requests in which it is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.evaluation.values import Value
from rules.project.taint.answers import is_answer
from rules.project.taint.library_calls import LibraryCall, library_call
from rules.project.taint.log_calls import writes_log
from rules.project.taint.sinks import Sink, sinks
from rules.project.taint.statements import plain_sink, text_sink


@dataclass(frozen=True, slots=True)
class CallReading:
    """A call that interprets, writes or sends what it gets."""

    call: LibraryCall
    sinks: tuple[Sink, ...]
    is_log: bool
    is_answer: bool


@dataclass(slots=True)
class CallReadings:
    """Reads calls; requests share most of theirs."""

    _known: dict[int, tuple[Value, CallReading | None]] = field(default_factory=dict)

    def of(self, value: Value) -> CallReading | None:
        """The reading of a call's value; None where the rules have no interest in it."""
        known = self._known.get(id(value))
        if known is None:
            known = self._known[id(value)] = (value, _read(value))
        return known[1]


def _read(value: Value) -> CallReading | None:
    call = library_call(value)
    if call is None:
        return None
    found = CallReading(call, tuple(_sinks(value, call)), writes_log(call), is_answer(call))
    return found if found.sinks or found.is_log or found.is_answer else None


def _sinks(value: Value, call: LibraryCall) -> Iterator[Sink]:
    text = text_sink(value)
    if text is not None:
        yield text
        return
    yield from sinks(call)
    plain = plain_sink(call)
    if plain is not None:
        yield plain
