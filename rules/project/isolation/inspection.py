"""What is known of one route."""

from __future__ import annotations

from dataclasses import dataclass

from rules.evaluation.values import Parametrized, Value
from rules.project.isolation.accesses import Access, Selection
from rules.project.isolation.authentication import Authentication
from rules.project.isolation.formulas import Proof
from rules.project.isolation.guards import Guards
from rules.project.isolation.requests import RequestRun
from rules.project.routing.routes import Route
from rules.project.schema.tables import Table


@dataclass(frozen=True, slots=True, eq=False)
class Inspection:
    """What is known of one route: its run, its authentication, its guards and accesses to owned rows.

    Accesses of privileged routes are not judged; `reaches_owned` says whether owned rows are queried at all.
    """

    route: Route
    run: RequestRun
    authentication: Authentication
    guards: Guards
    accesses: tuple[Access, ...]
    reaches_owned: bool

    @property
    def scope(self) -> str:
        """The `scope` of the route inventory."""
        if not self.run.complete:
            return "unknown"
        if not self.accesses:
            return "unscoped" if self.reaches_owned and self.authentication.privileged else "no-owned-data"
        if any(a.proof is Proof.HELPER for a in self.accesses):
            return "unknown"
        if any(a.proof is Proof.NONE and a.selection is not Selection.CAPABILITY for a in self.accesses):
            return "unscoped"
        lists = any(a.query.kind != "row" for a in self.accesses)
        return "owner-filtered" if lists else "owner-checked"

    def returns_whole_row(self, table: Table) -> bool:
        """Whether the answer is the table's own model, or is not narrowed by any response model."""
        response = self.route.response_type
        if response is None:
            return True
        return any(node is table.model or node in table.classes for node in _parts(response))


def _parts(annotation: Value) -> list[Value]:
    if isinstance(annotation, Parametrized):
        return [annotation.base, *(part for a in annotation.arguments for part in _parts(a))]
    return [annotation]
