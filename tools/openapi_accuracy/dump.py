"""Write down what a running application says of itself; run by the interpreter of its project's environment.

python dump.py module:app OUT --root FOLDER [--path FOLDER]… [--before FILE]
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any, Protocol


class Application(Protocol):
    """What is asked of an application, whichever version of FastAPI made it."""

    routes: list[Any]

    def openapi(self) -> dict[str, Any]: ...


def main(arguments: list[str]) -> None:
    """Import the application and write its documents, those of mounted applications too."""
    options = _parser().parse_args(arguments)
    output, top = options.output.resolve(), Path.cwd()
    sys.path[:0] = [str((top / folder).resolve()) for folder in (options.root, *options.path)]
    if options.before is not None:
        code = compile(options.before.read_text(encoding="utf-8"), str(options.before), "exec")
        exec(code, {"__name__": "__before__"})  # noqa: S102 - our own stand-ins for missing libraries
    os.chdir(options.root)
    app = _application(options.target)
    dump = {**_versions(), "root": options.root, "documents": _documents(app)}
    output.write_text(json.dumps(dump, indent=1, default=str), encoding="utf-8")


def _application(target: str) -> Application:
    module, _, name = target.partition(":")
    found: Any = getattr(importlib.import_module(module), name.removesuffix("()"))
    if name.endswith("()"):
        found = found()
    while not hasattr(found, "openapi"):
        found = next(getattr(found, inner) for inner in ("app", "other_asgi_app") if hasattr(found, inner))
    made: Application = found
    return made


def _documents(app: Application) -> dict[str, Any]:
    mounted = {
        route.path: route.app for route in app.routes if hasattr(getattr(route, "app", None), "openapi")
    }
    return {path: found.openapi() for path, found in {"": app, **mounted}.items()}


def _versions() -> dict[str, str]:
    import fastapi
    import pydantic

    return {"fastapi": fastapi.__version__, "pydantic": pydantic.VERSION}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", help="`module:app`, or `module:factory()`")
    parser.add_argument("output", type=Path, help="the dump to write")
    parser.add_argument("--root", default=".", help="the folder that the application is imported from")
    parser.add_argument("--path", action="append", default=[], help="another folder to import from")
    parser.add_argument("--before", type=Path, help="Python to run first, such as stand-ins for libraries")
    return parser


if __name__ == "__main__":
    main(sys.argv[1:])
