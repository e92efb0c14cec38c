"""Writes of requests whose method promises that nothing changes: GET and HEAD (RFC 9110, section 9.2.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import Condition
from rules.project.isolation.comparisons import presence
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.terms import called_name
from rules.project.sessions.observations import only_observes
from rules.project.sessions.row_writes import Change, RowWrite, row_writes

if TYPE_CHECKING:
    from rules.project.project import Project

_SAFE = frozenset({"GET", "HEAD"})
_COMMITS = frozenset({"commit", "begin", "begin_nested", "transaction", "atomic", "in_transaction"})
_FOLLOWED = re.compile(
    r"callback|verif|confirm|activat|unsubscribe|reset|invit|accept|oauth|oidc|saml|sso|log_?in|log_?out|"
    r"sign_?in|sign_?out|authori[sz]e|magic|webhook|hook|cron|migrat|seed|init"
)
"""Paths that browsers are sent to, or that people follow from a mail: those can only be GET."""


@dataclass(frozen=True, slots=True, eq=False)
class UnsafeRead:
    """A write of a GET or HEAD request.

    `committed` where a commit was seen; `on_demand` where a row is only added because none was found;
    `followed` where the path is one that a link or a redirect leads to.
    """

    inspection: Inspection
    write: RowWrite
    committed: bool
    on_demand: bool
    followed: bool


def unsafe_reads(project: Project) -> Iterator[UnsafeRead]:
    """The first write of each handler that may answer GET or HEAD, what only observes left out."""
    for inspection in project.isolation.inspections():
        route = inspection.route
        if route.kind != "api" or not _SAFE & set(route.methods):
            continue
        start = inspection.run.log.handler
        own = (w for w in row_writes(inspection, project.tables) if w.position >= start)
        write = next((w for w in own if not only_observes(w)), None)
        if write is not None:
            yield UnsafeRead(
                inspection,
                write,
                committed=_commits(inspection),
                on_demand=write.change is Change.ADDS and _is_absent(inspection, write),
                followed=_is_followed(inspection),
            )


def _commits(inspection: Inspection) -> bool:
    return any(e.kind == "call" and called_name(e.value) in _COMMITS for e in inspection.run.log.effects)


def _is_absent(inspection: Inspection, write: RowWrite) -> bool:
    """Whether the write stands under "no such row was found"."""
    return any(_says_absent(inspection, condition) for condition in write.effect.conditions)


def _says_absent(inspection: Inspection, condition: Condition) -> bool:
    found = presence(condition.test, truth=condition.negated)
    return found is not None and inspection.guards.rows.source(found) is not None


def _is_followed(inspection: Inspection) -> bool:
    route = inspection.route
    words = [*route.path.lower().replace("-", "_").split("/"), route.name.lower()]
    return any(_FOLLOWED.search(word) for word in words if "{" not in word)
