"""Reads tables out of DBML. What a column does not say of null is not told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rules.finding import Place
from rules.project.conformance.specified_tables import SpecifiedTable
from rules.project.conformance.written_types import written_type
from rules.project.schema.columns import Column, ForeignKey

_TABLE = re.compile(r"^\s*table\s+(?P<name>[\w.\"]+)[^{]*{", re.IGNORECASE)
_COLUMN = re.compile(
    r"^\s*\"?(?P<name>\w+)\"?\s+\"?(?P<type>[A-Za-z][\w ]*(?:\([^)]*\))?(?:\[\])?)\"?\s*"
    r"(?:\[(?P<settings>[^\]]*)\])?"
)
_INLINE = re.compile(r"ref:\s*[->]\s*(?P<target>[\w.\"]+)", re.IGNORECASE)
_REFERENCE = re.compile(
    r"^\s*ref\b[^:]*:\s*(?P<left>[\w.\"]+)\s*(?P<way>[<>-])\s*(?P<right>[\w.\"]+)", re.IGNORECASE
)


@dataclass(slots=True)
class _Open:
    """The table that is being read; `depth` counts blocks inside it, such as its indexes."""

    name: str
    line: int
    depth: int = 1
    columns: dict[str, Column] = field(default_factory=dict)


def dbml_tables(path: str, text: str) -> Iterator[SpecifiedTable]:
    """The tables of a DBML text, with the references that stand outside of them."""
    found: dict[str, SpecifiedTable] = {}
    current: _Open | None = None
    for number, line in enumerate(_without_comments(text).split("\n"), 1):
        begun = _TABLE.match(line) if current is None else None
        if begun is not None:
            current = _Open(_name(begun["name"]), number)
        elif current is None:
            _refer(found, line)
        elif current.depth == 1 and "{" not in line and "}" not in line:
            _read_column(current, path, number, line)
        else:
            current.depth += line.count("{") - line.count("}")
        if current is not None and current.depth <= 0:
            place = Place(path, current.line)
            found[current.name] = SpecifiedTable(name=current.name, place=place, columns=current.columns)
            current = None
    yield from found.values()


def _read_column(table: _Open, path: str, number: int, line: str) -> None:
    told = _COLUMN.match(line)
    if told is None or told["name"].lower() in {"note", "indexes"}:
        return
    settings = (told["settings"] or "").lower()
    primary = re.search(r"\bpk\b|primary key", settings) is not None
    nullable = (
        False if "not null" in settings or primary else True if re.search(r"\bnull\b", settings) else None
    )
    target = _INLINE.search(told["settings"] or "")
    table.columns[told["name"]] = Column(
        name=told["name"],
        attribute=told["name"],
        place=Place(path, number),
        type=written_type(told["type"]),
        nullable=nullable,
        primary_key=True if primary else None,
        unique=True if re.search(r"\bunique\b", settings) else None,
        foreign_keys=(ForeignKey(_name(target["target"])),) if target is not None else (),
    )


def _refer(found: dict[str, SpecifiedTable], line: str) -> None:
    told = _REFERENCE.match(line)
    if told is None:
        return
    left, right = _name(told["left"]), _name(told["right"])
    source, target = (right, left) if told["way"] == "<" else (left, right)
    table, _, name = source.rpartition(".")
    column = found[table].columns.get(name) if table in found else None
    if column is not None:
        referring = replace(column, foreign_keys=(*column.foreign_keys, ForeignKey(target)))
        found[table].columns[name] = referring


def _name(written: str) -> str:
    return written.replace('"', "").removeprefix("public.")


def _without_comments(text: str) -> str:
    """The text with comments and long notes blanked, line for line."""
    blank = lambda found: "\n" * found.group().count("\n")  # noqa: E731
    text = re.sub(r"'''.*?'''|/\*.*?\*/", blank, text, flags=re.DOTALL)
    return re.sub(r"//[^\n]*", "", text)
