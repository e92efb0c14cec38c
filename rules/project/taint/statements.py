"""SQL texts that a request runs, and the calls that run them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.evaluation.values import Application, Const, Operation, Value, alternatives
from rules.project.annotations import external_name
from rules.project.isolation.terms import called_name, receiver, walk
from rules.project.taint.dangers import Danger
from rules.project.taint.library_calls import LibraryCall, dotted_name
from rules.project.taint.sinks import Sink

_TEXTS = frozenset({"text", "literal_column", "TextClause", "DDL", "RawSQL"})
_TEXT_LIBRARIES = ("sqlalchemy", "sqlmodel")
RUNS = frozenset(
    {
        "execute", "exec", "scalar", "scalars", "stream", "stream_scalars", "executemany", "executescript",
        "fetch",
        "fetchrow", "fetchval", "fetch_one", "fetch_all", "fetch_val", "iterate", "execute_many", "raw",
        "sql", "query",
        "run", "execute_query", "execute_query_dict", "execute_script", "read_sql", "read_sql_query", "copy",
        "exec_driver_sql", "execute_async", "command", "cursor", "prepare",
    }
)  # fmt: skip
_FINISHES = RUNS | {
    "all",
    "first",
    "one",
    "one_or_none",
    "scalar_one",
    "scalar_one_or_none",
    "count",
    "update",
    "delete",
}
_DATABASES = frozenset(
    {
        "sqlalchemy", "sqlmodel", "psycopg", "psycopg2", "asyncpg", "sqlite3", "aiosqlite", "databases",
        "pymysql",
        "aiomysql", "MySQLdb", "mysql", "duckdb", "clickhouse_driver", "clickhouse_connect", "snowflake",
        "cx_Oracle",
        "oracledb", "pyodbc", "tortoise", "trino", "pandas", "neo4j",
    }
)  # fmt: skip
_SQL = re.compile(
    r"^\s*(?:--[^\n]*\n\s*)*\(?\s*(select\b|insert\s+(or\s+\w+\s+)?into\b|update\s|delete\s+from\b|with\b.+\bas\b|"
    r"create\s+(or\s+replace\s+)?\w+|drop\s+\w+|alter\s+\w+|truncate\b|replace\s+into\b|call\b|explain\b|pragma\b|set\s+\w+)",
    re.IGNORECASE | re.DOTALL,
)


def texts_in(value: Value) -> Iterator[Application]:
    """The `text(…)` of SQLAlchemy inside a statement."""
    for node in walk(value):
        if isinstance(node, Application) and is_text(node):
            yield node


def is_text(node: Value) -> bool:
    """Whether a call makes SQL of a plain text."""
    return isinstance(node, Application) and external_name(node.function, *_TEXT_LIBRARIES) in _TEXTS


def text_sink(node: Value) -> Sink | None:
    """The text that `text(…)` takes as SQL."""
    if not isinstance(node, Application) or not is_text(node):
        return None
    value = node.arguments.get(0, "text") or node.arguments.get(0, "sqltext")
    return Sink(Danger.SQL, value, f"`{called_name(node)}`") if value is not None else None


def plain_sink(call: LibraryCall) -> Sink | None:
    """A text that a driver takes as SQL, told by the library of what runs it or by the text itself."""
    if call.method not in RUNS:
        return None
    value = call.argument(0, "query", "sql", "statement", "operation")
    if value is None or not any(_is_built(a.value) for a in alternatives(value)):
        return None
    known = call.library in _DATABASES and call.method not in {"query", "run", "sql", "command"}
    if known or any(_reads_as_sql(a.value) for a in alternatives(value)):
        return Sink(Danger.SQL, value, f"`{call.method}`")
    return None


def _is_built(value: Value) -> bool:
    """Whether a value is a text that was put together rather than a statement object."""
    if isinstance(value, Application):
        return called_name(value) in {
            "format",
            "join",
            "replace",
            "as_string",
            "SQL",
            "strip",
            "dedent",
            "format_map",
            "str",
        }
    return not isinstance(value, Const)


def _reads_as_sql(value: Value) -> bool:
    return _SQL.match(beginning(value)) is not None


def beginning(value: Value) -> str:
    """The constant text that a built one begins with."""
    for _ in range(40):
        match value:
            case Const(value=str(text)):
                return text
            case Operation(operator="+" | "f" | "%", operands=[first, *_]):
                value = first
            case Application() if (of := receiver(value)) is not None:
                value = of
            case Application(function=function) if value.arguments.positional and dotted_name(function):
                value = value.arguments.positional[0]
            case _:
                return ""
    return ""


def runs(value: Value, text: Application) -> bool:
    """Whether a call runs a statement that holds this text."""
    return called_name(value) in _FINISHES and value is not text and any(node is text for node in walk(value))
