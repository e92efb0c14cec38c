"""Every rule of the catalogue keeps the form that the documentation, the gate and people rely on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rules import RegisteredRule, catalog_rules
from rules.rule import Section
from tests.rules.marked import cases, examples

CASES = Path(__file__).parent.parent / "cases"
RULES = [pytest.param(registered, id=registered.name) for registered in catalog_rules()]


def test_codes_and_names_are_unique_and_in_their_section() -> None:
    rules = catalog_rules()
    assert (
        len({registered.code for registered in rules})
        == len({registered.name for registered in rules})
        == len(rules)
    )
    for registered in rules:
        module = registered.check.__module__
        assert module == f"rules.catalog.{registered.rule.section.value}.{registered.name.replace('-', '_')}"
        assert re.fullmatch(rf"BA{list(Section).index(registered.rule.section) + 1}\d\d", registered.code)


@pytest.mark.parametrize("registered", RULES)
def test_the_name_says_what_is_bad(registered: RegisteredRule) -> None:
    """It must read after "allow": no prohibition, no instruction."""
    first = registered.name.split("-")[0]
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", registered.name)
    instructions = {"no", "disallow", "forbid", "avoid", "check", "ensure", "require", "use", "prefer"}
    assert first not in instructions or registered.name.startswith("no-content-")


@pytest.mark.parametrize("registered", RULES)
def test_the_documentation_is_complete(registered: RegisteredRule) -> None:
    sections = registered.documentation.sections
    assert registered.documentation.title.endswith(".")
    assert re.search(r"https://\S+", sections["References"])
    assert any(project.marks for project in examples(sections["Bad"], registered.code))
    assert not any(project.marks for project in examples(sections["Good"], registered.code))
    assert examples(sections["Good"], registered.code)


@pytest.mark.parametrize("registered", RULES)
def test_security_rules_name_their_weakness(registered: RegisteredRule) -> None:
    is_security = registered.rule.section is Section.SECURITY
    assert bool(registered.rule.cwe) >= is_security
    assert all(re.fullmatch(r"API(?:[1-9]|10)", name) for name in registered.rule.owasp)


@pytest.mark.parametrize("registered", RULES)
def test_there_are_cases_and_most_of_them_are_sound_code(registered: RegisteredRule) -> None:
    file = CASES / f"{registered.name}.md"
    assert file.is_file(), f"write tests/cases/{registered.name}.md"
    found = cases(file.read_text(encoding="utf-8"), registered.code)
    positives = sum(any(mark.code == registered.code for mark in project.marks) for project in found)
    assert 0 < positives < len(found) - positives


def test_every_cases_file_belongs_to_a_rule() -> None:
    names = {registered.name for registered in catalog_rules()}
    assert {file.stem for file in CASES.glob("*.md")} <= names
