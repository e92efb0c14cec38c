"""Columns and table names that mapped classes inherit from libraries.

Taken from fastapi-users-db-sqlalchemy 7.0, fastapi-users-db-sqlmodel 0.3 and advanced-alchemy 1.x; what a
library class is not listed here for is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.finding import Place
from rules.project.schema.columns import Column, ColumnType, ForeignKey

_GUID = ColumnType("GUID")
_TIME = ColumnType("TIMESTAMPAware", timezone=True)


@dataclass(frozen=True, slots=True)
class LibraryTable:
    """What a library's base or mixin class gives: columns (name, type, flags) and a default table name."""

    columns: tuple[tuple[str, ColumnType, str], ...] = ()
    tablename: str | None = None


_USER = (
    ("email", ColumnType("String", length=320), "unique index"),
    ("hashed_password", ColumnType("String", length=1024), ""),
    ("is_active", ColumnType("Boolean"), ""),
    ("is_superuser", ColumnType("Boolean"), ""),
    ("is_verified", ColumnType("Boolean"), ""),
)
_OAUTH = (
    ("oauth_name", ColumnType("String", length=100), "index"),
    ("access_token", ColumnType("String", length=1024), ""),
    ("expires_at", ColumnType("Integer"), "nullable"),
    ("refresh_token", ColumnType("String", length=1024), "nullable"),
    ("account_id", ColumnType("String", length=320), "index"),
    ("account_email", ColumnType("String", length=320), ""),
)
_TOKEN = (
    ("token", ColumnType("String", length=43), "primary"),
    ("created_at", _TIME, "index"),
)
_ID = (("id", _GUID, "primary"),)
_USER_ID = (("user_id", _GUID, "foreign:user.id:cascade"),)

LIBRARY_TABLES: dict[str, LibraryTable] = {
    "SQLAlchemyBaseUserTable": LibraryTable(_USER, "user"),
    "SQLAlchemyBaseUserTableUUID": LibraryTable(_ID + _USER, "user"),
    "SQLAlchemyBaseOAuthAccountTable": LibraryTable(_OAUTH, "oauth_account"),
    "SQLAlchemyBaseOAuthAccountTableUUID": LibraryTable(_ID + _OAUTH + _USER_ID, "oauth_account"),
    "SQLAlchemyBaseAccessTokenTable": LibraryTable(_TOKEN, "accesstoken"),
    "SQLAlchemyBaseAccessTokenTableUUID": LibraryTable(_TOKEN + _USER_ID, "accesstoken"),
}
"""By class name; all stand in `fastapi_users_db_sqlalchemy` or are re-exported by `fastapi_users.db`."""

_LIBRARIES = ("fastapi_users", "fastapi_users_db_sqlalchemy")
_SILENT = frozenset(
    {
        "DeclarativeBase", "DeclarativeBaseNoMeta", "MappedAsDataclass", "AsyncAttrs", "object", "Generic",
        "ABC",
        "Protocol", "SerializerMixin", "SQLModel", "BaseModel", "Enum", "Base",
    }
)  # fmt: skip


def library_table(dotted: str) -> LibraryTable | None:
    """What a library class gives to the table of its subclass; None where that is not known."""
    last = dotted.rpartition(".")[2]
    if dotted.partition(".")[0] in _LIBRARIES and last in LIBRARY_TABLES:
        return LIBRARY_TABLES[last]
    if last in _SILENT or dotted.startswith(("builtins.", "typing.", "abc.", "collections.", "pydantic.")):
        return LibraryTable()
    return None


def library_columns(dotted: str, place: Place) -> tuple[Column, ...] | None:
    """The columns that a library class adds; None where it is not known."""
    table = library_table(dotted)
    if table is None:
        return None
    return tuple(_column(name, kind, flags, dotted, place) for name, kind, flags in table.columns)


def _column(name: str, kind: ColumnType, flags: str, source: str, place: Place) -> Column:
    words = flags.split()
    keys = [w.split(":") for w in words if w.startswith("foreign:")]
    return Column(
        name=name,
        attribute=name,
        place=place,
        type=kind,
        nullable="nullable" in words,
        primary_key="primary" in words,
        unique="unique" in words,
        index="index" in words,
        foreign_keys=tuple(ForeignKey(k[1], k[2]) for k in keys),
        source=source,
    )
