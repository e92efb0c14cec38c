"""The OpenAPI documents that sample applications give of themselves, each in a process: run as a script."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

Document = dict[str, Any]
_NAMES = frozenset({"properties", "patternProperties", "schemas", "mapping", "securitySchemes", "default"})


SETTINGS = {"NOTEBOOK_SECRET_KEY": "of a test"}
"""What samples cannot be imported without."""
Sample = tuple[str, str, str]
"""A folder, `module:app` in it, and where the application is mounted whose document is wanted; or empty."""


def openapi_truths(samples: list[Sample]) -> list[Document]:
    """`app.openapi()` of each sample after importing it and starting it; empty where that fails."""
    command = [sys.executable, "-W", "ignore", __file__]
    asked = json.dumps(samples)
    environment = {**os.environ, **SETTINGS}
    result = subprocess.run(
        command, input=asked, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert result.returncode == 0, result.stderr
    found: list[Document] = json.loads(result.stdout)
    return found


def forked(folder: str, target: str, mounted: str) -> Document:
    """The document of one sample, made in a child that has the libraries imported; empty if it cannot be."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.chdir(folder)
            made = json.dumps(dump(target, mounted))
            with os.fdopen(writing, "w") as pipe:
                pipe.write(made)
        except BaseException:  # noqa: BLE001 - a child must never go on as if it were its parent
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    found: Document = json.loads(told or "{}")
    return found


def dump(target: str, mounted: str) -> Document:
    sys.path.insert(0, str(Path.cwd()))
    module, _, name = target.partition(":")
    app = getattr(importlib.import_module(module), name.removesuffix("()"))
    if name.endswith("()"):
        app = app()
    asyncio.run(_start(app))
    if mounted:
        app = next(route.app for route in app.routes if getattr(route, "path", "") == mounted)
    found: Document = app.openapi()
    return found


async def _start(app: Any) -> None:
    async with app.router.lifespan_context(app):
        pass


def without_descriptions(value: Any, *, names: bool = False) -> Any:
    """A document without its descriptions; keys of `properties` and the like are names, not keywords."""
    if isinstance(value, dict):
        return {
            key: without_descriptions(part, names=key in _NAMES and not names)
            for key, part in value.items()
            if names or key != "description"
        }
    return [without_descriptions(part) for part in value] if isinstance(value, list) else value


def differences(found: Any, truth: Any, path: str = "") -> list[str]:
    """Where two documents differ, each place once."""
    if isinstance(found, dict) and isinstance(truth, dict):
        return [
            line
            for key in sorted({*found, *truth})
            for line in (
                differences(found[key], truth[key], f"{path}/{key}")
                if key in found and key in truth
                else [f"{path}/{key}: {'not in the truth' if key in found else 'missing'}"]
            )
        ]
    if isinstance(found, list) and isinstance(truth, list) and len(found) == len(truth):
        pairs = enumerate(zip(found, truth, strict=True))
        return [line for i, (a, b) in pairs for line in differences(a, b, f"{path}/{i}")]
    return [] if found == truth else [f"{path}: {found!r}, not {truth!r}"]


if __name__ == "__main__":
    importlib.import_module("fastapi")
    importlib.import_module("sqlmodel")
    sys.stdout.write(json.dumps([forked(*sample) for sample in json.load(sys.stdin)]))
