"""A sound application beside its specification: silent as it is, and each change of it found."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from rules.configuration import Options
from rules.project.conformance.api_conformance import Mismatch, api_conformance
from rules.project.project import Project
from rules.source import SourceFile
from tests.rules.openapi_truth import differences, openapi_truths, without_descriptions
from tests.rules.specification_mutations import Document, mutants
from tests.rules.test_openapi import extracted
from tests.rules.test_routes import project_of

APP = Path(__file__).parent.parent / "apps" / "specified_shop"
SPECIFICATION = "openapi.yaml"


@pytest.fixture(scope="module")
def sound() -> Project:
    files = {p.name: SourceFile(p.name, p.read_bytes()) for p in APP.iterdir() if p.is_file()}
    return Project(files, Options())


@pytest.fixture(scope="module")
def document(sound: Project) -> Document:
    found: Document = yaml.safe_load(sound.files[SPECIFICATION].text)
    return found


def held_to(sound: Project, document: Document) -> tuple[Mismatch, ...]:
    """The mismatches of the application with another specification; what is known of its code is kept."""
    data = msgspec.json.encode(document)
    source = SourceFile("openapi.json", data)
    files = {path: kept for path, kept in sound.files.items() if path != SPECIFICATION}
    held = copy.copy(sound)
    held.files = {**files, source.path: source}
    return api_conformance(held).mismatches


def test_the_sample_is_a_sound_application() -> None:
    (truth,) = openapi_truths([(str(APP), "main:app", "")])
    found = extracted(project_of(APP), "main:app")
    assert differences(without_descriptions(found), without_descriptions(truth)) == []


def test_the_sound_pair_is_silent(sound: Project, document: Document) -> None:
    assert api_conformance(sound).mismatches == ()
    assert api_conformance(sound).questions == ()
    assert held_to(sound, document) == ()


@pytest.mark.thorough
def test_nearly_every_mutant_is_found(sound: Project, document: Document) -> None:
    made: Counter[str] = Counter()
    missed: list[str] = []
    for operator, (about, mutant) in mutants(document):
        made[operator] += 1
        told = [f"{m.title} {m.difference.text}" for m in held_to(sound, mutant)]
        if not any(about.rpartition(" ")[2] in text for text in told):
            missed.append(f"{operator} {about}")
    total = sum(made.values())
    assert total > 90
    assert len(missed) <= total * 0.05, missed


def spots(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    pairs = list(value.items()) if isinstance(value, dict) else []
    for key, inner in pairs or list(enumerate(value if isinstance(value, list) else [])):
        yield (*path, key)
        yield from spots(inner, (*path, key))


@pytest.mark.parametrize("junk", [None, 1, "", [], {}, [[{}]], {"$ref": 5}, {"$ref": "#/paths"}])
def test_a_malformed_place_costs_no_review(sound: Project, document: Document, junk: object) -> None:
    for path in list(spots(document))[::9]:
        changed: Any = copy.deepcopy(document)
        inner = changed
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = junk
        assert isinstance(held_to(sound, changed), tuple)


@pytest.mark.thorough
def test_unions_of_unions_end(sound: Project, document: Document) -> None:
    members: Any = [
        {"anyOf": [{"type": "object", "properties": {f"p{n}{m}": {}}} for m in range(9)]} for n in range(9)
    ]
    changed: Any = copy.deepcopy(document)
    for _ in range(4):
        members.insert(0, {"anyOf": list(members)})
    changed["components"]["schemas"]["Order"] = {"oneOf": members}
    assert held_to(sound, changed)
