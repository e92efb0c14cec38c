from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rules.declarations import declared_rules, known_rules
from rules.documentation import SECTIONS, read_documentation
from rules.registry import CatalogError, catalog_rules, discover
from tests.rules.sources import DOCUMENTATION, write_package

RULE = f'''"""{DOCUMENTATION}"""
from rules.rule import Rule, Severity
RULE = Rule(code="BA191", severity=Severity.LOW)
def check(project):
    return []
'''


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    before = set(sys.modules)
    sys.path.insert(0, str(tmp_path))
    yield tmp_path
    sys.path.remove(str(tmp_path))
    for name in set(sys.modules) - before:
        if name.startswith("catalog_"):
            del sys.modules[name]


def test_rules_are_found_by_their_place_and_named_by_their_module(folder: Path) -> None:
    package = {
        "__init__.py": "",
        "later_rule.py": RULE.replace("BA191", "BA192"),
        "a_rule.py": RULE,
        "_part.py": "1/0",
    }
    write_package(folder / "catalog_found", package)
    found = discover(["catalog_found"])
    assert [(registered.code, registered.name) for registered in found] == [
        ("BA191", "a-rule"),
        ("BA192", "later-rule"),
    ]
    assert found[0].documentation.title == "Title."
    assert list(found[0].documentation.sections) == list(SECTIONS)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("no_rule", '"""x"""\ndef check(project): ...\n', "has no RULE or no check"),
        ("no_check", RULE.replace("def check", "def other"), "has no RULE or no check"),
        ("bad_code", RULE.replace("BA191", "BA9"), "BA9 is no code"),
        ("no_docs", RULE.replace("## Why", "## Reason"), "its sections are What, Reason"),
        ("empty_docs", RULE.replace("## Why\ntext\n", "## Why\n"), "says nothing under Why"),
    ],
)
def test_a_module_that_is_no_rule_fails_at_the_start(folder: Path, name: str, text: str, said: str) -> None:
    write_package(folder / f"catalog_{name}", {"__init__.py": "", "a_rule.py": text})
    with pytest.raises(CatalogError, match=said):
        discover([f"catalog_{name}"])


def test_two_rules_never_share_a_code_or_a_name(folder: Path) -> None:
    write_package(folder / "catalog_codes", {"__init__.py": "", "a.py": RULE, "b.py": RULE})
    with pytest.raises(CatalogError, match="a and b are both BA191"):
        discover(["catalog_codes"])
    one = {"one/__init__.py": "", "one/a.py": RULE, "__init__.py": ""}
    two = {"two/__init__.py": "", "two/a.py": RULE.replace("BA191", "BA192")}
    write_package(folder / "catalog_names", {**one, **two})
    with pytest.raises(CatalogError, match="two rules have one name"):
        discover(["catalog_names.one", "catalog_names.two"])


def test_a_rule_in_the_wrong_section_fails(folder: Path) -> None:
    write_package(folder / "catalog_section", {"__init__.py": "", "api/__init__.py": "", "api/a.py": RULE})
    with pytest.raises(CatalogError, match="BA191 belongs to architecture"):
        discover(["catalog_section.api"])


def test_documentation_has_its_sections_in_order() -> None:
    with pytest.raises(ValueError, match="its sections are Why, What"):
        read_documentation("Title.\n\n## Why\na\n\n## What\nb\n")
    with pytest.raises(ValueError, match="its sections are missing"):
        read_documentation("")


def test_what_is_read_off_the_modules_is_what_they_declare() -> None:
    declared = [(found.rule, found.name, found.documentation) for found in declared_rules()]
    assert [found.code for found in declared_rules()] == [rule.code for rule, *_ in declared]
    assert declared == [(found.rule, found.name, found.documentation) for found in catalog_rules()]
    assert known_rules()["BA305"] == next(found.name for found in catalog_rules() if found.code == "BA305")
