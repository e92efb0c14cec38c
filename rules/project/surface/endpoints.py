"""The endpoint table: endpoint by endpoint what guards it, what goes in and out, and what is wrong in it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from rules.finding import Finding, TrailStep
from rules.inventory import OperationRecord


class Endpoint(msgspec.Struct, frozen=True):
    """A row: the operation, and the findings that are about it, the most severe first."""

    operation: OperationRecord
    findings: tuple[Finding, ...] = ()

    @property
    def documentation(self) -> str:
        """`described`, `undescribed`, or `hidden` where the API description does not have it."""
        if not self.operation.shown:
            return "hidden"
        return "described" if self.operation.described else "undescribed"

    @property
    def undeclared_statuses(self) -> tuple[int, ...]:
        """The errors that the code raises and the description does not have."""
        declared = set(self.operation.statuses)
        if "DEFAULT" in declared or not self.operation.shown:
            return ()
        return tuple(
            status
            for status in self.operation.raises
            if not {str(status), f"{status // 100}XX"} & declared and status != 422
        )


def endpoints(operations: Iterable[OperationRecord], findings: Iterable[Finding]) -> tuple[Endpoint, ...]:
    """The rows in the order of path and method; suppressed findings are left out."""
    rows = sorted(operations, key=lambda one: (one.path, one.method, one.app))
    counted = [finding for finding in findings if finding.suppressed is None]
    about: dict[tuple[str, int], list[Finding]] = {}
    for finding in counted:
        for place in _places(finding):
            about.setdefault(place, []).append(finding)
    return tuple(Endpoint(one, _of(one, about)) for one in rows)


def _places(finding: Finding) -> set[tuple[str, int]]:
    """Where the finding and its trail stand: every line of the finding itself."""
    last = max(finding.line, min(finding.end_line, finding.line + 20))
    own = {(finding.path, line) for line in range(finding.line, last + 1)}
    return own | {(step.path, step.line) for step in finding.trail if _is_about(step)}


def _is_about(step: TrailStep) -> bool:
    """Whether a step says how the endpoint itself is registered, and not one beside it."""
    return step.note.endswith("is registered") or step.note.startswith("never reached")


def _of(operation: OperationRecord, about: dict[tuple[str, int], list[Finding]]) -> tuple[Finding, ...]:
    """The findings whose trail passes the registration or the handler's own line."""
    here = {operation.registered, (operation.file, operation.line)}
    found = {finding.fingerprint: finding for place in here for finding in about.get(place, ())}
    return tuple(sorted(found.values(), key=lambda f: (-f.severity.rank, -f.confidence.rank, f.rule, f.line)))
