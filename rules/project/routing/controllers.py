"""Class-based controllers of libraries: `@cbv(router)` of fastapi-utils, `Routable` of classy-fastapi.

Read in fastapi_utils 0.8 (`cbv.py`) and classy_fastapi 0.7 (`routable.py`, `decorators.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from rules.evaluation.values import (
    Application,
    Arguments,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Member,
    Value,
)
from rules.project.routing.framework import dotted, router_of, split
from rules.project.routing.registrations import VERBS, Endpoint, Inclusion, Registrations

_CBV_PACKAGES = frozenset({"fastapi_utils", "fastapi_restful"})


def cbv_target(value: Value) -> tuple[Value, ClassValue] | None:
    """The router and class where a value is `cbv(router)(Class)`."""
    if not isinstance(value, Application) or not isinstance(value.function, Application):
        return None
    top, last = split(dotted(value.function.function))
    if top not in _CBV_PACKAGES or last not in {"cbv", "controller"} or not value.arguments.positional:
        return None
    router = router_of(value.function.arguments.get(0, "router"))
    cls = value.arguments.positional[0]
    return (router, cls) if router is not None and isinstance(cls, ClassValue) else None


def move_last(found: Registrations, router: Value, cls: ClassValue) -> None:
    """Move the class's endpoints to the end of the router, as `cbv` does."""
    entries = found.of(router).entries
    own = [e for e in entries if isinstance(e, Endpoint) and _is_method(e.handler, cls)]
    entries[:] = [*(e for e in entries if e not in own), *own]


def _is_method(handler: Value, cls: ClassValue) -> bool:
    return isinstance(handler, FunctionValue) and handler.scope is cls.scope


def routable_entries(inclusion: Inclusion) -> list[Endpoint] | None:
    """The endpoints of `controller.router` where the controller is a `Routable`; None for anything else."""
    router = inclusion.router
    if not isinstance(router, Member) or router.name != "router" or not isinstance(router.of, Instance):
        return None
    if not any(split(name) == ("classy_fastapi", "Routable") for name in router.of.cls.externals()):
        return None
    return list(_routables(router.of, inclusion))


def routable_options(router: Value) -> Arguments:
    """What the router of a `Routable` is made with: the arguments that reach `Routable.__init__`."""
    if isinstance(router, Member) and isinstance(router.of, Instance):
        return router.of.arguments
    return Arguments()


def _routables(instance: Instance, inclusion: Inclusion) -> Iterator[Endpoint]:
    methods: dict[str, FunctionValue] = {}
    for base in reversed(instance.cls.linearized()):
        if isinstance(base, ClassValue):
            methods |= {n: v for n, v in base.attributes.items() if isinstance(v, FunctionValue)}
    for name, method in sorted(methods.items()):
        for decoration in method.decorations:
            made = decoration.decorator
            if not isinstance(made, Application) or split(dotted(made.function))[0] != "classy_fastapi":
                continue
            verb = split(dotted(made.function))[1]
            keywords = {"name": Const(name), "response_model": Const(None), **made.arguments.keywords}
            yield Endpoint(
                order=inclusion.order,
                origin=decoration.origin,
                conditions=(),
                stack=inclusion.stack,
                arguments=Arguments(made.arguments.positional, keywords, made.arguments.is_open),
                kind="websocket" if verb == "websocket" else "api",
                path=made.arguments.get(0, "path"),
                methods=(verb.upper(),) if verb in VERBS else made.arguments.get(1, "methods"),
                handler=structs.replace(method, bound=instance),
            )
