"""What a running application said of itself, as its dump was written down."""

from __future__ import annotations

import gzip
from pathlib import Path

import msgspec

_LIBRARY = "<site>"


class TrueScheme(msgspec.Struct, frozen=True):
    """A security scheme in a route's flattened dependant."""

    cls: str = msgspec.field(name="class")


class TrueRoute(msgspec.Struct, frozen=True, kw_only=True):
    """A route of `app.routes`. `kind` is `api` for FastAPI's; `file` begins with `<site>` in a library."""

    kind: str
    path: str
    methods: tuple[str, ...] | None = None
    file: str | None = None
    line: int | None = None
    def_line: int | None = None
    endpoint_module: str | None = None
    endpoint_qualname: str | None = None
    unwrapped: str | None = None
    status_code: int | None = None
    response_model: str | None = None
    include_in_schema: bool = True
    dependency_qualnames: tuple[str, ...] = ()
    security_schemes: tuple[TrueScheme, ...] = ()

    @property
    def is_project_api(self) -> bool:
        """Whether this is an operation of FastAPI whose handler the project wrote."""
        return self.kind == "api" and not (self.file or "").startswith(_LIBRARY)

    @property
    def is_library_api(self) -> bool:
        """Whether this is an operation of FastAPI whose handler a library brought."""
        return self.kind == "api" and (self.file or "").startswith(_LIBRARY)


class TrueLayer(msgspec.Struct, frozen=True):
    """One middleware: the class, with the function after a colon for `@app.middleware`."""

    cls: str = msgspec.field(name="class")


class TrueStack(msgspec.Struct, frozen=True):
    """The middleware of an application, outermost first; `app` is its mount path."""

    app: str
    middleware: tuple[TrueLayer, ...]


class TrueKey(msgspec.Struct, frozen=True):
    """A foreign key's target as `table.column`."""

    target: str


class TrueColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A column of `metadata.tables`."""

    name: str
    type_class: str
    nullable: bool
    primary_key: bool
    unique: bool | None
    index: bool | None
    foreign_keys: tuple[TrueKey, ...]


class TrueTable(msgspec.Struct, frozen=True):
    """A table of `metadata.tables`."""

    columns: tuple[TrueColumn, ...]


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """One application at run time."""

    target: str
    fastapi: str
    python: str
    routes: tuple[TrueRoute, ...]
    middleware: tuple[TrueStack, ...]
    tables: dict[str, TrueTable]
    stubbed_modules: tuple[str, ...] = ()


def read_truth(path: Path) -> Truth:
    """Read a dump, gzipped or not. Raises OSError, and msgspec.MsgspecError for another form."""
    data = path.read_bytes()
    return msgspec.json.decode(gzip.decompress(data) if path.suffix == ".gz" else data, type=Truth)
