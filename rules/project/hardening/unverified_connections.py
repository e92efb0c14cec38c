"""Connections whose certificate is not verified, and issuers of tokens that are read without TLS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import Application, Const, External, Member, Value, alternatives
from rules.ir import nodes as ir
from rules.project.hardening.cors_origins import is_plain_http
from rules.project.hardening.development_guards import only_in_development
from rules.project.hardening.library_uses import AttributeSet, LibraryUse, Use
from rules.project.hardening.terms_of_text import texts_of
from rules.project.taint.library_calls import dotted_name

if TYPE_CHECKING:
    from rules.project.project import Project

_CLIENTS = {
    "httpx": ("verify",),
    "requests": ("verify",),
    "aiohttp": ("ssl", "verify_ssl"),
    "boto3": ("verify",),
}
_BARE_CONTEXTS = frozenset({"ssl._create_unverified_context", "ssl._create_stdlib_context"})
_KEY_SETS = re.compile(r"(jwks|\.well-known|openid-configuration|/certs$|/keys$)", re.IGNORECASE)
_ISSUERS = ("issuer", "iss", "server_metadata_url", "openIdConnectUrl", "jwks_uri", "jwks_url", "issuer_url")
_TOKEN_LIBRARIES = frozenset({"jwt", "jose", "authlib", "joserfc", "fastapi"})


@dataclass(frozen=True, slots=True, eq=False)
class UnverifiedConnection:
    """One of them: what stands there, and what to write."""

    phrase: str
    cure: str
    use: Use
    certain: bool
    option: str = ""


def unverified_connections(project: Project) -> Iterator[UnverifiedConnection]:
    """Options of HTTP clients, contexts of `ssl`, and http URLs of those who sign tokens."""
    uses = project.library_uses
    for call in uses.calls:
        found = list(_of_call(call))
        if found and not only_in_development(call.effect.conditions):
            yield from found
    for assigned in uses.attributes:
        if _switches_off(assigned) and not only_in_development(assigned.effect.conditions):
            phrase = f"`{assigned.name}` is switched off, so that any certificate will do"
            yield UnverifiedConnection(
                phrase, "leave it on, and name the authority to trust", assigned, certain=True
            )


def _of_call(use: LibraryUse) -> Iterator[UnverifiedConnection]:
    call = use.call
    if call.name in _BARE_CONTEXTS:
        phrase = f"`{call.name}` accepts any certificate"
        yield UnverifiedConnection(phrase, "use `ssl.create_default_context`", use, certain=True)
    for option in _CLIENTS.get(call.library, ()):
        given = call.arguments.keywords.get(option)
        for alternative in alternatives(given) if given is not None else ():
            value = alternative.value
            off = isinstance(value, Const) and value.value is False and not _is_worked_out(use, option)
            if off and not only_in_development(alternative.conditions):
                certain = isinstance(value, Const) and not value.configurable and not alternative.conditions
                phrase = f"`{option}=False` accepts any certificate"
                cure = "leave it out, or pass the authority's certificate"
                yield UnverifiedConnection(phrase, cure, use, certain=certain, option=option)
    requirement = call.arguments.keywords.get("cert_reqs")
    if requirement is not None and _is_none(requirement):
        phrase = "`cert_reqs` accepts any certificate"
        yield UnverifiedConnection(phrase, "require certificates", use, certain=True)
    yield from _of_issuer(use)


def _is_worked_out(use: LibraryUse, option: str) -> bool:
    """Whether an option is the answer to a question, such as whether the host is this machine."""
    node = use.effect.origin.node
    written = node.keyword(option) if isinstance(node, ir.Call) else None
    return isinstance(written, ir.Comparison | ir.Boolean | ir.Unary)


def _of_issuer(use: LibraryUse) -> Iterator[UnverifiedConnection]:
    """URLs without TLS from which keys are fetched, or that name who signs."""
    call = use.call
    values: list[Value] = []
    if call.method == "PyJWKClient" or call.library in {"httpx", "requests"}:
        first = call.argument(0, "url", "uri")
        found = [t for t in texts_of(first) if call.method == "PyJWKClient" or _KEY_SETS.search(t.text)]
        values = [first] if first is not None and found else []
    elif call.library in _TOKEN_LIBRARIES:
        values = [call.arguments.keywords[n] for n in _ISSUERS if n in call.arguments.keywords]
    for value in values:
        for text in texts_of(value):
            if is_plain_http(text.text) and not only_in_development(text.conditions):
                phrase = (
                    "who signs the tokens is asked without TLS, so that whoever is on the way signs them too"
                )
                certain = not text.configurable and not text.conditions
                yield UnverifiedConnection(phrase, "name the https URL", use, certain=certain)


def _switches_off(use: AttributeSet) -> bool:
    value = use.value
    if use.name not in {"verify", "check_hostname", "verify_mode"}:
        return False
    off = isinstance(value, Const) and value.value is False and not value.configurable
    owner = dotted_name(use.owner)
    if use.name == "verify":
        return off and owner.partition(".")[0] in {"requests", "httpx"}
    if use.name == "check_hostname":
        return off and owner.startswith("ssl.")
    return use.name == "verify_mode" and _is_none(value) and owner.startswith("ssl.")


def _is_none(value: Value) -> bool:
    if isinstance(value, Const):
        return value.value == "CERT_NONE"
    name = value.name if isinstance(value, External | Member) else ""
    return name.rpartition(".")[2] == "CERT_NONE" and not isinstance(value, Application)
