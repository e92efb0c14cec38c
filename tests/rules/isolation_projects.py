"""Projects for the isolation tests: sample applications as the engine reads them and as they run."""

from __future__ import annotations

import asyncio
import sys
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from sqlmodel import SQLModel

from rules.configuration.options import Options
from rules.project.isolation.isolation import Isolation
from rules.project.project import Project
from rules.source import SourceFile

APPS = Path(__file__).parents[1] / "apps"


def project(texts: Mapping[str, str], options: Options | None = None) -> Project:
    """A project of the given files."""
    return Project(
        {path: SourceFile(path, text.encode()) for path, text in texts.items()}, options or Options()
    )


def isolation(text: str, options: Options | None = None) -> Isolation:
    """The isolation of a project of one file."""
    return project({"main.py": text}, options).isolation


def sample(name: str) -> Project:
    """A sample application as the engine reads it."""
    folder = APPS / name
    return project({path.name: path.read_text() for path in sorted(folder.glob("*.py"))})


@contextmanager
def running(name: str) -> Iterator[types.ModuleType]:
    """A sample application's `main`, imported as its own import root would; nothing of it stays imported."""
    folder = APPS / name
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    # Each sample has a table `user`, and all of them share SQLModel's own metadata.
    SQLModel.metadata.clear()
    try:
        code = compile((folder / "main.py").read_text(), str(folder / "main.py"), "exec")
        module = types.ModuleType(f"{name}_main")
        sys.modules[module.__name__] = module
        exec(code, module.__dict__)  # noqa: S102  the sample applications are ours
        yield module
    finally:
        SQLModel.metadata.clear()
        sys.path.remove(str(folder))
        for imported in set(sys.modules) - before:
            if getattr(sys.modules[imported], "__file__", None) is None or str(folder) in str(
                getattr(sys.modules[imported], "__file__", "")
            ):
                del sys.modules[imported]


def ask(app: Any, method: str, path: str, **arguments: Any) -> httpx.Response:
    """The answer of a running application to one request."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            return await client.request(method, path, **arguments)

    return asyncio.run(send())
