"""Which exceptions the author of an `except` foresaw, and whose text may therefore be meant for clients."""

from __future__ import annotations

import re

from rules.evaluation.values import Application, Const, External, Operation, Sequence, Symbol, Value
from rules.project.isolation.paths import Tests
from rules.project.isolation.terms import called_name, walk
from rules.project.routing.framework import split

_BROAD = frozenset(
    {
        "Exception", "BaseException", "SQLAlchemyError", "DBAPIError", "IntegrityError", "OperationalError",
        "ProgrammingError", "DataError", "DatabaseError", "StatementError", "InterfaceError", "InternalError",
        "PostgresError", "OSError", "IOError", "EnvironmentError", "CalledProcessError", "SubprocessError",
    }
)  # fmt: skip
_INFRASTRUCTURE = frozenset(
    {
        "httpx", "requests", "aiohttp", "urllib3", "redis", "botocore", "boto3", "pymongo", "asyncpg",
        "psycopg",
        "psycopg2", "sqlalchemy", "kafka", "aiokafka", "elasticsearch", "smtplib", "paramiko", "docker",
        "kubernetes",
        "google", "azure", "pika", "celery", "sqlite3", "aiosqlite",
    }
)  # fmt: skip
_DEBUG = re.compile(
    r"debug|develop|\bis_dev|\bis_prod|production|\benvironment\b|\benv\b|\bis_local|\bverbose\b|\btesting\b",
    re.IGNORECASE,
)


def types_of(caught: Symbol, held: Tests) -> list[Value]:
    """The types of what was caught: those of the innermost `isinstance` that held, else of the `except`."""
    for condition in reversed(held):
        test = condition.test
        if isinstance(test, Application) and not condition.negated and called_name(test) == "isinstance":
            given = test.arguments.positional
            if len(given) == 2 and given[0] is caught:
                return given[1].items if isinstance(given[1], Sequence) else [given[1]]
    types = caught.annotation
    return types.items if isinstance(types, Sequence) else [types] if types is not None else []


def is_read(caught: Symbol, held: Tests) -> bool:
    """Whether the path is only taken for a text of the exception that someone knew."""
    return any(
        not c.negated
        and isinstance(c.test, Operation)
        and c.test.operator in {"in", "=="}
        and any(node is caught for part in c.test.operands for node in walk(part))
        for c in held
    )


def sureness_of(types: list[Value]) -> str | None:
    """How sure it is that nobody foresaw exceptions of these types; None where they were."""
    if not types:
        return "broad"
    kinds = {_kind(value) for value in types}
    return next((kind for kind in ("broad", "library") if kind in kinds), None)


def _kind(value: Value) -> str | None:
    if isinstance(value, External):
        top, last = split(value.name)
        if last in _BROAD:
            return "broad"
        return "library" if top in _INFRASTRUCTURE else None
    return "broad" if isinstance(value, Const) and value.value == 500 else None


def is_debugging(conditions: Tests) -> bool:
    """Whether a path is taken only while debugging, or only outside production."""
    return any(
        _DEBUG.search(c.origin.module.source.segment(c.origin.node))
        for c in conditions
        if not (isinstance(c.test, Symbol) and c.test.role in {"caught", "each"})
    )
