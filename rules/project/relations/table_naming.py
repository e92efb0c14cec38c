"""The project's own convention for table names, and the tables that leave it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import ClassValue
from rules.project.schema.schemas import is_sqlmodel

if TYPE_CHECKING:
    from rules.project.project import Project
    from rules.project.schema.tables import Table

_FEWEST = 5
_MAJORITY = 0.8
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")
_NEITHER = re.compile(r"(ss|us|is|as|news|data|info|series|history|stats|settings|fields|attributes)$")


@dataclass(frozen=True, slots=True)
class OddName:
    """A table whose name differs; `convention` is what most tables do, `like` one, `better` a name."""

    table: Table
    convention: str
    like: Table
    better: str


def odd_names(project: Project) -> Iterator[OddName]:
    """Lower-cased compounds where other tables have underscores, and the few of another number."""
    tables = [t for t in project.tables if isinstance(t.model, ClassValue)]
    compounds = list(_compounds(tables))
    yield from compounds
    named = {id(found.table) for found in compounds}
    yield from _other_numbers([t for t in tables if id(t) not in named])


def _compounds(tables: list[Table]) -> Iterator[OddName]:
    """SQLModel's default name of a class of several words, beside tables named with underscores."""
    snake = next((t for t in tables if "_" in t.name and len(_words(t)) > 1), None)
    if snake is None:
        return
    for table in tables:
        words = _words(table)
        if len(words) > 1 and table.name == "".join(words) and is_sqlmodel(_model(table)):
            yield OddName(table, "with an underscore between words", snake, "_".join(words))


def _model(table: Table) -> ClassValue:
    assert isinstance(table.model, ClassValue)
    return table.model


def _words(table: Table) -> list[str]:
    return [word.lower() for word in _WORD.findall(table.model_name)]


def _other_numbers(tables: list[Table]) -> Iterator[OddName]:
    """Singular names among plural ones and the reverse, where a clear majority agrees."""
    countable = [t for t in tables if not _NEITHER.search(t.name) and t.name.isascii()]
    plural = [t for t in countable if t.name.endswith("s")]
    singular = [t for t in countable if not t.name.endswith("s")]
    few, many = sorted((plural, singular), key=len)
    if len(countable) < _FEWEST or len(many) < _MAJORITY * len(countable):
        return
    for table in few:
        better = table.name.removesuffix("s") if few is plural else f"{table.name}s"
        yield OddName(table, "in the singular" if few is plural else "in the plural", many[0], better)
