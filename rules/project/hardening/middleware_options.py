"""Options that middleware is given: keys, origins, flags of the session's cookie."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.evaluation.values import Application, Effect, External
from rules.project.hardening.library_uses import Use
from rules.project.hardening.secret_sinks import SecretSink, middleware_secret
from rules.project.routing.middleware import Middleware

if TYPE_CHECKING:
    from rules.project.project import Project

_SIGNED = frozenset({"SessionMiddleware"})


def all_middleware(project: Project) -> Iterator[Middleware]:
    """The middleware of every application, each registration once."""
    seen: set[int] = set()
    for application in project.applications:
        for middleware in application.middleware:
            if id(middleware.origin.node) not in seen and project.application_code(
                middleware.origin.module.path
            ):
                seen.add(id(middleware.origin.node))
                yield middleware


def use_of(middleware: Middleware) -> Use:
    """The registration as an effect."""
    call = Application(External(middleware.qualified), middleware.entry.arguments, middleware.origin)
    return Use(Effect("call", call, middleware.conditions, middleware.origin), None)


def middleware_secrets(project: Project) -> Iterator[SecretSink]:
    """The keys that session middleware signs with."""
    for middleware in all_middleware(project):
        key = middleware.entry.arguments.keywords.get("secret_key")
        if middleware.name in _SIGNED and key is not None:
            yield middleware_secret(key, middleware.name, use_of(middleware))
