"""Every eighth case of tests/cases that can be imported, against the document that it gives of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules import catalog_rules
from rules.configuration import Options
from rules.project.openapi.document import document
from rules.project.project import Project
from rules.recursion import on_large_stack
from rules.source import SourceFile
from tests.rules.marked import cases
from tests.rules.openapi_truth import Document, openapi_truths
from tests.rules.test_cases import FOLDER
from tests.rules.test_openapi import compared


def trees() -> list[dict[str, bytes]]:
    return [
        dict(project.tree)
        for registered in catalog_rules()
        if (file := FOLDER / f"{registered.name}.md").is_file()
        for project in cases(file.read_text(encoding="utf-8"), registered.code)
    ][::8]


def documents(tree: dict[str, bytes]) -> dict[str, Document]:
    project = Project({path: SourceFile(path, data) for path, data in sorted(tree.items())}, Options())
    outermost = [a for a in project.applications if not a.is_mounted and ":" in a.label]
    return {application.label: document(project, application) for application in outermost}


def written(tree: dict[str, bytes], folder: Path) -> str:
    for path, data in tree.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return str(folder)


@pytest.mark.thorough
def test_the_documents_of_cases_are_what_they_say_themselves(tmp_path: Path) -> None:
    chosen = trees()
    made = on_large_stack(lambda: [documents(tree) for tree in chosen])
    found = [(number, label, said) for number, of in enumerate(made) for label, said in of.items()]
    folders = [written(tree, tmp_path / str(number)) for number, tree in enumerate(chosen)]
    truths = openapi_truths([(folders[number], label, "") for number, label, _ in found])
    different = {
        f"{folders[number]} {label}": compared(said, truth)
        for (number, label, said), truth in zip(found, truths, strict=True)
        if truth
    }
    assert {place: lines for place, lines in different.items() if lines} == {}
    assert len(different) > len(found) // 2
