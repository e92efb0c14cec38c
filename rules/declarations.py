"""What rules declare, read off their modules: to load all that the rules stand on takes half a second."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rules.documentation import Documentation, read_documentation
from rules.rule import Rule, Severity

_CATALOG = Path(__file__).parent / "catalog"
_DECLARED = re.compile(r'^RULE = (Rule\(\s*code="(\w+)".*?\))$', re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Declaration:
    """A rule without its check: its code, its name and the text of its module, which says the rest."""

    code: str
    name: str
    text: str

    @property
    def rule(self) -> Rule:
        """Its metadata: the constants in `RULE = Rule(...)`."""
        found = _DECLARED.search(self.text)
        made = ast.parse(found[1], mode="eval").body if found else None
        assert isinstance(made, ast.Call)
        given = {str(keyword.arg): keyword.value for keyword in made.keywords}
        severity = given.pop("severity")
        assert isinstance(severity, ast.Attribute)
        return Rule(
            severity=Severity[severity.attr], **{name: ast.literal_eval(given[name]) for name in given}
        )

    @property
    def documentation(self) -> Documentation:
        """The module's docstring."""
        return read_documentation(ast.literal_eval(self.text[: self.text.index('"""', 3) + 3]))


@functools.cache
def declared_rules() -> tuple[Declaration, ...]:
    """Every rule of the catalogue, by code: those that `catalog_rules` loads."""
    return tuple(sorted(_declared(), key=lambda declared: declared.code))


def known_rules() -> dict[str, str]:
    """The name of every rule by code: what selectors may name."""
    return {declared.code: declared.name for declared in declared_rules()}


def _declared() -> Iterator[Declaration]:
    for path in _CATALOG.glob("*/[!_]*.py"):
        text = path.read_text(encoding="utf-8")
        if found := _DECLARED.search(text):
            yield Declaration(found[2], path.stem.replace("_", "-"), text)
