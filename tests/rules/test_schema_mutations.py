"""Faults put into sound models and migrations are found by the right rule at the right line."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from tests.mutations.schema.campaign import RULES, SOUND, Result, hits, results, tree_of
from tests.mutations.schema.pages import mutations_page

FOUND_AT_LEAST = 0.95
PAGE = Path(__file__).parents[2] / "docs" / "precision" / "schema-mutations.md"


@pytest.fixture(scope="module")
def made() -> list[Result]:
    return [result for sample in SOUND for result in results(sample)]


@pytest.mark.parametrize("sample", SOUND)
def test_sound_pairs_are_silent(sample: str) -> None:
    assert hits(tree_of(sample), RULES) == []


@pytest.mark.parametrize("sample", SOUND)
def test_mutations_are_found(sample: str, made: list[Result]) -> None:
    mine = [result for result in made if result.sample == sample]
    assert all(ast.parse(text) for result in mine for text in result.mutation.tree.values())
    missed = Counter(result.mutation.operator for result in mine if not result.found)
    assert len(mine) > 50
    assert missed.total() <= (1 - FOUND_AT_LEAST) * len(mine), missed


def test_the_table_is_the_one_that_is_published(made: list[Result]) -> None:
    assert mutations_page(made) == PAGE.read_text(), "run `python -m tests.mutations.schema`"
