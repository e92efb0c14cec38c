"""Every case of tests/cases: a small project, judged by the rule that the file is named for."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from rules import NoCache, RegisteredRule, catalog_rules, load_options, review_trusted
from tests.rules.marked import MarkedProject, cases

FOLDER = Path(__file__).parent.parent / "cases"


def _all() -> list[pytest.ParameterSet]:
    return [
        pytest.param(registered, project, id=f"{registered.name}: {project.title}")
        for registered in catalog_rules()
        if (file := FOLDER / f"{registered.name}.md").is_file()
        for project in cases(file.read_text(encoding="utf-8"), registered.code)
    ]


@pytest.mark.parametrize(("registered", "project"), _all())
def test_case(registered: RegisteredRule, project: MarkedProject) -> None:
    given = load_options(project.tree)
    options = msgspec.structs.replace(given, select=project.codes(registered.code))
    review = review_trusted(project.tree, options, cache=NoCache())
    assert review.coverage.rules_crashed == ()
    assert project.differences(review) == []
