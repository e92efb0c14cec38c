"""`explain`: a rule's documentation, or the list of all rules."""

from __future__ import annotations

import difflib
import sys

import rules
from bot.console.failure import CommandFailure
from bot.console.style import style_of
from bot.console.table import aligned

HEADER = ("CODE", "NAME", "SECTION", "SEVERITY", "DEFAULT", "WHAT")


def run(wanted: str) -> int:
    """Write the documentation of the rule with this code or name. Raises `CommandFailure`."""
    registered = {rule.rule.code: rule for rule in rules.declared_rules()}
    by_word = {**registered, **{rule.name: rule for rule in registered.values()}}
    found = by_word.get(wanted.upper()) or by_word.get(wanted.lower())
    if found is None:
        near = difflib.get_close_matches(wanted, by_word, n=1)
        guess = f" (did you mean `{near[0]}`?)" if near else ""
        raise CommandFailure(f"`{wanted}` is no rule{guess}; `backend-architect explain --list` shows all")
    rule = found.rule
    weaknesses = [*(f"CWE-{number}" for number in rule.cwe), *(f"OWASP {name}:2023" for name in rule.owasp)]
    facts = [rule.section, rule.severity, *weaknesses, *([] if rule.default else ["off by default"])]
    title = style_of(sys.stdout).paint("strong", f"{rule.code} {found.name}")
    sys.stdout.write(f"{title}  {', '.join(facts)}\n\n{found.documentation.text}\n")
    return 0


def run_list() -> int:
    """Write all rules, one a line."""
    rows = [
        (
            found.rule.code,
            found.name,
            found.rule.section,
            found.rule.severity,
            "on" if found.rule.default else "off",
            found.documentation.title,
        )
        for found in rules.declared_rules()
    ]
    sys.stdout.write(aligned(HEADER, rows, style_of(sys.stdout)))
    return 0
