"""`init`: a commented configuration from what was found in the project, and a baseline if asked for."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

import rules
from bot.console.configuration_draft import draft
from bot.console.failure import CommandFailure
from bot.console.progress import progress
from bot.console.style import visible
from bot.console.working_tree import prefix_of, read_tree
from bot.console.writing import write_files
from rules.configuration.loading import PYPROJECT_PATH, YAML_PATH, read

_MARK = b"[tool.backend-architect"


def run(root: Path, *, baseline: bool, force: bool) -> int:
    """Write what is asked for, all of it or nothing. Returns 0.

    Raises `CommandFailure` where a file is there already, unless `force` is given.
    """
    tree = read_tree(root, rules.interesting)
    present = _present(tree)
    options = rules.Options() if present is None else _options(present, tree[present])
    if present == PYPROJECT_PATH and not baseline:
        raise CommandFailure(f"{PYPROJECT_PATH} has [tool.backend-architect]: the project is configured")
    files: dict[str, bytes] = {}
    accepted = options.baseline or rules.BASELINE_PATH
    if baseline:
        files[accepted] = _baseline(tree, options, accepted)
    if present is None or (present == YAML_PATH and (force or not baseline)):
        files[YAML_PATH] = _draft(tree, accepted if baseline else options.baseline)
    there = [path for path in files if (root / path).exists()]
    if there and not force:
        raise CommandFailure(f"{', '.join(there)} is there already; --force overwrites it")
    write_files(root, {path: (root / path).read_bytes() for path in there}, files)
    sys.stdout.writelines(f"{visible(line)}\n" for line in _told(root, files, options, present, accepted))
    return 0


def _present(tree: Mapping[str, bytes]) -> str | None:
    """The file that configures the project."""
    if YAML_PATH in tree:
        return YAML_PATH
    return PYPROJECT_PATH if _MARK in tree.get(PYPROJECT_PATH, b"") else None


def _options(path: str, content: bytes) -> rules.Options:
    """The options of that file; a baseline that it names may be missing still."""
    try:
        return read(path, content)
    except rules.ConfigurationError as error:
        raise CommandFailure(f"{error.problems[0]}; mend it first, or remove it") from error


def _draft(tree: Mapping[str, bytes], baseline: str | None) -> bytes:
    try:
        with progress("looking at the project"):
            return draft(rules.discover(tree, rules.Options()), baseline)
    except rules.Unanswered as error:
        raise CommandFailure(f"the project could not be read: {error}") from error


def _baseline(tree: Mapping[str, bytes], options: rules.Options, path: str) -> bytes:
    with progress("reviewing the project"):
        return rules.baseline_of(rules.review(tree, msgspec.structs.replace(options, baseline=path)))


def _told(
    root: Path, files: Mapping[str, bytes], options: rules.Options, present: str | None, accepted: str
) -> list[str]:
    lines = [f"wrote {path}" for path in files]
    if accepted in files and YAML_PATH not in files and options.baseline is None:
        lines.append(f"add `baseline: {accepted}` to {present}: without it, nothing is accepted")
    if prefix := prefix_of(root):
        lines.append(f"the App reads the configuration of the repository's root alone, not of {prefix}")
    return [*lines, "review it and commit it; `backend-architect check` goes by it now"]
