"""Names that constraints and indexes get when a migration gives none.

PostgreSQL's are those of `makeObjectName` and `ChooseIndexColumnNames` (src/backend/commands/indexcmds.c);
SQLAlchemy's index names and naming conventions those of `sqlalchemy.sql.naming`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

_LIMIT = 63
_LABELS = {"primary": "pkey", "unique": "key", "foreign": "fkey", "check": "check", "exclude": "excl"}
_CONVENTION_KEYS = {"primary": "pk", "unique": "uq", "foreign": "fk", "check": "ck", "index": "ix"}
_TOKEN = re.compile(r"%\((\w+)\)s")


def default_name(kind: str, table: str, columns: tuple[str, ...], taken: Container[str]) -> str:
    """The name PostgreSQL (for an index: SQLAlchemy) chooses; a number is added where it is taken."""
    if kind == "index":
        return f"ix_{table}_{columns[0]}" if columns else f"ix_{table}"
    label = _LABELS.get(kind, kind)
    middle = "" if kind == "primary" else "_".join(columns)[:_LIMIT]
    number = 0
    while True:
        suffix = label if number == 0 else f"{label}{number}"
        name = _object_name(table, middle, suffix)
        if name not in taken:
            return name
        number += 1


def _object_name(first: str, second: str, label: str) -> str:
    room = _LIMIT - len(label) - 1 - (1 if second else 0)
    one, two = len(first), len(second)
    while one + two > room:
        if one > two:
            one -= 1
        else:
            two -= 1
    parts = [first[:one], second[:two], label]
    return "_".join(part for part in parts if part)


def conventional_name(
    convention: Mapping[str, str],
    kind: str,
    table: str,
    columns: tuple[str, ...],
    targets: tuple[str, ...] = (),
    given: str | None = None,
) -> str | None:
    """The name by a metadata's `naming_convention`; None where it has none for this kind."""
    template = convention.get(_CONVENTION_KEYS.get(kind, ""))
    if template is None or (not columns and "column" in template):
        return None
    tokens = _tokens(table, columns, targets, given)
    missing = [t for t in _TOKEN.findall(template) if t not in tokens]
    return None if missing else _TOKEN.sub(lambda m: tokens[m.group(1)], template)


def _tokens(
    table: str, columns: tuple[str, ...], targets: tuple[str, ...], given: str | None
) -> dict[str, str]:
    tokens = {"table_name": table}
    for position, name in enumerate(columns):
        tokens[f"column_{position}_name"] = tokens[f"column_{position}_key"] = name
        tokens[f"column_{position}_label"] = f"{table}_{name}"
    tokens["column_0_N_name"] = "_".join(columns)
    tokens["column_0N_name"] = "".join(columns)
    tokens["column_0_N_label"] = "_".join(f"{table}_{name}" for name in columns)
    if targets:
        referred, _, column = targets[0].rpartition(".")
        tokens["referred_table_name"] = referred.rpartition(".")[2]
        tokens["referred_column_0_name"] = column
    if given is not None:
        tokens["constraint_name"] = given
    return tokens
