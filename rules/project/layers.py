"""The layer of a module: found from the project's own shape, or told by the configuration."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

import pathspec

from rules.configuration.options import Layer as ConfiguredLayer
from rules.configuration.options import Options
from rules.project.code_places import application_code
from rules.project.routing.routes import Route
from rules.project.schema.tables import Table
from rules.source import SourceFile

ROUTES, SERVICES, MODELS, CORE = "routes", "services", "models", "core"
FOUND = (ROUTES, SERVICES, MODELS, CORE)
"""The layers that are looked for where none are configured, the outermost first."""

_NAMES = {
    ROUTES: "routes route routers router endpoints endpoint controllers controller",
    SERVICES: "services service crud cruds repositories repository repos repo usecases usecase use_cases "
    "use_case interactors selectors",
    MODELS: "models model schemas schema entities entity tables table dto dtos vo value_objects",
}
_BROAD_NAMES = {
    ROUTES: "api apis views view handlers rest http",
    CORE: "core common db infrastructure infra settings config configuration database session security "
    "logging",
}
_COMPOSING = (b"FastAPI(", b"Starlette(", b"include_router(")
_UNLAYERED = frozenset({"migrations", "alembic", "versions", "scripts", "tools", "bin"})
_SEEDING = ("init_", "initial", "seed")
_DEPENDENCIES = frozenset({"deps", "dependencies", "dependency", "depends"})


def _words(table: dict[str, str]) -> dict[str, str]:
    return {word: layer for layer, words in table.items() for word in words.split()}


_EXACT, _BROAD = _words(_NAMES), _words(_BROAD_NAMES)


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer's name and its rank; the outermost has rank 0."""

    name: str
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the project shows of itself: the content of files, and which of them hold routes and tables."""

    is_application_code: Callable[[str], bool]
    content: Callable[[str], bytes]
    with_routes: Collection[str]
    with_tables: Collection[str]


class Layers:
    """The layers of a project."""

    def __init__(self, shape: Shape, configured: tuple[ConfiguredLayer, ...] = ()) -> None:
        self._shape = shape
        self._configured = [
            (rank, pattern, pathspec.GitIgnoreSpec.from_lines([pattern]))
            for rank, layer in enumerate(configured)
            for pattern in layer.paths
        ]
        self.names = tuple(layer.name for layer in configured) or FOUND

    def of(self, path: str) -> Layer | None:
        """The layer of a file; None for one that has none, such as a test, a script, or the main module."""
        if self._configured:
            matching = [
                (len(text), -rank) for rank, text, pattern in self._configured if pattern.match_file(path)
            ]
            return self._layer(-max(matching)[1]) if matching else None
        name = self._found(path)
        return None if name is None else self._layer(FOUND.index(name))

    def allows(self, importer: str, imported: str) -> bool:
        """Whether the file `importer` may import the file `imported`; always where one has no layer.

        A layer may import itself and those further in. Where the layers were found, `core` may import models.
        """
        outer, inner = self.of(importer), self.of(imported)
        if outer is None or inner is None or outer.rank <= inner.rank:
            return True
        return not self._configured and (outer.name, inner.name) == (CORE, MODELS)

    def _layer(self, rank: int) -> Layer:
        return Layer(self.names[rank], rank)

    def _found(self, path: str) -> str | None:
        """Routes are where handlers stand; else by telling names on the path, tables, then broader names."""
        parts = path.removesuffix(".py").removesuffix("/__init__").lower().split("/")
        if not self._shape.is_application_code(path) or not _UNLAYERED.isdisjoint(parts[:-1]):
            return None
        if not _DEPENDENCIES.isdisjoint(parts):
            return ROUTES if any((_EXACT | _BROAD).get(part) == ROUTES for part in parts) else None
        composes = self._composes(path)
        if path in self._shape.with_routes and not composes:
            return ROUTES
        tables = MODELS if path in self._shape.with_tables else None
        layer = _by_names(parts) or tables or self._by_broad_names(path, parts)
        return None if layer != ROUTES and composes else layer

    def _by_broad_names(self, path: str, parts: list[str]) -> str | None:
        """A folder `api` also holds what is no route, a folder `core` or `db` what fills tables."""
        layer = next((_BROAD[part] for part in reversed(parts) if part in _BROAD), None)
        if layer == ROUTES:
            return ROUTES if b"APIRouter" in self._shape.content(path) else None
        return None if parts[-1].startswith(_SEEDING) else layer

    def _composes(self, path: str) -> bool:
        """Whether the file puts an application together: it has to import from every layer."""
        content = self._shape.content(path)
        return any(mark in content for mark in _COMPOSING)


def layers(
    files: Mapping[str, SourceFile], routes: Iterable[Route], tables: Iterable[Table], options: Options
) -> Layers:
    """The layers of a project, by its routes, tables and configuration."""
    shape = Shape(
        is_application_code=application_code(options),
        content=lambda path: files[path].data if path in files else b"",
        with_routes={route.origin.module.path for route in routes},
        with_tables={table.place.path for table in tables},
    )
    return Layers(shape, options.layers)


def _by_names(parts: list[str]) -> str | None:
    """The layer that the last telling part names; a file's own name may tell it by its last word."""
    last = parts[-1]
    found = _EXACT.get(last) or _EXACT.get(last.rpartition("_")[2])
    return found or next((_EXACT[part] for part in reversed(parts[:-1]) if part in _EXACT), None)
