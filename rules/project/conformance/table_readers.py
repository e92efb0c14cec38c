"""Which reader a specification of tables needs. Imported only then: the SQL parser is slow to load."""

from __future__ import annotations

from rules.project.conformance.dbml_tables import dbml_tables
from rules.project.conformance.markdown_tables import markdown_tables
from rules.project.conformance.specified_tables import SpecifiedTable
from rules.project.conformance.sql_tables import sql_tables


def tables(path: str, data: bytes) -> tuple[SpecifiedTable, ...]:
    """The tables of a file, by the end of its name. Raises Unreadable."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    if path.endswith(".md"):
        return tuple(markdown_tables(path, data))
    return tuple(dbml_tables(path, text) if path.endswith(".dbml") else sql_tables(path, text))
