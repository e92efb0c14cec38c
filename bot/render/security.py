"""The third section's facts: who may call what, tokens, passwords, CORS, TLS, cookies and secrets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.headline import counted
from bot.render.architecture import named
from bot.render.markdown import bullets
from bot.render.place import CodePage
from bot.report import Report
from rules.finding import Place
from rules.inventory import RouteInventory
from rules.sections import CorsFacts, HardeningFacts, SignInSummary, TokenFacts, TokenLifetime

_MOST = 6
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def security_facts(report: Report, page: CodePage) -> list[str]:
    """A list of them."""
    lines = list(_access(report.routes))
    if report.sections.sign_in is not None:
        lines += _sign_in(report.sections.sign_in, page)
    if report.sections.hardening is not None:
        lines += _hardening(report.sections.hardening, page)
    return [bullets(lines, len(lines))] if lines else []


def _access(inventory: RouteInventory) -> Iterator[str]:
    routes = inventory.routes
    if not routes:
        return
    privileged = sum(route.privileged for route in routes)
    authentication = _counted(Counter(route.auth for route in routes))
    yield f"Authentication of {counted(len(routes), 'endpoint')}: {authentication}."
    yield f"Authorization: {counted(privileged, 'endpoint')} for privileged users alone."
    yield f"Data isolation: {_counted(Counter(route.scope for route in routes))}."


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {word}" for word, number in counts.most_common())


def _sign_in(held: SignInSummary, page: CodePage) -> Iterator[str]:
    for token in held.tokens[:_MOST]:
        kind = "Refresh tokens" if token.is_refresh else "Tokens"
        yield f"{kind} at {_at(token.place, page)}: {_token(token)}."
    for reading in held.readings[:_MOST]:
        checked = "signature verified" if reading.verified else "**signature not verified**"
        yield f"Tokens read at {_at(reading.place, page)}: {_names(reading.algorithms)}, {checked}."
    for hashing in held.hashing[:_MOST]:
        with_what = f" ({_names(hashing.schemes)})" if hashing.schemes else ""
        yield f"Passwords hashed at {_at(hashing.place, page)}: {named(hashing.hasher)}{with_what}."


def _token(token: TokenFacts) -> str:
    lives = " or ".join(_lifetime(found) for found in token.lifetimes[:_MOST]) or "of unknown lifetime"
    return f"{token.library}, {_names(token.algorithms)}, claims {_names(token.claims)}, {lives}"


def _lifetime(found: TokenLifetime) -> str:
    size, unit = next((pair for pair in _UNITS if found.seconds >= pair[0]), _UNITS[-1])
    configurable = ", configurable" if found.configurable else ""
    return f"valid for {found.seconds / size:g} {unit}{configurable}"


def _hardening(held: HardeningFacts, page: CodePage) -> Iterator[str]:
    for policy in held.cors[:_MOST]:
        yield f"CORS at {page.lines(policy.path, policy.line)}: {_cors(policy)}."
    transport, secrets = held.transport, held.secrets
    https = "redirected to by the application" if transport.redirects_to_https else "left to what is in front"
    bare = _names(transport.cookies_without_flags)
    cookies = f"; {counted(transport.cookies_set, 'cookie')} set" + (
        f", without flags: {bare}" if bare else ""
    )
    unverified = transport.unverified_connections
    others = f"; {counted(unverified, 'connection')} to others without verification" if unverified else ""
    yield f"HTTPS: {https}{cookies if transport.cookies_set else ''}{others}."
    defaulted = [name for name in secrets.settings if name not in secrets.required]
    fields = f"{len(secrets.settings)} in settings"
    with_default = f" ({_names(tuple(defaulted))} with a default)" if defaulted else ""
    yield f"Secrets: {fields}{with_default}, {secrets.in_source} in the source."


def _cors(policy: CorsFacts) -> str:
    origins = _names(policy.origins) or ("by pattern" if policy.pattern else "origins unknown")
    pattern = f", pattern {named(policy.pattern)}" if policy.pattern else ""
    allowed = {True: "with credentials", False: "without credentials", None: "credentials unknown"}
    return f"{origins}{pattern}, {allowed[policy.credentials]}"


def _names(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(named(name) for name in names[:_MOST]) + more


def _at(place: Place, page: CodePage) -> str:
    return page.lines(place.path, place.line, place.end_line)
