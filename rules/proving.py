"""The proof of fixes: applied, parsed and reviewed again, many at once and in halves where that fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from rules.cure import Reviewed, cure
from rules.finding import Edit, Finding, Fix, Safety
from rules.fixes import FixRefused, apply_edits, check_parses
from rules.tree import Tree
from rules.verdict import Review

MakeReview = Callable[[Tree], Review]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofBounds:
    """How much proving may cost: reviews of edited trees, and seconds after which none is begun."""

    reviews: int = 12
    seconds: float = 60.0


class UnprovedFix(msgspec.Struct, frozen=True):
    """A finding whose fix may not be offered, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What came of the fixes of some findings.

    `findings` are those that were asked for, in their order: each keeps its fix, marked as proved, or has
    none. `tree` has as many of the proved fixes applied as can stand together: those of `applied`; `review`
    is its review. A fix that is proved but not applied edits the same lines as one that is.
    """

    findings: tuple[Finding, ...]
    unproved: tuple[UnprovedFix, ...]
    tree: dict[str, bytes]
    applied: tuple[Finding, ...]
    review: Review


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One fix and all findings that it is to cure."""

    fix: Fix
    findings: tuple[Finding, ...]


def prove(fix: Fix, tree: Tree, finding: Finding, review: MakeReview) -> dict[str, bytes]:
    """The tree with `fix` applied. Raises FixRefused unless that cures `finding` and brings no other."""
    fixed = _applied(tree, [_Candidate(fix, (finding,))])
    result = cure(Reviewed(tree, review(tree)), Reviewed(fixed, review(fixed)), (finding,))
    if not result.works:
        raise FixRefused(_reason(result.blind, result.came, finding))
    return fixed


def proof_of(
    tree: Tree,
    before: Review,
    findings: Sequence[Finding],
    review: MakeReview,
    bounds: ProofBounds,
) -> Proof:
    """Which fixes of `findings` hold in `tree`, of which `before` is the review."""
    search = _Search(Reviewed(tree, before), review, bounds)
    waiting = _candidates(findings)
    batch, waiting = _compatible(tree, waiting, search.refused)
    search.attempt(batch)
    first, fixed = search.restart()
    while waiting:
        batch, waiting = _compatible(tree, waiting, search.refused)
        search.attempt(batch)
        search.restart()
    return Proof(
        findings=tuple(_marked(finding, search.cured) for finding in findings),
        unproved=tuple(
            UnprovedFix(f, search.refused[f.fingerprint]) for f in findings if f.fingerprint in search.refused
        ),
        tree=dict(fixed.tree),
        applied=tuple(finding for candidate in first for finding in candidate.findings),
        review=fixed.review,
    )


@dataclass(slots=True)
class _Search:
    """Fixes that hold together are gathered in `proved`, on top of which the next are tried."""

    start: Reviewed
    review: MakeReview
    bounds: ProofBounds
    began: float = field(default_factory=time.monotonic)
    reviews: int = 0
    longest: float = 0.0
    proved: list[_Candidate] = field(default_factory=list)
    reached: Reviewed | None = None
    cured: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)

    def restart(self) -> tuple[list[_Candidate], Reviewed]:
        """What was gathered, and the tree with it; the next fixes are tried on the tree as it was."""
        gathered = self.proved, self.reached or self.start
        self.proved, self.reached = [], None
        return gathered

    def attempt(self, candidates: Sequence[_Candidate]) -> None:
        """Prove all at once, else those that might hold in halves."""
        if not candidates:
            return
        if self._is_spent():
            self._refuse(candidates, "there was no time left to prove it")
            return
        try:
            fixed = _applied(self.start.tree, [*self.proved, *candidates])
        except FixRefused as refused:
            self._divide(candidates, str(refused))
            return
        reached = Reviewed(fixed, self._reviewed(fixed))
        meant = [f for candidate in (*self.proved, *candidates) for f in candidate.findings]
        result = cure(self.start, reached, meant)
        if result.works:
            self.proved.extend(candidates)
            self.reached = reached
            self.cured |= {f.fingerprint for candidate in candidates for f in candidate.findings}
            return
        if result.standing and not result.blind:
            candidates = self._without_failed(candidates, {f.fingerprint for f in result.standing})
            if not result.came:
                self.attempt(candidates)
                return
        self._divide(candidates, _reason(result.blind, result.came, None))

    def _without_failed(self, candidates: Sequence[_Candidate], standing: set[str]) -> list[_Candidate]:
        held: list[_Candidate] = []
        for candidate in candidates:
            left = [f for f in candidate.findings if f.fingerprint not in standing]
            failed = [f for f in candidate.findings if f.fingerprint in standing]
            for finding in failed:
                self.refused[finding.fingerprint] = f"{finding.rule} would still stand"
            if left:
                held.append(_Candidate(candidate.fix, tuple(left)))
        return held

    def _divide(self, candidates: Sequence[_Candidate], reason: str) -> None:
        if len(candidates) == 1:
            self._refuse(candidates, reason)
            return
        half = len(candidates) // 2
        self.attempt(candidates[:half])
        self.attempt(candidates[half:])

    def _refuse(self, candidates: Iterable[_Candidate], reason: str) -> None:
        for candidate in candidates:
            for finding in candidate.findings:
                self.refused[finding.fingerprint] = reason

    def _is_spent(self) -> bool:
        elapsed = time.monotonic() - self.began
        return self.reviews >= self.bounds.reviews or elapsed + self.longest > self.bounds.seconds

    def _reviewed(self, tree: Tree) -> Review:
        began = time.monotonic()
        self.reviews += 1
        review = self.review(tree)
        self.longest = max(self.longest, time.monotonic() - began)
        return review


def _candidates(findings: Sequence[Finding]) -> list[_Candidate]:
    """Each fix once, the safe ones and the most severe findings first."""
    by_fix: dict[Fix, list[Finding]] = {}
    for finding in findings:
        if finding.fix is not None:
            fix = msgspec.structs.replace(finding.fix, title="", proved=False)
            by_fix.setdefault(fix, []).append(finding)
    candidates = [_Candidate(fix, tuple(found)) for fix, found in by_fix.items()]
    return sorted(
        candidates,
        key=lambda c: (c.fix.safety is not Safety.SAFE, -max(f.severity.rank for f in c.findings)),
    )


def _compatible(
    tree: Tree, candidates: Sequence[_Candidate], refused: dict[str, str]
) -> tuple[list[_Candidate], list[_Candidate]]:
    """Those that can be applied together, and the others; what cannot be applied at all is refused."""
    together: list[_Candidate] = []
    others: list[_Candidate] = []
    for candidate in candidates:
        try:
            _applied(tree, [candidate])
        except FixRefused as problem:
            refused.update({finding.fingerprint: str(problem) for finding in candidate.findings})
            continue
        try:
            apply_edits(tree, _edits([*together, candidate]))
        except FixRefused:
            others.append(candidate)
        else:
            together.append(candidate)
    return together, others


def _edits(candidates: Iterable[_Candidate]) -> tuple[Edit, ...]:
    return tuple(edit for candidate in candidates for edit in candidate.fix.edits)


def _applied(tree: Tree, candidates: Sequence[_Candidate]) -> dict[str, bytes]:
    edits = _edits(candidates)
    fixed = apply_edits(tree, edits)
    check_parses({edit.path for edit in edits}, fixed)
    return fixed


def _marked(finding: Finding, cured: set[str]) -> Finding:
    if finding.fix is None:
        return finding
    fix = msgspec.structs.replace(finding.fix, proved=True) if finding.fingerprint in cured else None
    return msgspec.structs.replace(finding, fix=fix)


def _reason(blind: str, came: Sequence[Finding], standing: Finding | None) -> str:
    if blind:
        return blind
    if came:
        return f"it would bring {', '.join(sorted({finding.rule for finding in came}))}"
    return f"{standing.rule} would still stand" if standing is not None else "a finding would still stand"
