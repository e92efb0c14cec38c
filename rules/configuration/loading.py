"""From a tree of files to `Options`: where a configuration stands and how it is read."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from rules.configuration.baseline import read_baseline
from rules.configuration.document import Document, mistake
from rules.configuration.options import Options
from rules.configuration.problem import ConfigurationError
from rules.configuration.toml_document import read_pyproject
from rules.configuration.validation import problems

YAML_PATH = ".github/backend-architect.yml"
PYPROJECT_PATH = "pyproject.toml"
CONFIGURATION_PATHS = frozenset({YAML_PATH, PYPROJECT_PATH, ".github/backend-architect.yaml"})

NO_RULES: Mapping[str, str] = {}
"""Passed where selectors need not name rules that exist."""


def load(tree: Mapping[str, bytes], known: Mapping[str, str] = NO_RULES) -> Options:
    """Return the configuration that the tree carries, the defaults where there is none.

    `known` maps rule codes to names; selectors must name one of them. Raises `ConfigurationError`.
    """
    given = _documents(tree)
    if len(given) > 1:
        raise mistake(
            YAML_PATH,
            1,
            f"{PYPROJECT_PATH} has [tool.backend-architect] too; keep the configuration in one of the two",
        )
    if not given:
        return Options()
    options = _validated(given[0], known)
    if options.baseline is not None:
        _check_baseline(options.baseline, tree, given[0])
    return options


def places(tree: Mapping[str, bytes]) -> dict[str, tuple[str, int]]:
    """Return path and line of each key that the tree's configuration gives; none where it is wrong."""
    try:
        given = _documents(tree)
    except ConfigurationError:
        return {}
    return {
        str(pointer[0]): (document.path, line)
        for document in given
        for pointer, line in document.lines.items()
        if len(pointer) == 1
    }


def read(path: str, content: bytes, known: Mapping[str, str] = NO_RULES) -> Options:
    """Return the configuration of one file, `.toml` or YAML by its name. Raises `ConfigurationError`."""
    document = _toml(path, content) if path.endswith(".toml") else _yaml(path, content)
    if document is None:
        raise mistake(path, 1, "there is no [tool.backend-architect] table; add one")
    return _validated(document, known)


def _check_baseline(path: str, tree: Mapping[str, bytes], document: Document) -> None:
    if path not in tree:
        message = f"there is no {path}; write one with `backend-architect init --baseline`"
        raise ConfigurationError((document.problem(("baseline",), message),))
    read_baseline(path, tree[path])


def _documents(tree: Mapping[str, bytes]) -> list[Document]:
    misnamed = ".github/backend-architect.yaml"
    if misnamed in tree:
        raise mistake(misnamed, 1, f"the file is not read under this name; rename it to {YAML_PATH}")
    yaml_content, toml_content = tree.get(YAML_PATH), tree.get(PYPROJECT_PATH)
    found = [
        None if yaml_content is None else _yaml(YAML_PATH, yaml_content),
        None if toml_content is None else _toml(PYPROJECT_PATH, toml_content),
    ]
    return [document for document in found if document is not None]


def _toml(path: str, content: bytes) -> Document | None:
    return read_pyproject(path, content)


def _yaml(path: str, content: bytes) -> Document:
    # Imported here because PyYAML would cost every start of the command 60 ms.
    from rules.configuration.yaml_document import read_yaml

    return read_yaml(path, content)


def _validated(document: Document, known: Mapping[str, str]) -> Options:
    found = tuple(sorted(set(problems(document, known)), key=lambda problem: problem.line))
    if found:
        raise ConfigurationError(found)
    try:
        return msgspec.convert(document.data, Options)
    except msgspec.ValidationError as error:
        raise mistake(document.path, 1, str(error)) from error
