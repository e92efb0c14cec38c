"""A misspelt name means another only where that one is the only one near."""

from __future__ import annotations

import pytest

from rules.finding import Edit, Place
from rules.project.source_edits import replaced
from rules.project.spelling import meant
from rules.source import SourceFile


@pytest.mark.parametrize(
    ("written", "existing", "expected"),
    [
        ("users", ["user", "item"], "user"),
        ("usre", ["user", "item"], "user"),
        ("usar", ["user", "item"], "user"),
        ("uers", ["user"], None),
        ("user", ["user"], None),
        ("teams", ["team", "teamz"], None),
        ("account", ["user"], None),
        ("id", ["ids"], None),
    ],
)
def test_one_step_away(written: str, existing: list[str], expected: str | None) -> None:
    assert meant(written, existing) == expected


def test_text_that_stands_once_is_replaced() -> None:
    source = SourceFile("a.py", b'x = f(\n    key="users.id",\n)\n')
    place = Place("a.py", 1, 1, 3, 2)
    assert replaced(source, place, '"users.id"', '"user.id"') == (Edit("a.py", 2, 2, '    key="user.id",\n'),)


def test_text_that_stands_twice_is_left() -> None:
    source = SourceFile("a.py", b'x = ("a", "a")\n')
    assert replaced(source, Place("a.py", 1), '"a"', '"b"') == ()
