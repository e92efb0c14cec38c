"""Routes by which people sign in, register, get back in or renew their tokens."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Sequence

from rules.evaluation.values import ClassValue, Value
from rules.project.isolation.authentication import Level
from rules.project.isolation.inspection import Inspection
from rules.project.passwords.password_values import takes_password
from rules.project.taint.contexts import Context

_RECOVERY = re.compile(r"forg[oe]t|recover|reset|lost_?password|magic_?link|resend|request_(verif|otp)")
_REGISTRATION = re.compile(r"register|registration|sign_?up|create_(user|account)|onboard")
_LOGIN = re.compile(r"log_?in|sign_?in|(^|_)tokens?$|authenticate|^auth$|sessions?$|access_token|^jwt")
_REFRESH = re.compile(r"refresh|renew")
_USERS = re.compile(r"^(users?|accounts?)$")


class Kind(enum.StrEnum):
    """What a route is for."""

    LOGIN = "login"
    REGISTRATION = "registration"
    RECOVERY = "recovery"
    REFRESH = "refresh"


def kind_of(inspection: Inspection, fields: Callable[[ClassValue], dict[str, Value]]) -> Kind | None:
    """The kind by the path, the name, and whether a password is sent; None for any other route."""
    route = inspection.route
    if "POST" not in route.methods and not set(route.methods) & {"PUT", "PATCH", "GET"}:
        return None
    before = route.path.lower().partition("{")[0]
    segments = [s.replace("-", "_") for s in before.split("/") if s][-2:]
    names = [*segments, route.name.lower()]
    if any(_REFRESH.search(name) for name in names):
        return Kind.REFRESH
    if "GET" in route.methods or inspection.authentication.level is Level.REQUIRED:
        return None
    if any(_RECOVERY.search(name) for name in names):
        return Kind.RECOVERY
    if not takes_password(route, fields):
        return None
    if any(_REGISTRATION.search(name) for name in names) or (segments and _USERS.match(segments[-1])):
        return Kind.REGISTRATION
    return Kind.LOGIN if any(_LOGIN.search(name) for name in names) else None


def sign_in_endpoints(
    contexts: Sequence[Context], fields: Callable[[ClassValue], dict[str, Value]]
) -> tuple[tuple[Context, Kind], ...]:
    """The routes among the contexts that have a kind."""
    found = ((c, kind_of(c.inspection, fields)) for c in contexts if c.inspection is not None)
    return tuple((context, kind) for context, kind in found if kind is not None)
