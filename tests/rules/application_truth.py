"""What a sample application says of itself, asked in a process of its own: run as a script."""

from __future__ import annotations

import asyncio
import functools
import importlib
import inspect
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Truth = dict[str, Any]


def application_truth(folder: Path, target: str) -> Truth:
    """Routes with flattened dependants, and middleware, after importing `module:app` and starting it."""
    command = [sys.executable, "-W", "ignore", __file__, target]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 0, result.stderr
    found: Truth = json.loads(result.stdout)
    return found


def dump(target: str) -> Truth:
    sys.path.insert(0, ".")
    module, _, name = target.partition(":")
    app = getattr(importlib.import_module(module), name.removesuffix("()"))
    if name.endswith("()"):
        app = app()
    asyncio.run(_start(app))
    middleware = [m.cls.__qualname__ for m in app.user_middleware]
    return {"routes": list(_routes(app.routes, "")), "middleware": middleware}


async def _start(app: Any) -> None:
    async with app.router.lifespan_context(app):
        pass


def _routes(routes: Any, prefix: str) -> Iterator[dict[str, Any]]:
    from fastapi.routing import iter_route_contexts
    from starlette.routing import Mount

    for context in iter_route_contexts(routes):
        route = context.original_route
        if isinstance(route, Mount):
            yield from _routes(route.routes, prefix + (context.path or ""))
        elif hasattr(route, "dependant"):
            yield _route(context, prefix)


def _route(context: Any, prefix: str) -> dict[str, Any]:
    flat: list[tuple[str, str | None]] = []
    parameters: dict[str, list[str]] = {}
    _flatten(context.dependant, flat, parameters)
    endpoint = context.endpoint
    return {
        "methods": sorted(getattr(context, "methods", None) or []),
        "path": prefix + context.path,
        "name": context.name,
        "handler": qualified(endpoint),
        "line": _line(endpoint),
        "status_code": getattr(context, "status_code", None),
        "response_model": type_name(getattr(context, "response_model", None)),
        "include_in_schema": getattr(context, "include_in_schema", True),
        "tags": [str(getattr(t, "value", t)) for t in getattr(context, "tags", None) or []],
        "dependencies": flat,
        "parameters": {kind: sorted(names) for kind, names in parameters.items()},
    }


def _flatten(dependant: Any, flat: list[tuple[str, str | None]], parameters: dict[str, list[str]]) -> None:
    for kind in ("path", "query", "header", "cookie"):
        for field in getattr(dependant, f"{kind}_params"):
            parameters.setdefault(kind, []).append(field.alias)
    for field in dependant.body_params:
        kind = type(field.field_info).__name__.lower()
        parameters.setdefault(kind, []).append(field.alias)
    for below in dependant.dependencies:
        flat.append((qualified(below.call), below.name))
        _flatten(below, flat, parameters)


def qualified(call: Any) -> str:
    if isinstance(call, functools.partial):
        return qualified(call.func)
    if inspect.ismethod(call):
        owner = call.__self__ if isinstance(call.__self__, type) else type(call.__self__)
        return f"{owner.__module__}.{owner.__qualname__}.{call.__func__.__name__}"
    if not (inspect.isclass(call) or inspect.isfunction(call)):
        call = type(call)
    return f"{call.__module__}.{call.__qualname__}"


def _line(call: Any) -> int:
    call = inspect.unwrap(call.func if isinstance(call, functools.partial) else call)
    call = getattr(call, "__func__", call)
    if not (inspect.isfunction(call) or inspect.isclass(call)):
        call = type(call)
    lines, start = inspect.getsourcelines(call)
    offset = next((i for i, line in enumerate(lines) if re.match(r"\s*(async def|def|class) ", line)), 0)
    return start + offset


def type_name(model: Any) -> str | None:
    if model is None:
        return None
    if isinstance(model, type) and not getattr(model, "__args__", None):
        return model.__qualname__
    return re.sub(r"[\w.]*\.(\w+)", r"\1", str(model))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(dump(sys.argv[1])))
