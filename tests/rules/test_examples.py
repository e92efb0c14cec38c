"""The examples of every rule's documentation, run: Bad reports exactly its marked lines, Good nothing."""

from __future__ import annotations

import msgspec
import pytest

from rules import NoCache, RegisteredRule, catalog_rules, load_options, review_trusted
from tests.rules.marked import MarkedProject, examples

EXAMPLES = [
    pytest.param(registered, project, id=f"{registered.name}-{section}-{project.title}")
    for registered in catalog_rules()
    for section in ("Bad", "Good")
    for project in examples(registered.documentation.sections[section], registered.code)
]


@pytest.mark.parametrize(("registered", "project"), EXAMPLES)
def test_example(registered: RegisteredRule, project: MarkedProject) -> None:
    given = load_options(project.tree)
    options = msgspec.structs.replace(given, select=project.codes(registered.code))
    review = review_trusted(project.tree, options, cache=NoCache())
    assert review.fastapi, "the example is no FastAPI project"
    assert review.coverage.rules_crashed == ()
    assert review.coverage.files_skipped == ()
    assert project.differences(review) == []
