"""Routers and dependencies that libraries make: the paths, handlers and dependencies of fastapi-users.

Read in fastapi_users 15.0 (`fastapi_users/router/*.py`, `authentication/authenticator.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.evaluation.values import (
    Application,
    Arguments,
    Const,
    External,
    Instance,
    Member,
    Origin,
    Sequence,
    Value,
)
from rules.project.routing.framework import library_classes, split
from rules.project.routing.readings import text
from rules.project.routing.registrations import Endpoint, Inclusion

_ROUTERS = "fastapi_users.router"
_AUTHENTICATOR = "fastapi_users.authentication.authenticator.Authenticator"
_SCHEMES = {
    "BearerTransport": "fastapi.security.oauth2.OAuth2PasswordBearer",
    "CookieTransport": "fastapi.security.api_key.APIKeyCookie",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """One operation.

    `module` and `handler` name its function, `needs` its dependencies by short names, `model` is the position
    of the argument that is its response model.
    """

    method: str
    path: str
    name: str
    module: str
    handler: str
    needs: str
    status: int | None = None
    model: int | None = None


_TABLE: dict[str, tuple[_Row, ...]] = {
    "get_auth_router": (
        _Row("POST", "/login", "auth:{backend}.login", "auth", "login", "form manager strategy"),
        _Row("POST", "/logout", "auth:{backend}.logout", "auth", "logout", "token strategy"),
    ),
    "get_register_router": (
        _Row("POST", "/register", "register:register", "register", "register", "manager", 201, 0),
    ),
    "get_reset_password_router": (
        _Row("POST", "/forgot-password", "reset:forgot_password", "reset", "forgot_password", "manager", 202),
        _Row("POST", "/reset-password", "reset:reset_password", "reset", "reset_password", "manager"),
    ),
    "get_verify_router": (
        _Row("POST", "/request-verify-token", "verify:request-token", "verify", "request_verify_token",
             "manager", 202),
        _Row("POST", "/verify", "verify:verify", "verify", "verify", "manager", None, 0),
    ),
    "get_users_router": (
        _Row("GET", "/me", "users:current_user", "users", "me", "user", None, 0),
        _Row("PATCH", "/me", "users:patch_current_user", "users", "update_me", "user manager", None, 0),
        _Row("GET", "/{id}", "users:user", "users", "get_user", "user row", None, 0),
        _Row("PATCH", "/{id}", "users:patch_user", "users", "update_user", "user row manager", None, 0),
        _Row("DELETE", "/{id}", "users:delete_user", "users", "delete_user", "user row manager", 204),
    ),
    "get_oauth_router": (
        _Row("GET", "/authorize", "oauth:{backend}.authorize", "oauth", "authorize", ""),
        _Row("GET", "/callback", "oauth:{backend}.callback", "oauth", "callback", "manager strategy"),
    ),
    "get_oauth_associate_router": (
        _Row("GET", "/authorize", "oauth-associate.authorize", "oauth", "authorize", "user"),
        _Row("GET", "/callback", "oauth-associate.callback", "oauth", "callback", "user manager"),
    ),
}  # fmt: skip


def library_entries(inclusion: Inclusion) -> list[Endpoint] | None:
    """The endpoints of a library-made router that is included; None where it is not known."""
    router = inclusion.router
    if not isinstance(router, Application) or not isinstance(router.function, Member):
        return None
    rows, users = _TABLE.get(router.function.name), _fastapi_users(router.function.of)
    if rows is None or users is None:
        return None
    return [_endpoint(row, router, users, inclusion) for row in rows]


def _fastapi_users(value: Value) -> Application | Instance | None:
    if any(
        name.startswith("fastapi_users.") and split(name)[1] == "FastAPIUsers"
        for name in library_classes(value)
    ):
        return value if isinstance(value, Application | Instance) else None
    return None


def _endpoint(
    row: _Row, router: Application, users: Application | Instance, inclusion: Inclusion
) -> Endpoint:
    given = router.arguments
    maker = router.function.name if isinstance(router.function, Member) else ""
    backend = given.get(1 if row.module == "oauth" else 0, "backend")
    keywords: dict[str, Value] = {
        "response_model": (given.get(row.model, "user_schema") if row.model is not None else None)
        or Const(None),
        "name": Const(row.name.replace("{backend}", _name_of(backend))),
        "dependencies": Sequence("list", [_depends(v, router.origin) for v in _needed(row, users, backend)]),
    }
    if row.status is not None:
        keywords["status_code"] = Const(row.status)
    return Endpoint(
        order=inclusion.order,
        origin=inclusion.origin,
        conditions=(),
        stack=inclusion.stack,
        arguments=Arguments([], keywords),
        kind="api",
        path=Const(row.path),
        methods=(row.method,),
        handler=External(f"{_ROUTERS}.{row.module}.{maker}.<locals>.{row.handler}"),
    )


def _needed(row: _Row, users: Application | Instance, backend: Value | None) -> list[Value]:
    manager = users.arguments.get(0, "get_user_manager")
    made: dict[str, Value | None] = {
        "form": External("fastapi.security.oauth2.OAuth2PasswordRequestForm"),
        "manager": manager,
        "strategy": _argument(backend, 2, "get_strategy"),
        "token": _current(users, "current_user_token"),
        "user": _current(users, "current_user"),
        "row": External(f"{_ROUTERS}.users.get_users_router.<locals>.get_user_or_404"),
    }
    return [value for need in row.needs.split() if (value := made[need]) is not None]


def _current(users: Application | Instance, name: str) -> Value:
    arguments = Arguments([], {"active": Const(value=True)})
    return Application(Member(users, name, users.origin), arguments, users.origin)


def _depends(value: Value, origin: Origin) -> Value:
    return Application(External("fastapi.Depends"), Arguments([value]), origin)


def _argument(value: Value | None, position: int, name: str) -> Value | None:
    return value.arguments.get(position, name) if isinstance(value, Application | Instance) else None


def _name_of(backend: Value | None) -> str:
    return text(_argument(backend, 0, "name")).text


def library_dependency(call: Value) -> tuple[str, list[Value]] | None:
    """The name of a dependency that fastapi-users makes, and what it depends on."""
    if isinstance(call, Member) and call.name == "get_user_manager":
        users = _fastapi_users(call.of)
        manager = users.arguments.get(0, "get_user_manager") if users is not None else None
        return None if manager is None else ("fastapi_users.FastAPIUsers.get_user_manager", [manager])
    if isinstance(call, External) and call.name.startswith(f"{_ROUTERS}."):
        return call.name, []
    if not isinstance(call, Application) or not isinstance(call.function, Member):
        return None
    name, owner = call.function.name, call.function.of
    if isinstance(owner, Member) and owner.name == "authenticator":
        owner = owner.of
    users = _fastapi_users(owner)
    if users is None or name not in {"current_user", "current_user_token"}:
        return None
    return f"{_AUTHENTICATOR}.{name}.<locals>.{name}_dependency", _below(users)


def _below(users: Application | Instance) -> list[Value]:
    manager = users.arguments.get(0, "get_user_manager")
    found = [] if manager is None else [manager]
    backends = users.arguments.get(1, "auth_backends")
    for backend in backends.items if isinstance(backends, Sequence) else ():
        transport, strategy = _argument(backend, 1, "transport"), _argument(backend, 2, "get_strategy")
        for cls in library_classes(transport):
            scheme = _SCHEMES.get(split(cls)[1])
            if scheme is not None and isinstance(transport, Application | Instance):
                found.append(Application(External(scheme), Arguments(), transport.origin))
        if strategy is not None:
            found.append(strategy)
    return found
