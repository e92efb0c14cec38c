"""`check --fix`: which fixes are wanted, what stands against them, and the files that they change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

import rules
from bot.console.progress import progress
from bot.console.verdict_document import counts
from bot.console.working_tree import unstaged
from bot.console.writing import write_files
from rules.finding import Finding, Safety
from rules.verdict import Comparison, Review

BOUNDS = rules.ProofBounds(reviews=40, seconds=300.0)
"""What proving may cost where someone asked for the fixes and waits."""

OFFER_BOUNDS = rules.ProofBounds(reviews=6, seconds=30.0)
"""What it may cost where fixes are offered beside the findings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixes:
    """Which fixes are wanted, the safe ones or all; `allow_dirty`: where git could not restore too."""

    suggested: bool = False
    allow_dirty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """What became of the fixes: those applied, a line for each other, the tree and its review afterwards."""

    applied: tuple[Finding, ...]
    refused: tuple[str, ...]
    tree: Mapping[str, bytes]
    review: Review


def apply_fixes(
    root: Path,
    tree: Mapping[str, bytes],
    comparison: Comparison,
    before: Review,
    options: rules.Options,
    wanted: Fixes,
) -> Fixed:
    """Prove the fixes of what the change introduces and write what holds, whole or not at all.

    `before` is the review of `tree`. Raises `CommandFailure` where a file cannot be written.
    """
    asked = [finding for finding in comparison.head.findings if _is_asked(finding, wanted)]
    dirty = frozenset() if wanted.allow_dirty else unstaged(root)
    free = [finding for finding in asked if not _touched(finding) & dirty]
    with progress(f"proving {len(free)} fixes"):
        proof = rules.prove_fixes(tree, options, before, free, bounds=BOUNDS)
    write_files(root, tree, {path: data for path, data in proof.tree.items() if tree.get(path) != data})
    applied = {finding.fingerprint for finding in proof.applied}
    proved = {f.fingerprint for f in proof.findings if f.fix is not None} - applied
    return Fixed(
        applied=proof.applied,
        refused=(
            *(_line(f, _because_dirty(_touched(f) & dirty)) for f in asked if _touched(f) & dirty),
            *(_line(unproved.finding, unproved.reason) for unproved in proof.unproved),
            *(
                _line(f, "it edits the lines of another fix; run again")
                for f in free
                if f.fingerprint in proved
            ),
        ),
        tree=proof.tree,
        review=proof.review,
    )


def with_proved_fixes(
    tree: Mapping[str, bytes], comparison: Comparison, before: Review, options: rules.Options
) -> Comparison:
    """The comparison in which what counts has proved fixes alone."""
    asked = [f for f in comparison.head.findings if f.fix is not None and counts(f)]
    if not asked:
        return comparison
    with progress(f"proving {len(asked)} fixes"):
        proof = rules.prove_fixes(tree, options, before, asked, bounds=OFFER_BOUNDS)
    proved = {finding.fingerprint: finding for finding in proof.findings}
    findings = tuple(proved.get(f.fingerprint, f) for f in comparison.head.findings)
    return msgspec.structs.replace(
        comparison, head=msgspec.structs.replace(comparison.head, findings=findings)
    )


def told(fixed: Fixed) -> list[str]:
    """What to say of it, a line each."""
    lines = [f"fixed {_place(f)}: {f.fix.title if f.fix else f.message}" for f in fixed.applied]
    return [*lines, *fixed.refused] or ["there is nothing that could be fixed"]


def _is_asked(finding: Finding, wanted: Fixes) -> bool:
    if finding.fix is None or not counts(finding):
        return False
    return wanted.suggested or finding.fix.safety is Safety.SAFE


def _touched(finding: Finding) -> frozenset[str]:
    return frozenset(edit.path for edit in finding.fix.edits) if finding.fix else frozenset()


def _because_dirty(paths: Collection[str]) -> str:
    named = ", ".join(sorted(paths))
    return f"{named} has changes that git has not staged; stage them (git add) or give --allow-dirty"


def _line(finding: Finding, reason: str) -> str:
    return f"not fixed {_place(finding)}: {reason}"


def _place(finding: Finding) -> str:
    return f"{finding.path}:{finding.line} {finding.rule}"
