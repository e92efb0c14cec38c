"""The public records of routes, middleware, tables and documents: the JSON of `routes` and `schema`."""

from __future__ import annotations

from typing import Any

import msgspec


class RouteRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One operation as `app.routes` would show it at run time; see the contract for each field."""

    app: str
    methods: tuple[str, ...]
    path: str
    name: str
    handler: str
    file: str
    line: int
    status_code: int | None
    response_model: str | None
    include_in_schema: bool
    tags: tuple[str, ...] = ()
    dependencies: tuple[str, ...]
    security_schemes: tuple[str, ...]
    auth: str
    privileged: bool
    scope: str
    conditions: tuple[str, ...]
    resolved: bool


class ValueRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One value that clients send or get: `place` is `query parameter limit`, `body.title`, `response[].id`.

    `type` is as JSON Schema says it, empty where any value is allowed or nobody knows; `values` those of an
    enumeration; `limits` by their names in JSON Schema.
    """

    place: str
    type: str
    required: bool
    nullable: bool = False
    values: tuple[str, ...] = ()
    limits: dict[str, float] = {}


class OperationRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One operation as its clients see it: a method at a path, what is sent and what comes back.

    `file` and `line` are the handler's, `registered` is where it is registered; `statuses` are those of the
    API description, `raises` the errors that its code raises. `shown` tells whether the description has it,
    `described` whether a text of its own does. `auth` and `scope` as in `RouteRecord`.
    """

    app: str
    method: str
    path: str
    file: str
    line: int
    registered: tuple[str, int]
    auth: str
    privileged: bool
    scope: str
    schemes: tuple[str, ...] = ()
    request_model: str | None = None
    response_model: str | None = None
    statuses: tuple[str, ...] = ()
    raises: tuple[int, ...] = ()
    shown: bool = True
    described: bool = False
    deprecated: bool = False
    request: tuple[ValueRecord, ...] = ()
    response: tuple[ValueRecord, ...] = ()
    resolved: bool = True

    @property
    def title(self) -> str:
        """`GET /items/{id}`."""
        return f"{self.method} {self.path}"


class MiddlewareRecord(msgspec.Struct, frozen=True):
    """An application's user middleware, class names, outermost first."""

    app: str
    order: tuple[str, ...]


class ColumnRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A column as `metadata.tables` says it; `type` is the SQLAlchemy class name with its length."""

    name: str
    type: str
    nullable: bool
    primary_key: bool
    unique: bool
    index: bool
    foreign_key: str | None


class TableRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A table that models declare; `model`, `file` and `line` name the class or `Table(...)` call.

    `root` is the folder that `model` is imported from, empty for the reviewed folder itself; `migrations` the
    folder of the Alembic environment that is answerable for the table, if there is one. They tell the tables
    of several backends in one repository apart.
    """

    name: str
    model: str
    file: str
    line: int
    columns: tuple[ColumnRecord, ...]
    root: str = ""
    migrations: str | None = None


class MigratedTable(msgspec.Struct, frozen=True):
    """A table as replaying the migrations in the folder `migrations` leaves it."""

    name: str
    columns: tuple[ColumnRecord, ...]
    migrations: str = ""


class OpenapiRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The OpenAPI document of one application; `is_mounted` tells one that another application mounts."""

    app: str
    is_mounted: bool
    document: dict[str, Any]


class RouteInventory(msgspec.Struct, frozen=True):
    """The JSON of `routes`."""

    routes: tuple[RouteRecord, ...] = ()
    middleware: tuple[MiddlewareRecord, ...] = ()


class SchemaInventory(msgspec.Struct, frozen=True):
    """The JSON of `schema`."""

    tables: tuple[TableRecord, ...] = ()
    migrated: tuple[MigratedTable, ...] = ()
    unknown: tuple[str, ...] = ()
