"""`check`: review a project, or what changed since a revision, and let the gate decide the exit code."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import rules
from bot.console.base_tree import read_base
from bot.console.configuration import Overrides, options_for, remarks
from bot.console.fixing import Fixes, apply_fixes, told, with_proved_fixes
from bot.console.formats import CheckFormat
from bot.console.output_github import to_workflow_commands
from bot.console.output_json import to_json
from bot.console.output_text import to_text
from bot.console.progress import progress
from bot.console.style import style_of, visible
from bot.console.verdict_document import Shown, shown
from bot.console.working_tree import prefix_of, read_tree
from rules.verdict import Conclusion, Review

_OFFERING = frozenset({CheckFormat.SARIF, CheckFormat.MARKDOWN})
"""Formats that others take fixes from, which must be proved then."""


def run(
    root: Path, base: str | None, output: CheckFormat, overrides: Overrides, fixes: Fixes | None = None
) -> int:
    """Write the verdict to standard output; return 0 where the gate passes and 1 where it fails.

    With `base` the configuration is the base's, as in a pull request. With `fixes` the files are mended
    first and the verdict is of what is left. Raises `CommandFailure`.
    """
    head_tree: Mapping[str, bytes] = read_tree(root, rules.interesting)
    base_tree = None if base is None else read_base(root, base, rules.interesting)
    options = options_for(head_tree if base_tree is None else base_tree, overrides)
    if base_tree is not None and overrides.configuration is None:
        sys.stderr.writelines(f"note: {remark}\n" for remark in remarks(base_tree, head_tree))
    base_review = None if base_tree is None else _reviewed(base_tree, options, f"the base ({base})")
    head = _reviewed(head_tree, options, "the project")
    comparison = rules.compare(base_review, head)
    if fixes is not None:
        fixed = apply_fixes(root, head_tree, comparison, head, options, fixes)
        sys.stderr.writelines(f"{visible(line)}\n" for line in told(fixed))
        head_tree, head = fixed.tree, fixed.review
        comparison = rules.compare(base_review, head)
    if output in _OFFERING:
        comparison = with_proved_fixes(head_tree, comparison, head, options)
    gate = rules.gate(comparison, options, _changed(base_tree or {}, head_tree))
    sys.stdout.write(_written(shown(comparison, gate, head_tree, prefix_of(root)), output))
    return int(gate.conclusion is Conclusion.FAILURE)


def _reviewed(tree: Mapping[str, bytes], options: rules.Options, which: str) -> Review:
    with progress(f"reviewing {which}: {len(tree)} files"):
        return rules.review(tree, options)


def _changed(base: Mapping[str, bytes], head: Mapping[str, bytes]) -> frozenset[str]:
    """Return the paths whose content differs; without a base, all of them."""
    return frozenset(path for path in base.keys() | head.keys() if base.get(path) != head.get(path))


def _written(verdict: Shown, output: CheckFormat) -> str:
    match output:
        case CheckFormat.JSON:
            return to_json(verdict.document)
        case CheckFormat.GITHUB:
            return to_workflow_commands(verdict)
        case CheckFormat.SARIF:
            from bot.console.output_sarif import to_sarif

            return to_sarif(verdict)
        case CheckFormat.MARKDOWN:
            from bot.console.output_markdown import to_markdown

            return to_markdown(verdict)
        case CheckFormat.TEXT:
            return to_text(verdict, style_of(sys.stdout))
