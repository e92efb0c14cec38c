from __future__ import annotations

import ast
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.configuration import Options
from rules.engine import review_here
from rules.finding import Hit, Place
from rules.ir import nodes as ir
from tests.rules.sources import NO_BAD_CALLS, Sources, engine, rule

UNITS = (
    """\
def first(x: int = 1) -> int:
    '''Says.'''
    if x > 0x10:
        bad(x, 'a' 'b')
    return bad({1: 2})
""",
    """\
class Service:
    name = bad('n')

    async def load(self, *ids):
        for i in ids:
            bad(f'{i} of {ids!r}')
        with open('x') as f, g:
            return bad(f)
""",
    """\
def second(a, b):
    try:
        bad(a); bad(b)
    except (A, B):
        bad(a)
    bad(a)
""",
    """\
VALUE = bad(1_000, x=-1, **{'k': [1, 2]})
""",
)


def _prints(text: str, path: str = "app/main.py") -> Counter[str]:
    review = review_here(engine(NO_BAD_CALLS), {path: text.encode()}, Options())
    return Counter(finding.fingerprint for finding in review.findings)


BEFORE = _prints("\n".join(UNITS))


def test_every_finding_has_its_own_fingerprint() -> None:
    assert sorted(BEFORE.values()) == [1] * 10


@given(st.randoms(use_true_random=False))
def test_blank_lines_comments_and_order_change_nothing(random_: random.Random) -> None:
    units = random_.sample(UNITS, len(UNITS))
    lines = [
        f"{line}  # a" if random_.random() < 0.5 else line for unit in units for line in unit.splitlines()
    ]
    spread: list[str] = []
    for line in lines:
        spread += ["", "# said"][: random_.randrange(3)]
        spread.append(line)
    assert _prints("\n".join(spread)) == BEFORE


def test_reformatting_changes_nothing() -> None:
    assert _prints(ast.unparse(ast.parse("\n".join(UNITS)))) == BEFORE


def test_renaming_the_file_changes_nothing() -> None:
    assert _prints("\n".join(UNITS), "other/place.py") == BEFORE


def test_moving_a_function_to_another_file_changes_nothing() -> None:
    halves = {"app/a.py": "\n".join(UNITS[:2]).encode(), "lib/b.py": "\n".join(UNITS[2:]).encode()}
    review = review_here(engine(NO_BAD_CALLS), halves, Options())
    assert Counter(finding.fingerprint for finding in review.findings) == BEFORE


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    bad(2)\n",
        "def g():\n    bad(1)\n",
        "class f:\n    x = bad(1)\n",
        "def f():\n    y = bad(1)\n",
        "def f():\n    bad('1')\n",
        "def f():\n    bad(True)\n",
        "def f():\n    bad(1, 1)\n",
    ],
)
def test_other_code_has_another_fingerprint(text: str) -> None:
    assert _prints(text) != _prints("def f():\n    bad(1)\n")


def test_equal_findings_differ_by_their_order() -> None:
    one, two = _prints("bad(1)\n"), _prints("bad(1)\nbad(1)\n")
    assert len(two) == 2
    assert set(one) < set(two)


def test_editing_a_body_keeps_what_stands_on_the_definition() -> None:
    def on_definitions(project: Sources) -> list[Hit]:
        return [
            Hit(place=source.place(node.decorators[0]), message="m", subject="GET /items")
            for source in project.files.values()
            for node in source.module.statements
            if isinstance(node, ir.Function)
        ]

    def prints(text: str) -> list[str]:
        review = review_here(engine(rule("definition", on_definitions)), {"a.py": text.encode()}, Options())
        return [finding.fingerprint for finding in review.findings]

    before = prints("@get('/items')\ndef read(a):\n    return 1\n")
    assert before == prints("@get('/items')\n@other\ndef read(a, b):\n    return a + b\n")
    assert before != prints("@get('/items')\ndef write(a):\n    return 1\n")


def test_findings_outside_python_stand_on_their_line() -> None:
    def on_sql(project: Sources) -> list[Hit]:
        source = project.files["schema.sql"]
        line = next(n for n, text in enumerate(source.lines, 1) if "owner" in text)
        return [Hit(place=Place("schema.sql", line), message="m")]

    def prints(text: str) -> list[str]:
        tree, options = {"schema.sql": text.encode()}, Options(include=("*.sql",))
        return [f.fingerprint for f in review_here(engine(rule("sql", on_sql)), tree, options).findings]

    assert prints("create (\n  owner int\n)\n") == prints("-- more\n\ncreate (\n     owner   int\n)\n")
