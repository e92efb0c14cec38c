from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from bot.sarif.document import sarif
from bot.sarif.results import Places
from rules import Options, catalog_rules, interesting, review
from rules.finding import Edit, Finding, Fix, Question, Safety, Suppression, TrailStep
from rules.fixes import apply_edits
from rules.rule import Confidence, Section, Severity
from rules.verdict import Coverage, Review, RuleCrash, SkippedFile
from tests.github.packages import Package, package_folder

# The schema of OASIS, as Microsoft publishes it for tests.
SCHEMA = Package(
    name="@microsoft/jest-sarif",
    version="1.0.0-beta.0",
    integrity="sha512-A1fOhPd6Ic5iDk4F9YPw1qNB4XF+7+IviR7xl8r2F6QzQkx5cpY9LsGk2rExiFIEcBbjpVnSmwWGBukASkiQ9A==",
    files=("lib/schemas/sarif-2.1.0-rtm.5.json",),
)
SOURCES = {"app/my items.py": b"one\ntwo\nthree", "app/crud.py": b"a\nb\n"}
FIX = Fix(
    "Compare the owner",
    Safety.SUGGEST,
    (Edit("app/my items.py", 3, 3, "drei\n"), Edit("app/crud.py", 1, 1, ""), Edit("new.py", 1, 0, "x = 1\n")),
    proved=True,
)
FINDING = Finding(
    rule="BA305",
    name="unscoped-object-access",
    section=Section.SECURITY,
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    path="app/my items.py",
    line=3,
    column=1,
    end_line=3,
    end_column=6,
    message="`GET /items/{id}` returns any row; see [here](https://example.com).",
    trail=(TrailStep("app/crud.py", 2, "the query"),),
    cwe=(639,),
    owasp=("API1",),
    fingerprint="0123456789abcdef0123456789abcdef",
    fix=FIX,
)


def changed(**changes: object) -> Finding:
    return msgspec.structs.replace(FINDING, **changes)


def log(
    *findings: Finding,
    prefix: str = "",
    compared: bool = False,
    sources: Mapping[str, bytes] = SOURCES,
    **held: Any,
) -> dict[str, Any]:
    places = Places(prefix=prefix, sources=sources)
    written = sarif(Review(findings=findings, **held), places, version="0.1.0", compared=compared)
    found: dict[str, Any] = json.loads(written)
    return found


def results(*findings: Finding, **how: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = log(*findings, **how)["runs"][0]["results"]
    return found


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft7Validator:
    schema = json.loads((package_folder(SCHEMA) / SCHEMA.files[0]).read_text())
    return jsonschema.Draft7Validator(schema)


EVERYTHING: dict[str, Any] = {
    "questions": (Question("unresolved-include", "a.py", 0, "why"),),
    "coverage": Coverage(
        files_skipped=(SkippedFile("b ü.py", "too large"),), rules_crashed=(RuleCrash("BA101", "boom"),)
    ),
}


@pytest.mark.parametrize("compared", [True, False])
def test_the_log_is_valid_by_the_schema_of_the_standard(
    validator: jsonschema.Draft7Validator, *, compared: bool
) -> None:
    findings = (
        FINDING,
        changed(fix=None, trail=(), column=1, end_column=0, end_line=0, introduced=False),
        changed(suppressed=Suppression("inline", "public"), severity=Severity.INFO),
        changed(suppressed=Suppression("baseline", "old", "ann"), rule="BA999"),
    )
    told = log(*findings, compared=compared, **EVERYTHING)
    assert [error.message for error in validator.iter_errors(told)] == []
    told["runs"][0]["results"][0]["level"] = "fatal"
    assert list(validator.iter_errors(told))


def test_the_review_of_a_real_project_is_valid(validator: jsonschema.Draft7Validator) -> None:
    sample = Path(__file__).resolve().parents[2] / "bot" / "demo" / "sample"
    tree = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for folder in (sample / "base", sample / "change")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and interesting(path.relative_to(folder).as_posix())
    }
    made = review(tree, Options())
    assert len(made.findings) >= 10
    written = sarif(made, Places(prefix="", sources=tree), version="0.1.0", compared=False)
    assert [error.message for error in validator.iter_errors(json.loads(written))] == []


def test_every_rule_is_described_with_what_code_scanning_shows() -> None:
    described = {rule["id"]: rule for rule in log()["runs"][0]["tool"]["driver"]["rules"]}
    assert list(described) == [registered.code for registered in catalog_rules()]
    rule = described["BA305"]
    assert rule["name"] == "UnscopedObjectAccess"
    assert rule["properties"]["tags"][:2] == ["security", "external/cwe/cwe-639"]
    assert float(rule["properties"]["security-severity"]) >= 7.0
    assert "security-severity" not in described["BA204"]["properties"]
    for one in described.values():
        assert len(one["properties"]["tags"]) <= 20
        assert len(one["fullDescription"]["text"]) <= 1024
        assert len(one["shortDescription"]["text"]) <= 1024


def test_the_weaknesses_that_rules_name_are_there() -> None:
    run = log()["runs"][0]
    known = {taxon["id"] for taxon in run["taxonomies"][0]["taxa"]}
    named = {
        link["target"]["id"]
        for rule in run["tool"]["driver"]["rules"]
        for link in rule.get("relationships", ())
    }
    assert named == known
    assert "639" in named


def test_a_finding_keeps_its_identity_and_its_place_in_the_repository() -> None:
    (found,) = results(FINDING, prefix="back end/")
    place = found["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "back%20end/app/my%20items.py", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 3, "startColumn": 1, "endLine": 3, "endColumn": 6}
    assert found["partialFingerprints"]["primaryLocationLineHash"].startswith(FINDING.fingerprint)
    assert log(prefix="back end/")["runs"][0]["automationDetails"]["id"] == "backend-architect/back end/"


def test_the_index_leads_to_the_rule() -> None:
    run = log(FINDING)["runs"][0]
    assert run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]["id"] == "BA305"


def test_the_trail_leads_to_the_finding() -> None:
    (found,) = results(FINDING)
    steps = found["codeFlows"][0]["threadFlows"][0]["locations"]
    lines = [step["location"]["physicalLocation"]["region"]["startLine"] for step in steps]
    assert lines == [2, 3]
    assert steps[0]["location"]["message"]["text"] == "the query"
    (ending_there,) = results(changed(trail=(*FINDING.trail, TrailStep(FINDING.path, 3, "here"))))
    assert len(ending_there["codeFlows"][0]["threadFlows"][0]["locations"]) == 2


def test_no_link_of_the_reviewed_code_survives() -> None:
    (found,) = results(FINDING)
    assert "](" not in found["message"]["text"]


def replaced(content: bytes, replacements: list[dict[str, Any]]) -> bytes:
    """Do what the standard says of a replacement, from the end to the start."""
    text = content.decode()
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for one in sorted(replacements, key=lambda one: one["deletedRegion"]["startLine"], reverse=True):
        region = one["deletedRegion"]
        first = starts[region["startLine"] - 1] + region["startColumn"] - 1
        last = starts[region["endLine"] - 1] + region["endColumn"] - 1
        text = text[:first] + one["insertedContent"]["text"] + text[last:]
    return text.encode()


def test_a_tool_that_applies_the_fix_gets_what_the_fix_means() -> None:
    (found,) = results(FINDING)
    changes = {
        change["artifactLocation"]["uri"]: change["replacements"]
        for change in found["fixes"][0]["artifactChanges"]
    }
    wanted = apply_edits(SOURCES, FIX.edits)
    for path, uri in (("app/my items.py", "app/my%20items.py"), ("app/crud.py",) * 2, ("new.py",) * 2):
        assert replaced(SOURCES.get(path, b""), changes[uri]) == wanted[path]


def test_a_fix_that_is_not_proved_is_not_offered() -> None:
    (found,) = results(changed(fix=msgspec.structs.replace(FIX, proved=False)))
    assert "fixes" not in found


def test_suppressions_and_the_base_are_told() -> None:
    first, second, third = results(
        FINDING,
        changed(severity=Severity.HIGH, introduced=False, suppressed=Suppression("inline", "public")),
        changed(severity=Severity.LOW, suppressed=Suppression("command", "known", "ann")),
        compared=True,
    )
    assert (first["suppressions"], first["baselineState"]) == ([], "new")
    assert second["suppressions"] == [{"kind": "inSource", "status": "accepted", "justification": "public"}]
    assert second["baselineState"] == "unchanged"
    assert third["suppressions"][0]["kind"] == "external"
    assert third["suppressions"][0]["justification"] == "known (ann)"
    assert "baselineState" not in results(FINDING)[0]


def test_what_was_not_analysed_is_told() -> None:
    (invocation,) = log(**EVERYTHING)["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    told = [one["message"]["text"] for one in invocation["toolExecutionNotifications"]]
    assert told == ["Not analysed: too large", "BA101: boom", "why"]


def test_no_more_results_than_code_scanning_takes_and_the_worst_first() -> None:
    many = (*(changed(severity=Severity.LOW, fix=None, trail=()) for _ in range(25_000)), FINDING)
    run = log(*many)["runs"][0]
    assert len(run["results"]) == 25_000
    assert run["results"][0]["level"] == "error"
    assert "1 less severe" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
