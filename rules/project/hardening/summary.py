"""The facts of the report's third section on CORS, on TLS and cookies, and on the handling of secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.project.hardening.cookies import bare_cookies
from rules.project.hardening.cors_policies import cors_policies
from rules.project.hardening.hardcoded_secrets import hardcoded_secrets
from rules.project.hardening.middleware_options import all_middleware
from rules.project.hardening.settings_secrets import is_secret_field_name, settings_fields
from rules.project.hardening.unverified_connections import unverified_connections
from rules.sections import CorsFacts, HardeningFacts, SecretFacts, TransportFacts

if TYPE_CHECKING:
    from rules.project.project import Project


def hardening_facts(project: Project) -> HardeningFacts:
    """Read them off the project."""
    return HardeningFacts(cors=_cors(project), transport=_transport(project), secrets=_secrets(project))


def _cors(project: Project) -> tuple[CorsFacts, ...]:
    return tuple(
        CorsFacts(
            path=policy.place.path,
            line=policy.place.line,
            origins=tuple(dict.fromkeys(origin.text for origin in policy.origins)),
            pattern=policy.pattern,
            credentials=policy.credentials,
        )
        for policy in cors_policies(project)
    )


def _transport(project: Project) -> TransportFacts:
    return TransportFacts(
        redirects_to_https=any(m.name == "HTTPSRedirectMiddleware" for m in all_middleware(project)),
        unverified_connections=sum(1 for _ in unverified_connections(project)),
        cookies_set=sum(use.call.method == "set_cookie" for use in project.library_uses.calls),
        cookies_without_flags=tuple(cookie.name for cookie in bare_cookies(project)),
    )


def _secrets(project: Project) -> SecretFacts:
    fields = [field for _, field in settings_fields(project) if is_secret_field_name(field.name)]
    return SecretFacts(
        settings=tuple(field.name for field in fields),
        required=tuple(field.name for field in fields if field.required),
        in_source=sum(1 for _ in hardcoded_secrets(project)),
    )
