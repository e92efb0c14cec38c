"""Endpoints that are meant to be open, and yet reach rows that belong to users."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rules.configuration.options import AuthMode
from rules.evaluation.values import Instance
from rules.finding import Question
from rules.project.isolation.authentication import Level
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.publicness import configured, reason
from rules.project.isolation.terms import called_name
from rules.project.schema.tables import Table

KIND = "security-against-function"
_BY_NAME = frozenset({"callback", "operations", "contact"})
_SIGNS_IN = re.compile(r"auth|login|log-in|sign-?in|sso|saml|oidc", re.IGNORECASE)
_PROVES = ("verify", "signature", "compare_digest", "construct_event", "hmac")


def open_owned_data(isolation: Isolation) -> Iterator[Question]:
    """One question for each open endpoint that reads or changes owned rows; users themselves aside."""
    if isolation.options.auth.mode is not AuthMode.APP:
        return
    for inspection in isolation.inspections():
        route = inspection.route
        if route.kind != "api" or inspection.authentication.level is not Level.NONE:
            continue
        why = _why_open(inspection, isolation.options.public)
        table = _reached(inspection, isolation) if why else None
        if table is None or (why != "the configuration says so" and _proves_itself(inspection)):
            continue
        place = route.place
        yield Question(
            KIND,
            place.path,
            place.line,
            f"`{route.title}` lets anyone in ({why}), and reaches `{table.model_name}` rows, which belong to "
            "users; is everybody meant to, or how should it tell who may?",
        )


def _why_open(inspection: Inspection, public: Iterable[str]) -> str | None:
    if configured(inspection.route, public):
        return "the configuration says so"
    found = reason(inspection.route, inspection.run)
    if _SIGNS_IN.search(inspection.route.path):
        return None
    return f"it looks like {found}" if found in _BY_NAME else None


def _reached(inspection: Inspection, isolation: Isolation) -> Table | None:
    """The first owned table whose rows are queried or made."""
    ownership = isolation.ownership
    values = [part for query in inspection.guards.queries for part in query.tables]
    values += [
        effect.value.cls
        for effect in inspection.run.handler.effects
        if effect.kind == "call" and isinstance(effect.value, Instance)
    ]
    tables = (ownership.table(value) for value in values)
    return next(
        (t for t in tables if t is not None and not ownership.is_user(t) and ownership.paths(t)), None
    )


def _proves_itself(inspection: Inspection) -> bool:
    """Whether the caller proves itself otherwise, by a signature over the body."""
    names = (called_name(call).lower() for call in inspection.run.calls)
    return any(mark in name for name in names for mark in _PROVES)
