"""Faults put into a sound layered application are found by the right rule at the right line."""

from __future__ import annotations

import ast
from collections import Counter

from rules import RegisteredRule, catalog_rules
from rules.configuration import Options
from rules.project.project import Project
from rules.source import SourceFile
from tests.rules.architecture_mutations import Mutation, mutations
from tests.rules.isolation_projects import APPS, ask, running

RULES = {"BA101", "BA102", "BA103", "BA104", "BA105", "BA106", "BA107", "BA110", "BA111", "BA112"}
FOUND_AT_LEAST = 0.95


def sound_tree() -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted((APPS / "architecture_sound").glob("*.py"))}


def registered_rules() -> list[RegisteredRule]:
    return [registered for registered in catalog_rules() if registered.code in RULES]


def findings(tree: dict[str, str]) -> set[tuple[str, str, int]]:
    project = Project({path: SourceFile(path, text.encode()) for path, text in tree.items()}, Options())
    return {
        (registered.code, hit.place.path, hit.place.line)
        for registered in registered_rules()
        for hit in registered.check(project)
    }


def is_found(mutation: Mutation) -> bool:
    return (mutation.rule, mutation.path, mutation.line) in findings(mutation.tree)


def test_the_sound_application_runs() -> None:
    with running("architecture_sound") as module:
        author = ask(module.app, "POST", "/authors/", json={"name": "Austen"})
        assert author.status_code == 201
        book = ask(module.app, "POST", "/books/", json={"title": "Emma", "author_id": author.json()["id"]})
        assert book.status_code == 201
        assert ask(module.app, "GET", "/books/").json() == ["Emma by Austen"]
        assert ask(module.app, "POST", "/authors/", json={"name": "Austen"}).status_code == 409
        assert ask(module.app, "POST", "/books/catalog").json() == "pressed"


def test_the_sound_application_is_silent() -> None:
    assert findings(sound_tree()) == set()


def test_mutations_are_found() -> None:
    made = list(mutations(sound_tree()))
    assert all(ast.parse(text) for mutation in made for text in mutation.tree.values())
    missed = Counter((m.operator, m.line) for m in made if not is_found(m))
    assert len(made) >= 28
    assert missed.total() <= (1 - FOUND_AT_LEAST) * len(made), missed
