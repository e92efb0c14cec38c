"""`docs/rules.md`, from the rules' own documentation."""

from __future__ import annotations

import re

import rules
from rules.rule import Section
from tools.documentation.page import Page, cell, written

TITLES = {
    Section.ARCHITECTURE: "Backend Architecture Validation",
    Section.API: "API Correctness Confirmation",
    Section.SECURITY: "Security & Data Isolation Report",
}


def rules_page() -> Page:
    """Return the page: a table of each section, then each rule's documentation."""
    parts = ["`backend-architect explain CODE` shows one of these; `# finding` marks the line reported."]
    for section, title in TITLES.items():
        found = [registered for registered in rules.catalog_rules() if registered.rule.section is section]
        if not found:
            continue
        rows = [
            f"| [{r.rule.code}](#{r.rule.code.lower()}-{r.name}) | {r.name} | {r.rule.severity} "
            f"| {cell(r.documentation.title)} |"
            for r in found
        ]
        table = "\n".join(["| code | name | severity | what |", "|---|---|---|---|", *rows])
        parts.extend([f"## {title}", table])
        parts.extend(f"### {r.rule.code} {r.name}\n\n{_nested(r.documentation.text)}" for r in found)
    return Page("rules.md", written("The rules", "the docstrings in `rules/catalog/`", *parts))


def _nested(documentation: str) -> str:
    """Return the documentation with its headings below the rule's own; code blocks stay as they are."""
    pieces = re.split(r"(^```.*?^```)", documentation, flags=re.DOTALL | re.MULTILINE)
    return "".join(
        piece if piece.startswith("```") else re.sub(r"^## ", "#### ", piece, flags=re.MULTILINE)
        for piece in pieces
    )
