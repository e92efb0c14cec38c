"""Faults put into a sound and consistent application are found by the right rule at the right line."""

from __future__ import annotations

import ast
from collections import Counter

from rules import RegisteredRule, catalog_rules
from rules.configuration import Options
from rules.project.project import Project
from rules.source import SourceFile
from tests.rules.architecture_mutations import Mutation
from tests.rules.consistency_mutations import EDITS
from tests.rules.isolation_projects import APPS, ask, running

RULES = {"BA213", "BA214", "BA215", "BA216", "BA217", "BA218", "BA219"}
FOUND_AT_LEAST = 0.95


def sound_tree() -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted((APPS / "consistency_sound").glob("*.py"))}


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
    with running("consistency_sound") as module:
        made = ask(module.app, "POST", "/wares", json={"name": "pen"})
        assert made.status_code == 201
        ware = f"/wares/{made.json()['id']}"
        assert ask(module.app, "PATCH", ware, json={"left": 1}).json()["name"] == "pen"
        assert ask(module.app, "POST", f"/orders{ware}").status_code == 201
        assert ask(module.app, "POST", f"/orders{ware}").json() == {"detail": "out of stock"}
        assert ask(module.app, "POST", "/orders/0/credit-notes").status_code == 409
        assert ask(module.app, "GET", "/price-lists/1/top-sellers/11").json() == {"detail": "no such seller"}


def test_the_sound_application_is_silent() -> None:
    assert findings(sound_tree()) == set()


def test_mutations_are_found() -> None:
    made = [edit.of(sound_tree()) for edit in EDITS]
    assert all(ast.parse(text) for mutation in made for text in mutation.tree.values())
    missed = Counter((m.operator, m.line) for m in made if not is_found(m))
    assert {mutation.rule for mutation in made} == RULES
    assert len(made) >= 24
    assert missed.total() <= (1 - FOUND_AT_LEAST) * len(made), missed
