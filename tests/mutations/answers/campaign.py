"""Whether the right rule names a fault at the changed function, and did not before."""

from __future__ import annotations

import ast
import functools
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rules import catalog_rules
from rules.finding import Hit
from tests.mutations import applications
from tests.mutations.answers.operators import Mutation, mutations
from tests.mutations.answers.shapes import Function, functions
from tests.rules.isolation_projects import project

_APPS = Path(__file__).parents[2] / "apps"
PLAIN = ("consistency_sound", "sound_bookings")
PROTECTED = tuple(f"protected_{name}" for name in applications.names())


@dataclass(frozen=True, slots=True)
class Outcome:
    """A mutation of an application, and whether its rule found it."""

    application: str
    mutation: Mutation
    found: bool


def sound_tree(application: str) -> dict[str, str]:
    """An application as the syntax tree writes it, so that mutants differ in the fault alone."""
    if application.startswith("protected_"):
        texts = applications.application(application.removeprefix("protected_")).files
    else:
        texts = {path.name: path.read_text() for path in sorted((_APPS / application).glob("*.py"))}
    return {path: ast.unparse(ast.parse(text)) for path, text in texts.items()}


def outcomes(application: str) -> Iterator[Outcome]:
    tree = sound_tree(application)
    before: dict[str, Counter[tuple[str, str]]] = {}
    for mutation in mutations(tree):
        if mutation.rule not in before:
            before[mutation.rule] = _speaking(tree, mutation.rule)
        where = mutation.path, mutation.function
        now = _speaking(mutation.tree, mutation.rule)
        yield Outcome(application, mutation, now[where] > before[mutation.rule][where])


def _speaking(tree: Mapping[str, str], rule: str) -> Counter[tuple[str, str]]:
    """How many findings of a rule stand in each function, or lead through it."""
    reviewed = project(tree)
    check = next(registered.check for registered in catalog_rules() if registered.code == rule)
    found: Counter[tuple[str, str]] = Counter()
    for hit in check(reviewed):
        found.update(set(_places(tree, hit)))
    return found


def _places(tree: Mapping[str, str], hit: Hit) -> Iterator[tuple[str, str]]:
    places = {(hit.place.path, hit.place.line), *((step.path, step.line) for step in hit.trail)}
    for path, line in places:
        for function in functions(_parsed(tree[path])):
            if _first(function) <= line <= (function.end_lineno or line):
                yield path, function.name


@functools.lru_cache(maxsize=64)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def _first(function: Function) -> int:
    return min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
