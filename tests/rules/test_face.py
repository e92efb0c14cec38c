"""The public face of the engine, on the real model and the real catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

import rules

MAIN = b"""\
from fastapi import FastAPI

app = FastAPI()


@app.get("/items")
def items():
    return []
"""
TREE = {"app/main.py": MAIN, "app/broken.py": b"def (\n"}


def test_a_contained_and_a_trusted_review_are_the_same(tmp_path: Path) -> None:
    cache = rules.FactCache(tmp_path)
    contained = rules.review(TREE, rules.load_options(TREE), cache=cache)
    assert contained == rules.review_trusted(TREE, rules.Options(), cache=cache)
    assert contained == rules.review(TREE, rules.Options(), cache=rules.NoCache())
    assert [file.path for file in contained.coverage.files_skipped] == ["app/broken.py"]
    assert contained.coverage.rules_crashed == ()


def test_a_broken_file_of_the_change_fails_the_gate_and_another_does_not() -> None:
    options = rules.Options(select=("BA108",))
    comparison = rules.compare(None, rules.review_trusted(TREE, options, cache=rules.NoCache()))
    assert rules.gate(comparison, options, {"app/broken.py"}).conclusion is rules.Conclusion.FAILURE
    assert rules.gate(comparison, options, {"app/main.py"}).conclusion is rules.Conclusion.SUCCESS


def test_a_tree_without_fastapi_has_nothing_to_judge() -> None:
    review = rules.review_trusted({"a.py": b"print(1)\n"}, rules.Options(), cache=rules.NoCache())
    assert not review.fastapi
    assert rules.gate(rules.compare(None, review), rules.Options(), ()).conclusion is rules.Conclusion.SUCCESS


def judged(base: rules.Tree | None, head: rules.Tree) -> tuple[rules.Comparison, rules.Gate]:
    reviews = [
        tree and rules.review_trusted(tree, rules.Options(), cache=rules.NoCache()) for tree in (base, head)
    ]
    assert reviews[1]
    comparison = rules.compare(reviews[0] or None, reviews[1])
    changed = {path for path in head if base is None or base.get(path) != head[path]}
    return comparison, rules.gate(comparison, rules.Options(), changed)


@pytest.mark.parametrize("base", [None, {"app/main.py": MAIN}, {"app/main.py": b"print(1)\n"}])
def test_where_nothing_can_be_read_nothing_is_green(base: rules.Tree | None) -> None:
    comparison, verdict = judged(base, {"app/main.py": b"def (\n"})
    assert rules.extent(comparison.head.coverage) is rules.Extent.NOT_ANALYSED
    assert verdict.conclusion is rules.Conclusion.FAILURE
    assert [reason.split(":")[:2] for reason in verdict.reasons] == [["not analysed", " app/main.py"]]
    assert comparison.fixed == ()


def test_an_application_whose_file_breaks_is_not_gone() -> None:
    rest = {"app/__init__.py": b"", "app/models.py": b"RATE = 3\n"}
    comparison, verdict = judged({**rest, "app/main.py": MAIN}, {**rest, "app/main.py": b"def (\n"})
    assert rules.extent(comparison.head.coverage) is rules.Extent.PARTLY_ANALYSED
    assert verdict.conclusion is rules.Conclusion.FAILURE
    assert comparison.fixed == ()


def test_a_template_in_a_repository_without_an_application_is_no_business_of_ours() -> None:
    rest = {"setup.py": b"import setuptools\n"}
    comparison, verdict = judged(rest, {**rest, "template.py": b"import {{ package }}\n"})
    held = comparison.head.coverage
    assert (held.files_analysed, held.files_skipped) == (1, ())
    assert (verdict.conclusion, len(verdict.reasons)) == (rules.Conclusion.SUCCESS, 1)


def test_mistakes_of_the_configuration_are_named() -> None:
    with pytest.raises(rules.ConfigurationError, match=r"backend-architect\.yml:1: .*selekt"):
        rules.load_options({".github/backend-architect.yml": b"selekt: [BA305]\n"})


def test_every_registered_rule_can_be_selected_by_code_and_by_name() -> None:
    for registered in rules.catalog_rules():
        selectors = f"select: [{registered.code}, {registered.name}]\n"
        tree = {".github/backend-architect.yml": selectors.encode()}
        assert rules.load_options(tree).select == (registered.code, registered.name)
    assert rules.interesting("app/main.py")
