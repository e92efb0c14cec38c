"""Which rules a configuration runs, and which files it judges."""

from __future__ import annotations

from collections.abc import Callable

import pathspec

from rules.configuration.options import Options
from rules.rule import Rule

UNJUDGED = (
    "test/",
    "tests/",
    "test_*.py",
    "*_test.py",
    "conftest.py",
    "example/",
    "examples/",
    "docs/",
    "docs_src/",
)
"""Read for facts, not judged, unless `exclude` says `!pattern`."""
SPECIFICATIONS = (".json", ".yaml", ".yml", ".md", ".sql", ".dbml")
"""How the names of files end that may be specifications."""


def selected(options: Options, rule: Rule, name: str) -> bool:
    """Whether `rule` runs: the longest selector that names it decides, and `ignore` wins a draw."""
    chosen = _reach(options.select, rule.code, name)
    if not options.select and rule.default:
        chosen = 0
    return chosen > _reach(options.ignore, rule.code, name)


def judged(options: Options) -> Callable[[str], bool]:
    """Return the test whether findings in a path count; a path has `/` and starts at the root.

    Specifications count wherever they lie, unless `exclude` names them.
    """
    included = pathspec.GitIgnoreSpec.from_lines(options.include or ("*.py",))
    excluded = pathspec.GitIgnoreSpec.from_lines((*UNJUDGED, *options.exclude))
    unwanted = pathspec.GitIgnoreSpec.from_lines(options.exclude)

    def counts(path: str) -> bool:
        if path.endswith(SPECIFICATIONS):
            return not unwanted.match_file(path)
        return included.match_file(path) and not excluded.match_file(path)

    return counts


def _reach(selectors: tuple[str, ...], code: str, name: str) -> int:
    """The length of the longest selector that names the rule, -1 where none does."""
    matching = [selector for selector in selectors if selector == name or code.startswith(selector)]
    return max((min(len(selector), len(code)) for selector in matching), default=-1)
