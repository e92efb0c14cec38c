"""The rules as SARIF describes them, with what code scanning sorts and filters by.

Source: https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.registration import RULES_PAGE
from bot.sarif.log import Component, Configuration, Descriptor, Message, Reference, Relationship
from rules import Declaration
from rules.rule import Section, Severity

CWE = "CWE"
MOST_CHARACTERS = 1024
"""What code scanning takes of a description."""

_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
# GitHub: over 9.0 is critical, from 7.0 high, from 4.0 medium, below that low.
_SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFO: "0.1",
}
_PROBLEMS = {"error": "error", "warning": "warning", "note": "recommendation"}


def level_of(severity: Severity) -> str:
    """SARIF's level."""
    return _LEVELS[severity]


def descriptor(declared: Declaration) -> Descriptor:
    """One rule: its documentation, weight and weaknesses."""
    rule, told = declared.rule, declared.documentation
    level = level_of(rule.severity)
    return Descriptor(
        id=rule.code,
        name="".join(word.capitalize() for word in declared.name.split("-")),
        short_description=Message(text=told.title),
        full_description=Message(text=" ".join(told.sections["What"].split())[:MOST_CHARACTERS]),
        help=Message(text=told.text, markdown=told.text),
        help_uri=f"{RULES_PAGE}#{rule.code.lower()}-{declared.name}",
        default_configuration=Configuration(level=level, enabled=rule.default),
        relationships=tuple(
            Relationship(
                target=Reference(id=str(number), tool_component=Reference(name=CWE)), kinds=("relevant",)
            )
            for number in rule.cwe
        ),
        properties={
            "tags": _tags(declared),
            "precision": "high",
            "problem.severity": _PROBLEMS[level],
            **({"security-severity": _SCORES[rule.severity]} if _is_security(declared) else {}),
        },
    )


def weaknesses(declared: Iterable[Declaration]) -> Component:
    """The Common Weakness Enumeration, as far as these rules name it."""
    numbers = sorted({number for one in declared for number in one.rule.cwe})
    return Component(
        name=CWE,
        organization="MITRE",
        information_uri="https://cwe.mitre.org/",
        short_description=Message(text="The MITRE Common Weakness Enumeration"),
        taxa=tuple(Descriptor(id=str(number)) for number in numbers),
    )


def _is_security(declared: Declaration) -> bool:
    return declared.rule.section is Section.SECURITY


def _tags(declared: Declaration) -> list[str]:
    rule = declared.rule
    return [
        rule.section.value,
        *(f"external/cwe/cwe-{number:03}" for number in rule.cwe),
        *(f"external/owasp/{name.lower()}-2023" for name in rule.owasp),
    ]
