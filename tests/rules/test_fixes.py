from __future__ import annotations

import pytest

from rules.configuration import Options
from rules.engine import review_here
from rules.finding import Edit, Fix, Safety
from rules.fixes import FixRefused, apply_edits
from rules.proving import prove
from rules.tree import Tree
from rules.verdict import Review
from tests.rules.sources import NO_BAD_CALLS, engine

TREE = {"app/a.py": b"x = 1\r\nbad(x)\r\ny = 2\n", "app/b.py": b"bad(2)\n"}


def _review(tree: Tree) -> Review:
    return review_here(engine(NO_BAD_CALLS), tree, Options())


def _prove(*edits: Edit) -> dict[str, bytes]:
    return prove(Fix("t", Safety.SAFE, edits), TREE, _review(TREE).findings[0], _review)


def test_a_fix_that_cures_is_applied_and_touches_nothing_else() -> None:
    fixed = _prove(Edit("app/a.py", 2, 2, "good(x)\n"))
    assert fixed == {**TREE, "app/a.py": b"x = 1\r\ngood(x)\ny = 2\n"}


def test_several_edits_and_deletions() -> None:
    edits = (Edit("app/a.py", 1, 1, "x = 0\nz = 0\n"), Edit("app/a.py", 2, 3, ""), Edit("app/b.py", 1, 1, ""))
    assert apply_edits(TREE, edits) == {"app/a.py": b"x = 0\nz = 0\n", "app/b.py": b""}


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Edit("app/a.py", 2, 2, "bad(x)  # formatted\n"), "BA199 would still stand"),
        (Edit("app/a.py", 2, 2, "def (\n"), "app/a.py would not parse"),
        (Edit("app/a.py", 2, 2, "x = " + "(" * 3000 + "\n"), "app/a.py would not parse"),
        (Edit("app/a.py", 2, 2, "y = bad(x)\n"), "it would bring BA199"),
        (Edit("app/a.py", 4, 4, ""), "lines 4 to 4 does not fit"),
        (Edit("app/a.py", 3, 2, ""), "lines 3 to 2 does not fit"),
        (Edit("app/c.py", 1, 1, ""), "app/c.py is not there"),
    ],
)
def test_a_fix_that_does_not_cure_is_refused(edit: Edit, said: str) -> None:
    with pytest.raises(FixRefused, match=said):
        _prove(edit)


def test_edits_that_overlap_are_refused() -> None:
    with pytest.raises(FixRefused, match="does not fit"):
        apply_edits(TREE, (Edit("app/a.py", 1, 2, ""), Edit("app/a.py", 2, 3, "")))


def test_one_of_several_equal_findings_can_be_cured() -> None:
    tree = {"a.py": b"bad(1)\nbad(1)\n"}
    first = _review(tree).findings[0]
    fixed = prove(Fix("t", Safety.SAFE, (Edit("a.py", 1, 1, ""),)), tree, first, _review)
    assert fixed == {"a.py": b"bad(1)\n"}
