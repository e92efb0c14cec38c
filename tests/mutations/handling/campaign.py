"""Whether the right rule names a fault at the right function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rules import RegisteredRule, catalog_rules
from rules.finding import Hit
from tests.mutations.handling.operators import RULES, Mutation, mutations
from tests.rules.isolation_projects import project

APPS = Path(__file__).parents[2] / "apps"
SOUND = ("sound_bookings", "sound_documents")
_STEPS = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """A mutation, and what the rule that must speak said: `found` where it did at a function concerned."""

    application: str
    mutation: Mutation
    found: bool
    places: tuple[tuple[str, int], ...]


def sound_tree(application: str) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted((APPS / application).glob("*.py"))}


def hits(tree: Mapping[str, str], codes: frozenset[str] = RULES) -> list[tuple[str, Hit]]:
    reviewed = project(tree)
    return [(rule.code, hit) for rule in _chosen(codes) for hit in rule.check(reviewed)]


def outcomes(application: str) -> Iterator[Outcome]:
    for mutation in mutations(sound_tree(application)):
        said = [hit for _, hit in hits(mutation.tree, frozenset({mutation.rule}))]
        concerned = _concerned(mutation)
        found = any(_leads_to(hit, mutation.tree, concerned) for hit in said)
        yield Outcome(application, mutation, found, tuple((h.place.path, h.place.line) for h in said))


def _leads_to(hit: Hit, tree: Mapping[str, str], concerned: Mapping[str, set[str]]) -> bool:
    """Whether a finding stands in one of the definitions, or its trail passes through one."""
    places = [(hit.place.path, hit.place.line), *((step.path, step.line) for step in hit.trail)]
    return any(_definition(tree[path], line) in concerned.get(path, ()) for path, line in places)


def _chosen(codes: frozenset[str]) -> list[RegisteredRule]:
    return [registered for registered in catalog_rules() if registered.code in codes]


def _concerned(mutation: Mutation) -> dict[str, set[str]]:
    """The definition that was changed, and those that use it, a few steps up; the module level is ``."""
    start = _definition(mutation.tree[mutation.path], mutation.line)
    found = {mutation.path: {start, ""}}
    names = {start, *_bound_at(mutation.tree[mutation.path], mutation.line)} - {""}
    for _ in range(_STEPS):
        for path, text in mutation.tree.items():
            for name, body in _definitions(text):
                if any(re.search(rf"\b{re.escape(known)}\b", body) for known in names):
                    found.setdefault(path, set()).add(name)
                    names |= set(_bound_by(body)) if not name else set()
        names |= {name for inner in found.values() for name in inner if name}
    return found


def _definitions(text: str) -> Iterator[tuple[str, str]]:
    """The definitions of a module, and its other statements without a name."""
    for node in ast.parse(text).body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            yield _name(node), "\n".join(text.split("\n")[_first(node) - 1 : node.end_lineno])


def _definition(text: str, line: int) -> str:
    around = (n for n in ast.parse(text).body if _first(n) <= line <= (n.end_lineno or line))
    return next((_name(node) for node in around), "")


def _name(node: ast.stmt) -> str:
    return node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else ""


def _first(node: ast.stmt) -> int:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return min([node.lineno, *(d.lineno for d in node.decorator_list)])
    return node.lineno


def _bound_at(text: str, line: int) -> Iterator[str]:
    for node in ast.parse(text).body:
        if node.lineno <= line <= (node.end_lineno or line):
            yield from _bound_by(ast.unparse(node))


def _bound_by(statement: str) -> Iterator[str]:
    for node in ast.parse(statement).body:
        if isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
