"""The facts of the report's sections come with a review, and cost nothing else when they cannot be found."""

from __future__ import annotations

import msgspec

from rules.cache import NoCache
from rules.configuration import Options
from rules.engine import SECTION_FACTS, Engine, review_contained, review_here
from rules.gate import extent
from rules.project.project import Project
from rules.registry import catalog_rules
from rules.sections import SectionFacts
from rules.verdict import Extent, Review
from tests.rules.sources import NO_BAD_CALLS, Sources, engine

TREE = {
    "main.py": (
        b"from fastapi import FastAPI\nfrom starlette.middleware.cors import CORSMiddleware\n"
        b"app = FastAPI()\napp.add_middleware(CORSMiddleware, allow_origins=['https://a.example'])\n"
        b"@app.get('/')\ndef read() -> int:\n    return 1\n"
    )
}


class Failing(Sources):
    """Sources whose facts cannot be found out."""

    def section_facts(self) -> SectionFacts:
        raise KeyError("unexpected")


def test_a_review_carries_the_facts_of_its_sections() -> None:
    found = review_here(Engine(catalog=catalog_rules(), build=Project, cache=NoCache()), TREE, Options())
    architecture, hardening = found.sections.architecture, found.sections.hardening
    assert architecture is not None
    assert hardening is not None
    assert [application.label for application in architecture.applications] == ["main:app"]
    assert architecture.diagram.startswith("flowchart LR\n")
    assert [policy.origins for policy in hardening.cors] == [("https://a.example",)]
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(found), type=Review) == found


def test_facts_that_fail_are_named_and_cost_no_finding() -> None:
    failing = with_failing_facts(engine(NO_BAD_CALLS))
    tree = {"app/main.py": b"bad()\n"}
    for found in (review_here(failing, tree, Options()), review_contained(failing, tree, Options())):
        assert [finding.rule for finding in found.findings] == ["BA199"]
        assert [crash.rule for crash in found.coverage.rules_crashed] == [SECTION_FACTS]
        assert "unexpected" in found.coverage.rules_crashed[0].reason
        assert extent(found.coverage) is Extent.PARTLY_ANALYSED


def with_failing_facts(made: Engine) -> Engine:
    return Engine(catalog=made.catalog, build=Failing, cache=made.cache)
