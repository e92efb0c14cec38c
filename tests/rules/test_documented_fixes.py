"""The fixes of every rule that gives any, on its own Bad example: proved against the whole catalogue."""

from __future__ import annotations

import inspect
import re

import pytest

from rules import NoCache, RegisteredRule, catalog_rules, load_options, prove_fixes, review_trusted
from tests.rules.marked import MarkedProject, examples

ELSEWHERE = {
    "BA103": "the example has no handler that is given a session",
    "BA155": "rows that are there may not be unique",
    "BA160": "the mark is a comment behind the field",
    "BA207": "the example returns a table, and no schema that could be named",
    "BA210": "the mark is a comment behind the body",
    "BA211": "the example does not import HTTPException",
    "BA214": "the rule is off by default",
    "BA311": "the example has no schema without the secret",
    "BA312": "the example has no clock to count the expiry from",
    "BA313": "the example has no key to verify with",
    "BA314": "the example signs nothing that would say the algorithm",
    "BA317": "the example has no settings that the secret could move to",
    "BA319": "whose origins are meant is not for us to say",
    "BA328": "the example has no privileged dependency",
}
"""Rules that give their fixes in other cases, and are tested with those; what this example lacks."""


def _gives_fixes(registered: RegisteredRule) -> bool:
    module = inspect.getmodule(registered.check)
    return module is not None and re.search(r"\bfix=", inspect.getsource(module)) is not None


GIVES = [registered for registered in catalog_rules() if _gives_fixes(registered)]
BAD = [
    pytest.param(registered, project, id=f"{registered.name}-{project.title}")
    for registered in GIVES
    if registered.code not in ELSEWHERE
    for project in examples(registered.documentation.sections["Bad"], registered.code)
]


def test_the_exceptions_are_rules_that_give_fixes() -> None:
    assert set(ELSEWHERE) <= {registered.code for registered in GIVES}


@pytest.mark.parametrize(("registered", "project"), BAD)
def test_the_fix_of_the_example_is_proved(registered: RegisteredRule, project: MarkedProject) -> None:
    options = load_options(project.tree)
    before = review_trusted(project.tree, options, cache=NoCache())
    own = [f for f in before.findings if f.rule == registered.code and f.fix is not None]
    proof = prove_fixes(project.tree, options, before, own, cache=NoCache())
    assert [(unproved.finding.line, unproved.reason) for unproved in proof.unproved] == []
    assert len(proof.applied) == len(own) > 0
