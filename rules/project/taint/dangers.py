"""What the client's data can do where it must not arrive, and a flow of it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from rules.evaluation.values import Value
from rules.project.isolation.paths import Tests
from rules.project.taint.sources import Source


class Danger(enum.StrEnum):
    """The interpreter that would take data for instructions."""

    SQL = "sql"
    HTML = "html"
    URL = "url"
    REDIRECT = "redirect"
    PATH = "path"
    CODE = "code"
    SHELL = "shell"
    OBJECT = "object"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """A source inside a value.

    `conditions` are those of the alternatives it lies in; `through` the values on the way, the outermost
    first and the source last.
    """

    source: Source
    conditions: Tests
    through: tuple[Value, ...]
