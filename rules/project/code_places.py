"""What a file is for, by where it lies: application code, tests, or examples."""

from __future__ import annotations

import re

_TEST = re.compile(r"(?:^|/)(?:tests?|testing|__tests__)/|(?:^|/)(?:test_[^/]*|[^/]*_tests?|conftest)\.py$")
_EXAMPLE = re.compile(
    r"(?:^|/)(?:examples?|samples?|demos?|docs?|docs_src|tutorials?|benchmarks?|cookiecutter[^/]*)/"
)


def is_test(path: str) -> bool:
    """Whether a file belongs to a test suite."""
    return _TEST.search(path) is not None


def is_example(path: str) -> bool:
    """Whether a file is documentation or an example rather than the project's application."""
    return _EXAMPLE.search(path) is not None
