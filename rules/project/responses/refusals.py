"""Refusals with 401 where the caller is known, and with 403 where nobody is (RFC 9110, 15.5.2 and 15.5.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import (
    Application,
    ClassValue,
    Condition,
    Effect,
    External,
    Item,
    Member,
    Operation,
    Sequence,
    Symbol,
    Value,
)
from rules.project.isolation.authentication import Level
from rules.project.isolation.comparisons import comparison, presence
from rules.project.isolation.formulas import Proof, Prover, is_loop
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.privileges import privileged
from rules.project.isolation.provenance import is_verification
from rules.project.isolation.requests import Step
from rules.project.isolation.roles import ClientInput, Credential
from rules.project.isolation.terms import called_name, plain
from rules.project.responses.returns import http_exception_status

_TOKEN_ERRORS = re.compile(r"jwt|jwe|jws|jose|token|signature|decode|expired|credential", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class WrongRefusal:
    """A `raise` with status `given` where `meant` is the one; `why` is what the refused request lacks."""

    inspection: Inspection
    effect: Effect
    given: int
    meant: int
    why: str


def wrong_refusals(isolation: Isolation, inspection: Inspection) -> Iterator[WrongRefusal]:
    """Those of one request; refusals of shared dependencies come with each request that asks them."""
    for step in inspection.run.steps[:-1]:
        if isolation.authenticator.level(step) is Level.REQUIRED and not step.guessed:
            yield from _unknown_callers(inspection, step)
    if inspection.authentication.level is Level.REQUIRED:
        yield from _known_callers(inspection)


def _unknown_callers(inspection: Inspection, step: Step) -> Iterator[WrongRefusal]:
    """403 for a credential that is missing or not valid."""
    for effect in step.effects:
        if effect.kind == "raise" and http_exception_status(effect.value) == 403:
            last = _last(effect)
            why = _credential_fault(inspection, step, last) if last is not None else ""
            if why:
                yield WrongRefusal(inspection, effect, 403, 401, why)


def _last(effect: Effect) -> Condition | None:
    return next((c for c in reversed(effect.conditions) if not is_loop(c)), None)


def _credential_fault(inspection: Inspection, step: Step, condition: Condition) -> str:
    test = condition.test
    if isinstance(test, Symbol) and test.role == "caught":
        verifies = any(e.kind == "call" and is_verification(e.value) for e in step.effects)
        return "a valid token" if verifies and _is_about_token(test.annotation) else ""
    absent = presence(test, truth=condition.negated)
    if absent is not None and _is_credential(inspection, absent):
        return "a credential"
    compared = comparison(test, truth=condition.negated)
    if compared is not None and compared.equal:
        sides = (plain(compared.left), plain(compared.right))
        if any(_is_credential(inspection, side) for side in sides):
            return "a valid credential"
    return ""


def _is_about_token(caught: Value | None) -> bool:
    if isinstance(caught, Sequence):
        return any(_is_about_token(item) for item in caught.items)
    if isinstance(caught, ClassValue):
        return any(_TOKEN_ERRORS.search(name) for name in (caught.qualname, *caught.externals()))
    return isinstance(caught, External) and bool(_TOKEN_ERRORS.search(caught.name))


def _is_credential(inspection: Inspection, value: Value) -> bool:
    """Whether a value is what the client presented, or a claim of it, and nothing that a row says."""
    provenances = inspection.run.provenances
    if not provenances.is_presented(value) or inspection.guards.rows.source(value) is not None:
        return False
    inner = plain(value)
    for _ in range(4):
        if isinstance(inner, Symbol):
            return isinstance(inner.role, Credential | ClientInput)
        if isinstance(inner, Member | Item):
            inner = inner.of
        elif isinstance(inner, Application) and called_name(inner) == "get":
            inner = inner.function.of if isinstance(inner.function, Member) else inner.function
        else:
            return is_verification(inner)
    return False


def _known_callers(inspection: Inspection) -> Iterator[WrongRefusal]:
    """401 for a caller who is known and may not do this."""
    log = inspection.run.log
    provenances = inspection.run.provenances

    def leaf(test: Value, /, *, truth: bool) -> Proof:
        if privileged(test, provenances, truth=truth) or _is_ownership(inspection, test, truth=truth):
            return Proof.FULL
        return Proof.NONE

    prover = Prover(leaf)
    for effect in log.effects:
        if effect.kind != "raise" or http_exception_status(effect.value) != 401:
            continue
        last = _last(effect)
        challenges = isinstance(effect.value, Application) and "headers" in effect.value.arguments.keywords
        if last is None or challenges or isinstance(last.test, Symbol):
            continue
        if prover.prove(last.test, truth=last.negated) is Proof.FULL:
            yield WrongRefusal(inspection, effect, 401, 403, "the right")


def _is_ownership(inspection: Inspection, test: Value, *, truth: bool) -> bool:
    """Whether a test that came out so says that a row that the client chose is the caller's."""
    if not isinstance(test, Operation):
        return False
    found = comparison(test, truth=truth)
    if found is None or not found.equal:
        return False
    rows, provenances = inspection.guards.rows, inspection.run.provenances
    for left, right in found.sides():
        query = rows.source(left)
        if query is not None and rows.keys(query) and provenances.is_principal(right):
            return True
    return False
