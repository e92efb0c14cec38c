"""Fixes: edits applied to a tree, and the proof that they cure their finding and bring no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from rules.finding import Edit, Finding, Fix
from rules.parsing.decoding import decode
from rules.parsing.depth import check_depth
from rules.parsing.problem import NotAnalysed
from rules.tree import Tree
from rules.verdict import Review


class FixRefused(Exception):
    """The fix cannot be offered; the message says why."""


def prove(fix: Fix, tree: Tree, finding: Finding, review: Callable[[Tree], Review]) -> dict[str, bytes]:
    """The tree with `fix` applied. Raises FixRefused unless that cures `finding` and brings no other."""
    fixed = apply_edits(tree, fix.edits)
    for path in {edit.path for edit in fix.edits if edit.path.endswith(".py")}:
        _check_parses(path, fixed[path])
    before, after = _counted(review(tree)), _counted(review(fixed))
    came = after - before
    if came:
        raise FixRefused(f"it would bring {', '.join(sorted(rule for rule, _ in came))}")
    if after[finding.rule, finding.fingerprint] and _total(after, finding) >= _total(before, finding):
        raise FixRefused(f"{finding.rule} would still stand")
    return fixed


def apply_edits(tree: Tree, edits: tuple[Edit, ...]) -> dict[str, bytes]:
    """A copy of `tree` with the edits made, equal ones once. Raises FixRefused where they do not fit."""
    by_path: dict[str, list[Edit]] = {}
    for edit in dict.fromkeys(edits):
        by_path.setdefault(edit.path, []).append(edit)
    return {**tree, **{path: _edited(path, tree, group) for path, group in by_path.items()}}


def _edited(path: str, tree: Tree, edits: list[Edit]) -> bytes:
    if any(edit.creates for edit in edits):
        return _created(path, tree, edits)
    if path not in tree:
        raise FixRefused(f"{path} is not there")
    lines = tree[path].splitlines(keepends=True)
    below = len(lines) + 1
    for edit in sorted(edits, key=lambda edit: edit.start_line, reverse=True):
        if not 1 <= edit.start_line <= edit.end_line < below:
            raise FixRefused(f"{path}: an edit of lines {edit.start_line} to {edit.end_line} does not fit")
        lines[edit.start_line - 1 : edit.end_line] = [edit.replacement.encode("utf-8")]
        below = edit.start_line
    return b"".join(lines)


def _created(path: str, tree: Tree, edits: list[Edit]) -> bytes:
    if path in tree or len(edits) > 1:
        raise FixRefused(f"{path} is there already")
    return edits[0].replacement.encode("utf-8")


def _check_parses(path: str, data: bytes) -> None:
    # Imported here: libcst costs a quarter of a second, and most reviews need none.
    import libcst

    try:
        text = decode(data)
        check_depth(text)
        libcst.parse_module(text)
    except (NotAnalysed, libcst.ParserSyntaxError) as error:
        raise FixRefused(f"{path} would not parse") from error


def _counted(review: Review) -> Counter[tuple[str, str]]:
    return Counter((finding.rule, finding.fingerprint) for finding in review.findings)


def _total(counted: Mapping[tuple[str, str], int], finding: Finding) -> int:
    return sum(count for (rule, _), count in counted.items() if rule == finding.rule)
