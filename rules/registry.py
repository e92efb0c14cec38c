"""The rules there are: every module of the catalogue, found by its place, checked when it is loaded."""

from __future__ import annotations

import functools
import importlib
import itertools
import pkgutil
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from rules.documentation import Documentation, read_documentation
from rules.finding import Hit
from rules.rule import Rule, Section

CATALOG = tuple(f"rules.catalog.{section.value}" for section in Section)
_CODE = re.compile(r"BA[123]\d{2}")

Check = Callable[[Any], Iterable[Hit]]
"""`check(project)`: what one rule finds in a project."""


class CatalogError(Exception):
    """A rule's module is not a rule, or two rules share a code or a name: the program cannot start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredRule:
    """A rule with the name of its module, its documentation and its check."""

    rule: Rule
    name: str
    documentation: Documentation
    check: Check

    @property
    def code(self) -> str:
        return self.rule.code


@functools.cache
def catalog_rules() -> tuple[RegisteredRule, ...]:
    """Every rule, by code. Raises CatalogError."""
    return discover(CATALOG)


def discover(packages: Iterable[str]) -> tuple[RegisteredRule, ...]:
    """The rules in those packages, by code. Raises CatalogError."""
    found = sorted(_all(packages), key=lambda registered: registered.code)
    for earlier, later in itertools.pairwise(found):
        if earlier.code == later.code:
            raise CatalogError(f"{earlier.name} and {later.name} are both {later.code}")
    names = [registered.name for registered in found]
    if len(set(names)) < len(names):
        raise CatalogError(f"two rules have one name: {', '.join(sorted(names))}")
    return tuple(found)


def _all(packages: Iterable[str]) -> Iterator[RegisteredRule]:
    for name in packages:
        package = importlib.import_module(name)
        for module in pkgutil.iter_modules(package.__path__):
            if not module.name.startswith("_"):
                yield _registered(importlib.import_module(f"{name}.{module.name}"))


def _registered(module: ModuleType) -> RegisteredRule:
    rule, check = getattr(module, "RULE", None), getattr(module, "check", None)
    if not isinstance(rule, Rule) or not callable(check):
        raise CatalogError(f"{module.__name__} has no RULE or no check")
    if not _CODE.fullmatch(rule.code):
        raise CatalogError(f"{module.__name__}: {rule.code} is no code")
    section, name = module.__name__.split(".")[-2:]
    if section in set(Section) and rule.section.value != section:
        raise CatalogError(f"{module.__name__}: {rule.code} belongs to {rule.section.value}")
    try:
        documentation = read_documentation(module.__doc__ or "")
    except ValueError as error:
        raise CatalogError(f"{module.__name__}: {error}") from error
    return RegisteredRule(rule=rule, name=name.replace("_", "-"), documentation=documentation, check=check)
