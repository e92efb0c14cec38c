"""`check`: review a project, or what changed since a revision, and let the gate decide the exit code."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import rules
from bot.console.base_tree import read_base
from bot.console.configuration import Overrides, options_for, remarks
from bot.console.formats import CheckFormat
from bot.console.output_github import to_workflow_commands
from bot.console.output_json import to_json
from bot.console.output_text import to_text
from bot.console.style import progress, style_of
from bot.console.verdict_document import Shown, shown
from bot.console.working_tree import read_tree
from rules.verdict import Comparison, Conclusion


def run(root: Path, base: str | None, output: CheckFormat, overrides: Overrides) -> int:
    """Write the verdict to standard output; return 0 where the gate passes and 1 where it fails.

    With `base` the configuration is the base's, as in a pull request. Raises `CommandFailure`.
    """
    head_tree = read_tree(root, rules.interesting)
    base_tree = None if base is None else read_base(root, base, rules.interesting)
    options = options_for(head_tree if base_tree is None else base_tree, overrides)
    if base_tree is not None and overrides.configuration is None:
        sys.stderr.writelines(f"note: {remark}\n" for remark in remarks(base_tree, head_tree))
    with progress(f"reviewing {len(head_tree)} files"):
        comparison = _comparison(base_tree, head_tree, options)
    gate = rules.gate(comparison, options, _changed(base_tree or {}, head_tree))
    sys.stdout.write(_written(shown(comparison, gate, head_tree), output))
    return int(gate.conclusion is Conclusion.FAILURE)


def _comparison(
    base: Mapping[str, bytes] | None, head: Mapping[str, bytes], options: rules.Options
) -> Comparison:
    if base is None:
        return Comparison(head=rules.review(head, options))
    return rules.compare(rules.review(base, options), rules.review(head, options))


def _changed(base: Mapping[str, bytes], head: Mapping[str, bytes]) -> frozenset[str]:
    """Return the paths whose content differs; without a base, all of them."""
    return frozenset(path for path in base.keys() | head.keys() if base.get(path) != head.get(path))


def _written(verdict: Shown, output: CheckFormat) -> str:
    if output is CheckFormat.JSON:
        return to_json(verdict.document)
    if output is CheckFormat.GITHUB:
        return to_workflow_commands(verdict)
    return to_text(verdict, style_of(sys.stdout))
