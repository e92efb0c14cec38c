"""What a file is for, by where it lies: application code, tests, or examples."""

from __future__ import annotations

import re
from collections.abc import Callable

import pathspec

from rules.configuration.options import Application, Options

_TEST = re.compile(r"(?:^|/)(?:tests?|testing|__tests__)/|(?:^|/)(?:test_[^/]*|[^/]*_tests?|conftest)\.py$")
_EXAMPLE = re.compile(
    r"(?:^|/)(?:examples?|samples?|demos?|docs?|docs_src|tutorials?|benchmarks?|cookiecutter[^/]*|\{\{[^/]*)/"
)


def is_test(path: str) -> bool:
    """Whether a file belongs to a test suite."""
    return _TEST.search(path) is not None


def is_example(path: str) -> bool:
    """Whether a file is documentation, an example or a template rather than the project's application."""
    return _EXAMPLE.search(path) is not None


def application_code(options: Options) -> Callable[[str], bool]:
    """The test whether a file belongs to an application of the project: to neither tests nor examples.

    Examples that the configuration names as import roots, and what it asks to be judged (`!pattern`), do.
    """
    asked = [pattern.removeprefix("!") for pattern in options.exclude if pattern.startswith("!")]
    judged = pathspec.GitIgnoreSpec.from_lines(asked)
    roots = tuple(f"{root}/" for root in import_roots(options) if root)

    def counts(path: str) -> bool:
        below = max((len(root) for root in roots if path.startswith(root)), default=0)
        inner = path[below:]
        return judged.match_file(path) or not (is_test(inner) or is_example(inner))

    return counts


def import_roots(options: Options) -> tuple[str, ...]:
    """The folders that are on the import path, by the configuration; the tree's root is the empty text."""
    return tuple(dict.fromkeys(folder(named) for named in options.applications))


def folder(named: Application) -> str:
    """The import root of a configured application."""
    return named.root.strip("/").removeprefix("./").removesuffix(".").strip("/")
