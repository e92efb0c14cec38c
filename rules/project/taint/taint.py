"""Taint as the rules ask for it: one walk over what every request does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rules.evaluation.values import Effect
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.terms import argument_values
from rules.project.taint.answers import of_error
from rules.project.taint.call_readings import CallReadings
from rules.project.taint.contexts import Context
from rules.project.taint.dangers import Danger
from rules.project.taint.error_texts import ErrorText, ErrorTexts
from rules.project.taint.field_types import FieldTypes
from rules.project.taint.flows import Flows
from rules.project.taint.injections import Injection, Injections, page_sinks
from rules.project.taint.logged_secrets import Logged, LoggedSecrets
from rules.project.taint.query_credentials import QueryCredential, query_credentials
from rules.project.taint.sensitive_values import SensitiveValues
from rules.project.taint.sources import Sources


@dataclass(frozen=True, slots=True)
class Taint:
    """What the walk found."""

    injections: tuple[Injection, ...]
    error_texts: tuple[ErrorText, ...]
    logged: tuple[Logged, ...]
    query_credentials: tuple[QueryCredential, ...]

    def of(self, *dangers: Danger) -> Iterator[Injection]:
        """The injections of some dangers."""
        return (found for found in self.injections if found.danger in dangers)


def taint(isolation: Isolation, contexts: Iterable[Context]) -> Taint:
    """Walk the effects of every request once."""
    fields = FieldTypes(isolation.machine)
    sources = Sources(fields)
    walk = _Walk(
        Injections(Flows(sources)),
        ErrorTexts(),
        LoggedSecrets(SensitiveValues(sources, fields, isolation.ownership)),
    )
    for context in contexts:
        walk.through(context)
    return Taint(
        tuple(walk.injections.found.values()),
        tuple(walk.errors.found.values()),
        tuple(walk.logged.found.values()),
        query_credentials(tuple(isolation.routes)),
    )


@dataclass(frozen=True, slots=True)
class _Walk:
    """What is collected on the way."""

    injections: Injections
    errors: ErrorTexts
    logged: LoggedSecrets
    calls: CallReadings = field(default_factory=CallReadings)

    def through(self, context: Context) -> None:
        """Look at everything that one run does."""
        for position, effect in enumerate(context.log.effects):
            if effect.kind == "call":
                self._call(context, position, effect)
            elif effect.kind == "raise":
                self.errors.look(context, effect, of_error(effect.value))
            elif context.log.is_response(position):
                self.errors.look(context, effect, [effect.value])
                if context.inspection is not None and context.route is not None:
                    sinks = page_sinks(context.route, effect.value)
                    self.injections.look(context.inspection, context.log, position, sinks)

    def _call(self, context: Context, position: int, effect: Effect) -> None:
        reading = self.calls.of(effect.value)
        if reading is None:
            return
        if reading.is_log:
            self.logged.look(context, effect, reading.call)
        if reading.is_answer:
            self.errors.look(context, effect, argument_values(reading.call.arguments))
        if reading.sinks and context.inspection is not None:
            self.injections.look(context.inspection, context.log, position, reading.sinks)
