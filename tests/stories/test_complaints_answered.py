from __future__ import annotations

import ast
from pathlib import Path

from tests.stories.complaints import ANSWERED_BY

ROOT = Path(__file__).parents[2]


def test_every_complaint_has_a_story_that_is_there() -> None:
    assert sorted(ANSWERED_BY) == list(range(1, 28))
    missing = [
        (number, path, name)
        for number, (_, path, name) in ANSWERED_BY.items()
        if name not in functions(ROOT / path)
    ]
    assert missing == []


def functions(file: Path) -> set[str]:
    return {node.name for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)}
