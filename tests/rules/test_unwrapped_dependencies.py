"""BA302's fixes are proved like every fix, and what it says of FastAPI is so when an application runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import pytest
from fastapi import FastAPI, HTTPException

from rules import NoCache, catalog_rules, load_options, review_trusted
from rules.finding import Safety
from rules.proving import prove
from rules.tree import Tree
from rules.verdict import Review
from tests.rules.isolation_projects import ask
from tests.rules.marked import MarkedProject, cases

CASES = Path(__file__).parents[1] / "cases" / "dependency-not-wrapped.md"
FOUND = [p for p in cases(CASES.read_text(encoding="utf-8"), "BA302") if p.marks]


def refuse() -> str:
    raise HTTPException(401)


def _review(tree: Tree) -> Review:
    options = msgspec.structs.replace(load_options(tree), select=("BA301", "BA302", "BA305", "BA306"))
    return review_trusted(tree, options, cache=NoCache())


@pytest.mark.parametrize("project", [pytest.param(p, id=p.title) for p in FOUND])
def test_wrapping_cures_the_finding_and_brings_no_other(project: MarkedProject) -> None:
    finding = next(f for f in _review(project.tree).findings if f.rule == "BA302")
    if finding.fix is None:
        assert project.title == "Depends itself, not called"
        return
    fixed = prove(finding.fix, project.tree, finding, _review)
    assert finding.fix.safety is Safety.SUGGEST
    assert b"Depends(" in fixed[finding.path]


def test_the_import_is_added_where_it_is_missing() -> None:
    project = next(p for p in FOUND if p.title == "annotated with the function")
    finding = next(f for f in _review(project.tree).findings if f.rule == "BA302")
    assert finding.fix is not None
    fixed = prove(finding.fix, project.tree, finding, _review)
    assert b"from fastapi import Depends, FastAPI\n" in fixed["app/main.py"]


def test_an_unwrapped_check_explains_why_a_route_authenticates_nobody() -> None:
    project = next(p for p in FOUND if p.title == "annotated with the function")
    assert [f.rule for f in _review(project.tree).findings] == ["BA302"]


def test_what_is_not_wrapped_never_runs() -> None:
    app = FastAPI()

    @app.get("/annotated")
    def annotated(user: Annotated[str, refuse]) -> str:
        return user

    @app.get("/default", response_model=str)
    def default(user: object = refuse) -> str:
        return "answered" if user is refuse else "checked"

    assert ask(app, "GET", "/annotated").status_code == 422
    assert ask(app, "GET", "/annotated?user=anyone").json() == "anyone"
    assert ask(app, "GET", "/default").json() == "answered"


def test_the_rule_is_in_the_catalogue_with_its_weakness() -> None:
    rule = next(r.rule for r in catalog_rules() if r.code == "BA302")
    assert rule.cwe == (862,)
