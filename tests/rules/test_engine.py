from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from rules.cache import FactCache
from rules.configuration import Options
from rules.engine import review_contained, review_here
from rules.finding import Hit, Place
from rules.journal import LIMITS, Step
from rules.rule import Confidence, Severity
from rules.tree import interesting
from rules.verdict import RuleCrash, SkippedFile
from tests.rules.hostile import hostile_files
from tests.rules.sources import NO_BAD_CALLS, Sources, engine, rule

TREE = {
    "app/main.py": b"bad()\n\ndef f():\n    x = bad(\n        1)\n",
    "tests/test_main.py": b"bad()\n",
    "README.md": b"bad()",
}
OPTIONS = Options()


def test_findings_have_everything_that_the_contract_names() -> None:
    review = review_here(engine(NO_BAD_CALLS), TREE, OPTIONS)
    first, second = review.findings
    assert (first.rule, first.name, first.section.value, first.severity) == (
        "BA199", "bad-call", "architecture", Severity.HIGH,
    )  # fmt: skip
    places = [(f.path, f.line, f.column, f.end_line, f.end_column) for f in review.findings]
    assert places == [("app/main.py", 1, 1, 1, 6), ("app/main.py", 4, 9, 5, 11)]
    assert second.message == "`bad(\n        1)` is bad; remove it."
    assert first.confidence is Confidence.HIGH
    assert len({first.fingerprint, second.fingerprint}) == 2
    assert review.coverage.files_analysed == 2
    assert review.coverage.rules_run == 1


def test_a_contained_review_is_the_same_review() -> None:
    here = review_here(engine(NO_BAD_CALLS), TREE, OPTIONS)
    assert review_contained(engine(NO_BAD_CALLS), TREE, OPTIONS) == here


def test_tests_are_read_and_not_judged_unless_the_configuration_says_so() -> None:
    review = review_here(engine(NO_BAD_CALLS), TREE, Options(exclude=("!tests/", "!test_*.py", "app/")))
    assert [finding.path for finding in review.findings] == ["tests/test_main.py"]


def test_the_configuration_selects_and_weighs_rules() -> None:
    other = rule("other", lambda _: [Hit(place=Place("app/main.py", 1), message="m")], code="BA301")
    catalog = engine(NO_BAD_CALLS, other)
    assert {f.rule for f in review_here(catalog, TREE, Options(ignore=("BA1",))).findings} == {"BA301"}
    assert {f.rule for f in review_here(catalog, TREE, Options(select=("bad-call",))).findings} == {"BA199"}
    weighed = review_here(catalog, TREE, Options(severity={"BA1": Severity.LOW, "BA199": Severity.INFO}))
    assert {f.rule: f.severity for f in weighed.findings} == {"BA199": Severity.INFO, "BA301": Severity.HIGH}


def test_equal_hits_are_one_finding_and_findings_are_in_order() -> None:
    hits = [Hit(place=Place("b.py", 1), message="m"), Hit(place=Place("a.py", 2), message="m")]
    review = review_here(
        engine(rule("twice", lambda _: [*hits, *hits])), {"a.py": b"x\ny\n", "b.py": b"z\n"}, OPTIONS
    )
    assert [(finding.path, finding.line) for finding in review.findings] == [("a.py", 2), ("b.py", 1)]


def test_a_rule_that_raises_costs_only_itself() -> None:
    def raising(_: Sources) -> Iterator[Hit]:
        yield Hit(place=Place("app/main.py", 1), message="lost")
        raise KeyError("x")

    review = review_here(engine(rule("raising", raising, code="BA101"), NO_BAD_CALLS), TREE, OPTIONS)
    assert {finding.rule for finding in review.findings} == {"BA199"}
    assert review.coverage.rules_crashed == (RuleCrash("BA101", "KeyError: 'x'"),)
    assert review.coverage.rules_run == 1


def test_a_rule_that_hangs_or_kills_the_process_costs_only_itself() -> None:
    def hanging(project: Sources) -> Iterator[Hit]:
        while project.files:
            pass
        yield from ()

    def killing(_: Sources) -> Iterator[Hit]:
        os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(5)
        yield from ()

    catalog = (rule("hanging", hanging, code="BA101"), rule("killing", killing, code="BA102"), NO_BAD_CALLS)
    review = review_contained(engine(*catalog, limits={**LIMITS, Step.RULE: 0.4}), TREE, OPTIONS)
    assert {finding.rule for finding in review.findings} == {"BA199"}
    hung, killed = review.coverage.rules_crashed
    assert (hung.rule, hung.reason[:16]) == ("BA101", "took longer than")
    assert killed == RuleCrash("BA102", "ended the process with SIGKILL")


def test_a_model_that_raises_gives_an_honest_answer() -> None:
    class Broken(Sources):
        def route_inventory(self) -> None:  # type: ignore[override]
            raise RecursionError("too deep")

    broken = engine(NO_BAD_CALLS)
    broken = type(broken)(catalog=broken.catalog, build=Broken, cache=broken.cache)  # type: ignore[arg-type]
    review = review_here(broken, TREE, OPTIONS)
    reason = "the project could not be understood: RecursionError: too deep"
    assert review.coverage.files_skipped == (
        SkippedFile("app/main.py", reason),
        SkippedFile("tests/test_main.py", reason),
    )
    assert review.findings == ()


def test_a_file_that_does_not_parse_is_named_and_the_others_are_judged() -> None:
    review = review_here(engine(NO_BAD_CALLS), {**TREE, "app/broken.py": b"def (\n"}, OPTIONS)
    assert [file.path for file in review.coverage.files_skipped] == ["app/broken.py"]
    assert [(q.kind, q.path) for q in review.questions] == [("file-not-analysed", "app/broken.py")]
    assert len(review.findings) == 2


def test_hostile_files_are_analysed_or_named_and_the_rest_is_judged() -> None:
    hostile = hostile_files()
    assert len(hostile) > 60
    began = time.monotonic()
    review = review_contained(engine(NO_BAD_CALLS), {**TREE, **hostile}, OPTIONS)
    assert time.monotonic() - began < 60
    named = {file.path for file in review.coverage.files_skipped}
    assert named <= set(hostile)
    assert review.coverage.files_analysed == len(hostile) + 2 - len(named)
    assert {"app/main.py", "bytes/surrogate.py", "bytes/formfeed.py"} <= {f.path for f in review.findings}
    assert {"ast/wide.py", "libcst/decorators.py", "bytes/empty.py"}.isdisjoint(named)
    assert all(
        "took longer" not in f.reason and "process" not in f.reason for f in review.coverage.files_skipped
    )


def test_the_cache_changes_no_review_and_is_filled(tmp_path: Path) -> None:
    cold = review_here(engine(NO_BAD_CALLS, cache=FactCache(tmp_path)), TREE, OPTIONS)
    warm = review_here(engine(NO_BAD_CALLS, cache=FactCache(tmp_path)), TREE, OPTIONS)
    assert warm == cold
    assert (tmp_path / "facts.sqlite").stat().st_size > 0


def test_a_review_survives_encoding() -> None:
    review = review_here(engine(NO_BAD_CALLS), TREE, OPTIONS)
    assert msgspec.json.decode(msgspec.json.encode(review), type=type(review)) == review


@pytest.mark.parametrize(
    "path",
    ["app/main.py", "pyproject.toml", "backend/uv.lock", "requirements.txt", "requirements-dev.txt",
     "requirements/base.txt", "alembic.ini", ".github/backend-architect.yml", "docs/openapi.json",
     "openapi.yaml", "db/schema.sql", "docs/schema.dbml", "docs/API.md", "Pipfile.lock",
     "specs/001-items/data-model.md", "contracts/items.yaml"],
)  # fmt: skip
def test_files_that_a_review_reads(path: str) -> None:
    assert interesting(path)


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "package.json",
        "app/main.pyc",
        "node_modules/a/setup.py",
        ".venv/lib/a.py",
        "a.txt",
        "x/Makefile",
    ],
)
def test_files_that_a_review_does_not_read(path: str) -> None:
    assert not interesting(path)
