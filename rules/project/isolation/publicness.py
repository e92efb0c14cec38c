"""Endpoints that anonymous clients are meant to reach: by configuration, by name, by what they do."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rules.evaluation.values import (
    Application,
    Const,
    Dictionary,
    External,
    Instance,
    Sequence,
    Value,
    alternatives,
)
from rules.project.isolation.provenance import is_verification
from rules.project.isolation.requests import RequestRun
from rules.project.isolation.terms import called_name, walk
from rules.project.routing.routes import Route

_WORDS = {
    "sign-in": r"log_?in|sign_?in|authenticate|access_token|refresh(_token)?|jwt|otp|mfa|2fa|sso|saml|"
    r"log_?out|sign_?out|magic_?link|passwordless",
    "registration": r"sign_?up|register|registration|onboard|join|activate|activation|invit(e|ation)s?",
    "recovery": r"forgot\w*|reset\w*|recover\w*|password_re\w*|confirm\w*|verify(_email)?|verification|"
    r"resend\w*|unsubscribe",
    "operations": r"health\w*|livez?|liveness|readyz?|readiness|ping|pong|alive|heartbeat|metrics|version|"
    r"status|info|uptime|monitoring|probe",
    "documentation": r"docs|redoc|openapi(\.json)?|schema|swagger|favicon(\.ico)?|robots(\.txt)?|static|"
    r"assets|\.?well_known|manifest(\.json)?|jwks(\.json)?|sitemap(\.xml)?",
    "callback": r"callback|oauth\d?|oidc|webhooks?|hooks?|authorize|redirect",
    "contact": r"contact|newsletter|feedback|waitlist|subscribe",
}
_PATTERNS = {kind: re.compile(rf"^({words})$") for kind, words in _WORDS.items()}
_TOKEN_PATH = re.compile(r"(^|/)(auth/)?(access[-_]?)?tokens?/?$")
_TENANT = re.compile(r"^.*?\{(org|tenant|workspace|account|company|realm)\w*(:\w+)?\}", re.IGNORECASE)
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_HASHERS = frozenset({"passlib", "bcrypt", "argon2", "pwdlib", "werkzeug", "scrypt", "libpass"})
_HASH_CALLS = re.compile(
    r"(verify|check|hash|get|make|generate|encrypt)_?\w*(password|pw|passwd)|^(checkpw|hashpw)$|^password_hash$"
)


def configured(route: Route, patterns: Iterable[str]) -> bool:
    """Whether the configuration names the route as public: `METHOD /path` with `*` and `**`."""
    return any(_matches(route, pattern) for pattern in patterns)


def _matches(route: Route, pattern: str) -> bool:
    methods, _, path = pattern.rpartition(" ")
    if methods and methods != "*" and not set(methods.split("|")) & set(route.methods):
        return False
    pieces = re.split(r"(\*\*|\*)", path)
    rule = "".join({"**": ".*", "*": "[^/]*"}.get(piece, re.escape(piece)) for piece in pieces)
    return re.fullmatch(rule, route.path) is not None


def reason(route: Route, run: RequestRun) -> str | None:
    """Why the route may be public; None where nothing speaks for it."""
    named = _by_name(route)
    if named is not None:
        return named
    hashes = any(_HASH_CALLS.search(name) or library in _HASHERS for name, library in run.called)
    if hashes and "{" not in _below_tenant(route):
        return "checks or sets a password"
    if any(name == "encode" and library in {"jwt", "jose"} for name, library in run.called):
        return "issues a token"
    if any(d.name.rpartition(".")[2].startswith("OAuth2PasswordRequestForm") for d in route.dependant.flat()):
        return "takes a user's password"
    if any(is_verification(call) for call in run.calls):
        return "verifies a token"
    return "answers with constants" if _is_constant(run) else None


def _by_name(route: Route) -> str | None:
    before = _below_tenant(route).lower().partition("{")[0]
    segments = [segment.replace("-", "_") for segment in before.split("/") if segment]
    for kind, pattern in _PATTERNS.items():
        if kind == "operations" and not set(route.methods) <= _READS:
            continue
        wanted = segments if kind in {"documentation", "callback"} else segments[-2:]
        if any(pattern.match(segment) for segment in wanted):
            return kind
    if route.path.rstrip("/").lower().endswith(("}/callback", "}/webhook")):
        return "callback"
    if _TOKEN_PATH.search(before) and "POST" in route.methods:
        return "sign-in"
    named = (
        kind for kind in ("sign-in", "registration", "recovery") if _PATTERNS[kind].match(route.name.lower())
    )
    return next(named, None) if "{" not in _below_tenant(route) else None


def _below_tenant(route: Route) -> str:
    """The path without a tenant's prefix: `/auth/login` of `/{organization}/auth/login`."""
    return _TENANT.sub("", route.path)


def _is_constant(run: RequestRun) -> bool:
    """Whether the answer is made of constants alone and nothing else happens."""
    value = run.handler.value
    if value is None or any(effect.kind in {"call", "set"} for effect in run.handler.effects):
        return value is not None and _trivial(value) and not run.handler.dependant.parameters
    return _trivial(value)


def _trivial(value: Value) -> bool:
    return all(
        all(isinstance(node, Const) or not _opaque(node) for node in walk(a.value))
        for a in alternatives(value)
    )


def _opaque(node: Value) -> bool:
    if isinstance(node, Application):
        return not called_name(node).endswith("Response")
    return not isinstance(node, Const | Dictionary | Sequence | External | Instance)
