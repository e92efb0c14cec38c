"""Taint as the rules ask for it: one walk over what every request does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.project.isolation.isolation import Isolation
from rules.project.taint.contexts import Context, contexts
from rules.project.taint.dangers import Danger
from rules.project.taint.error_texts import ErrorText, ErrorTexts
from rules.project.taint.field_types import FieldTypes
from rules.project.taint.flows import Flows
from rules.project.taint.injections import Injection, Injections
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


def taint(isolation: Isolation) -> Taint:
    """Walk the effects of every request once."""
    fields = FieldTypes(isolation.machine)
    sources = Sources(fields)
    injections = Injections(Flows(sources))
    errors = ErrorTexts()
    logged = LoggedSecrets(SensitiveValues(sources, fields, isolation.ownership))
    for context in contexts(isolation):
        _walk(context, injections, errors, logged)
    return Taint(
        tuple(injections.found.values()),
        tuple(errors.found.values()),
        tuple(logged.found.values()),
        query_credentials(tuple(isolation.routes)),
    )


def _walk(context: Context, injections: Injections, errors: ErrorTexts, logged: LoggedSecrets) -> None:
    for position, effect in enumerate(context.log.effects):
        if effect.kind == "call":
            logged.look(context, effect)
        if effect.kind in {"call", "return"} and context.inspection is not None:
            injections.look(context.inspection, context.log, position)
        if effect.kind in {"call", "return", "raise"}:
            errors.look(context, position)
