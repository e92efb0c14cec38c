"""Reads tables out of Markdown: a heading that names one above a table of its columns, or SQL in fences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.finding import Place
from rules.project.conformance.specified_tables import SpecifiedTable
from rules.project.conformance.sql_tables import sql_tables
from rules.project.conformance.written_types import written_type
from rules.project.schema.columns import Column, ForeignKey
from rules.specification.markdown_blocks import Block, blocks
from rules.specification.openapi import open_question

_NAMES = ("field", "column", "name", "column name", "field name", "attribute", "property")
_TYPES = ("type", "data type", "sql type", "datatype")
_RULES = ("constraints", "constraint", "attributes", "key", "keys", "nullable", "required", "null", "notes")
_TABLE = re.compile(
    r"^(?:[\d.]+\s+)?(?:(?:table|entity|model)\s*:?\s*)?(?P<name>[A-Za-z_]\w*)"
    r"(?:\s+(?:table|entity|model))?(?:\s*\(.*\))?$",
    re.IGNORECASE,
)
_PARTS = frozenset(
    {
        "fields", "schema", "columns", "attributes", "overview", "properties", "indexes", "relationships",
        "constraints", "structure", "definition", "validation", "notes", "summary", "entities", "tables",
        "models", "relations", "description", "details", "requirements", "examples", "example",
    }
)  # fmt: skip
_REFERENCE = re.compile(
    r"(?:fk|foreign key|references?)\W+(?:to\s+)?(?P<target>\w+\.\w+|\w+\(\w+\))", re.IGNORECASE
)


def markdown_tables(path: str, data: bytes) -> Iterator[SpecifiedTable]:
    """The tables of a Markdown file. Raises Unreadable for one that is too large."""
    name: tuple[str, int, bool] | None = None
    columns: dict[str, Column] = {}
    for block in blocks(data):
        if block.kind == "heading":
            if name is not None and columns:
                yield _table(path, name, columns)
            told = _TABLE.match(block.text.strip())
            if told is not None and told["name"].lower() in _PARTS:
                columns = {}
            elif told is not None:
                called = (
                    "_" in told["name"] or re.search(r"table|entity|model", block.text.lower()) is not None
                )
                name, columns = (told["name"], block.line, called), {}
            elif columns:
                name, columns = None, {}
        elif block.kind == "fence" and "create table" in block.text.lower():
            yield from sql_tables(path, block.text, block.line + 1)
        elif block.kind == "row" and name is not None:
            column = _column(block, path)
            if column is not None:
                columns.setdefault(column.name, column)
    if name is not None and columns:
        yield _table(path, name, columns)


def _table(path: str, name: tuple[str, int, bool], columns: dict[str, Column]) -> SpecifiedTable:
    place = Place(path, name[1])
    return SpecifiedTable(name=name[0], place=place, columns=columns, is_named_table=name[2])


def _column(row: Block, path: str) -> Column | None:
    name, told = row.cell(*_NAMES), row.cell(*_TYPES)
    if not re.fullmatch(r"[A-Za-z_]\w*", name) or not told or open_question(row.text) is not None:
        return None
    rules = " ".join(text for header, text in row.cells if header in _RULES).lower()
    primary = re.search(r"\bpk\b|primary key", rules) is not None
    reference = _REFERENCE.search(row.text)
    target = reference["target"].replace("(", ".").removesuffix(")") if reference is not None else ""
    return Column(
        name=name,
        attribute=name,
        place=Place(path, row.line),
        type=written_type(told),
        nullable=False if primary else _nullable(row, rules),
        primary_key=True if primary else None,
        unique=True if re.search(r"\bunique\b", rules) and "unique with" not in rules else None,
        foreign_keys=(ForeignKey(target),) if target else (),
    )


def _nullable(row: Block, rules: str) -> bool | None:
    stated = row.cell("nullable", "null").strip().lower()
    if stated:
        return (
            True
            if stated in {"yes", "true", "✓", "✅"}
            else False
            if stated in {"no", "false", "✗", "❌"}
            else None
        )
    required = row.cell("required").strip().lower()
    if required:
        return False if required in {"yes", "true", "✓", "✅"} else None
    if re.search(r"\bnot null\b|\brequired\b", rules):
        return False
    return True if re.search(r"\bnullable\b|\boptional\b|\bnull\b", rules) else None
