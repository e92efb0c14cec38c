"""Recognising what FastAPI and Starlette make: applications, routers, `Depends`, security schemes."""

from __future__ import annotations

from collections.abc import Iterator

from rules.evaluation.values import (
    Application,
    ClassValue,
    External,
    Instance,
    Member,
    Parametrized,
    Value,
)

FRAMEWORK = frozenset({"fastapi", "starlette"})
_ROUTER_PACKAGES = FRAMEWORK | {
    "fastapi_utils",
    "fastapi_restful",
    "fastapi_versioning",
    "fastapi_router_controller",
}
_APPLICATIONS = frozenset({"FastAPI", "Starlette"})
_ROUTERS = frozenset({"APIRouter", "Router", "InferringRouter"})
_SCHEME_MODULES = {
    "OAuth2": "oauth2",
    "HTTP": "http",
    "APIKey": "api_key",
    "OpenIdConnect": "open_id_connect_url",
    "SecurityScopes": "oauth2",
}
_CHAIN = 12


def dotted(value: Value | None) -> str:
    """The dotted name of something outside the project, also `Container.service` of a library; else empty."""
    if isinstance(value, External):
        return value.name
    if isinstance(value, Member):
        owner = dotted(value.of)
        return f"{owner}.{value.name}" if owner else ""
    return ""


def split(name: str) -> tuple[str, str]:
    """The top package and the last segment of a dotted name."""
    return name.partition(".")[0], name.rpartition(".")[2]


def library_classes(value: Value | None) -> Iterator[str]:
    """Dotted names of the library classes that a value is an instance of."""
    if isinstance(value, Application):
        function = value.function.base if isinstance(value.function, Parametrized) else value.function
        name = dotted(function)
        if name:
            yield name
    elif isinstance(value, Instance):
        yield from value.cls.externals()


def base_classes(value: Value | None) -> Iterator[str]:
    """Dotted names of the library classes that a class is or derives from."""
    inner = value.base if isinstance(value, Parametrized) else value
    if isinstance(inner, ClassValue):
        yield from inner.externals()
    elif name := dotted(inner):
        yield name


def _is_one_of(names: Iterator[str], wanted: frozenset[str], packages: frozenset[str]) -> bool:
    return any(top in packages and last in wanted for top, last in map(split, names))


def is_application(value: Value | None) -> bool:
    """Whether a value is a FastAPI or Starlette application."""
    return _is_one_of(library_classes(value), _APPLICATIONS, FRAMEWORK)


def is_application_class(value: Value | None) -> bool:
    """Whether calling a value makes an application."""
    return _is_one_of(base_classes(value), _APPLICATIONS, FRAMEWORK)


def is_router(value: Value | None) -> bool:
    """Whether a value holds routes: a router or an application."""
    return _is_one_of(library_classes(value), _APPLICATIONS | _ROUTERS, _ROUTER_PACKAGES)


def router_of(value: Value | None) -> Value | None:
    """The router behind `router`, `app` or `app.router`; None for anything else."""
    if isinstance(value, Member) and value.name == "router" and is_application(value.of):
        return value.of
    return value if is_router(value) else None


def is_depends(value: Value | None) -> bool:
    """Whether a value is a `Depends(...)` or `Security(...)`."""
    return _is_one_of(library_classes(value), frozenset({"Depends", "Security"}), FRAMEWORK)


def security_scheme(value: Value | None) -> str | None:
    """The class name of a security scheme object (a subclass's own name), as FastAPI tells them apart."""
    found = any(
        "security" in name.split(".") and split(name)[0] == "fastapi" for name in library_classes(value)
    )
    if not found:
        return None
    if isinstance(value, Instance):
        return value.cls.qualname
    return next((split(name)[1] for name in library_classes(value)), None)


def canonical(name: str) -> str:
    """The name by which a FastAPI class knows itself: `fastapi.security.HTTPBearer` stands in `.http`."""
    top, last = split(name)
    if top == "fastapi" and name.startswith("fastapi.security."):
        for prefix, module in _SCHEME_MODULES.items():
            if last.startswith(prefix):
                return f"fastapi.security.{module}.{last}"
    return name


def called(value: Value | None, *names: str) -> bool:
    """Whether a value is the result of calling one of FastAPI's or Starlette's `names`."""
    return any(top in FRAMEWORK and last in names for top, last in map(split, library_classes(value)))
