"""Isolation as the rules ask for it: each route's authentication, privilege and accesses to owned rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rules.configuration.options import AuthMode, Options
from rules.evaluation.machine import Machine
from rules.evaluation.values import Member, Value, alternatives
from rules.project.isolation.accesses import Access, accesses, owned_tables
from rules.project.isolation.authentication import Authentication, Authenticator, Level
from rules.project.isolation.comparisons import comparison
from rules.project.isolation.formulas import leaves
from rules.project.isolation.guards import Guards
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.middleware_authentication import MiddlewareAuthentication
from rules.project.isolation.ownership import Ownership
from rules.project.isolation.provenance import Provenances, is_verification
from rules.project.isolation.queries import Query, QueryReader, row_source
from rules.project.isolation.requests import RequestRun, Requests, Step
from rules.project.isolation.rows import Rows
from rules.project.isolation.statements import StatementReader
from rules.project.isolation.terms import walk
from rules.project.isolation.usage import Usage
from rules.project.routing.routes import Route
from rules.project.schema.tables import Table, Tables


@dataclass(eq=False)
class Isolation:
    """Inspects the routes of a project; everything shared between routes is computed once."""

    machine: Machine
    routes: Sequence[Route]
    tables: Tables
    options: Options
    provenances: Provenances = field(default_factory=Provenances)
    _inspections: dict[int, Inspection] = field(default_factory=dict)
    _privileged: dict[int, tuple[Access, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Before the first provenance is computed: what is remembered must not depend on who asked first.
        plain = Ownership(self.tables, self.options)
        self.provenances.is_table, self.provenances.is_membership = plain.is_table, plain.is_membership

    @cached_property
    def requests(self) -> Requests:
        """The symbolic runs."""
        self.machine.open_registries()
        return Requests(self.machine)

    @cached_property
    def authenticator(self) -> Authenticator:
        """The judge of dependencies."""
        return Authenticator(self.options.auth, self.provenances)

    @cached_property
    def middleware(self) -> MiddlewareAuthentication:
        """The judge of middleware."""
        return MiddlewareAuthentication(self.machine, self.authenticator)

    @cached_property
    def ownership(self) -> Ownership:
        """The owned tables; users are the rows that authentication looks up."""
        plain = Ownership(self.tables, self.options)
        principals = tuple(self._principal_tables(plain))
        return Ownership(self.tables, self.options, principals, self._mentions(b"schema_translate_map"))

    def _principal_tables(self, ownership: Ownership) -> list[Table]:
        found: dict[int, Table] = {}
        seen: dict[int, Step] = {}
        reader = self._reader(ownership)
        for route in self.routes:
            for below in route.dependant.flat():
                step = self.requests.step(below)
                if id(step) in seen:
                    continue
                seen[id(step)] = step
                if self.authenticator.level(step) is not Level.REQUIRED or step.value is None:
                    continue
                results = {id(q.result): q for q in reader.read(step.effects)}
                for table in _looked_up(step.value, results, ownership, self.provenances):
                    found[id(table)] = table
        return list(found.values())

    def _reader(self, ownership: Ownership) -> QueryReader:
        return QueryReader(StatementReader(ownership.is_table), ownership.primary_keys())

    @cached_property
    def reader(self) -> QueryReader:
        """The reader of queries over the project's tables."""
        return self._reader(self.ownership)

    def inspect(self, route: Route) -> Inspection:
        """Everything about one route."""
        found = self._inspections.get(id(route))
        if found is None:
            found = self._inspections[id(route)] = self._inspect(route)
        return found

    def _inspect(self, route: Route) -> Inspection:
        run = self.requests.run(route.dependant)
        authentication = self._authentication(route, run)
        queries = self.reader.read(run.log.effects)
        guards = Guards(run.log, Rows(queries, self.reader.statements, self.provenances))
        reached = owned_tables(queries, self.ownership)
        found = () if authentication.privileged or not reached else tuple(accesses(guards, self.ownership))
        return Inspection(route, run, authentication, guards, found, bool(reached))

    def privileged_accesses(self, inspection: Inspection) -> tuple[Access, ...]:
        """The accesses of a route for privileged users, which `inspect` leaves out."""
        if not inspection.authentication.privileged or not inspection.reaches_owned:
            return ()
        found = self._privileged.get(id(inspection))
        if found is None:
            guards = Guards(inspection.run.log, inspection.guards.rows, counts_privilege=False)
            found = self._privileged[id(inspection)] = tuple(accesses(guards, self.ownership))
        return found

    def _authentication(self, route: Route, run: RequestRun) -> Authentication:
        found = self.authenticator.of_request(run)
        if found.level is Level.REQUIRED:
            return found
        around = (
            Level.REQUIRED if self.options.auth.mode is AuthMode.GATEWAY else self.middleware.level(route)
        )
        if around is Level.REQUIRED:
            return Authentication(around, found.privileged)
        if around is Level.OPTIONAL and found.level is Level.NONE:
            return Authentication(around, found.privileged)
        return found

    @cached_property
    def filters_globally(self) -> bool:
        """Whether every session filters rows by itself: loader criteria, or row-level security (guard G7)."""
        return self._mentions(
            b"with_loader_criteria", b"do_orm_execute", b"set_config(", b"app.current_user", b"SET LOCAL app."
        )

    def _mentions(self, *marks: bytes) -> bool:
        return any(
            mark in module.source.data for module in self.machine.index.modules.values() for mark in marks
        )

    def is_service(self, inspection: Inspection) -> bool:
        """Whether the caller is a program: its key names a row that is no user, or is one shared secret."""
        tables = [
            table
            for query in inspection.guards.queries
            if self._by_credential(query, inspection.guards.rows.results)
            for part in query.tables
            if (table := self.ownership.table(part)) is not None
        ]
        if tables:
            return not (self.ownership.is_user(tables[0]) or self.ownership.leads_to_user(tables[0]))
        return self.authenticator.is_shared_secret(inspection.run)

    def _by_credential(self, query: Query, results: Mapping[int, Query]) -> bool:
        """Whether a query looks up who presented a bare credential, such as an API key."""
        return any(
            self.provenances.is_presented(side)
            and self.provenances.is_principal(side)
            and not any(_is_known(node) or id(node) in results for node in walk(side))
            for criterion in query.variants[0].statement.filters
            for leaf in leaves(criterion)
            if (found := comparison(leaf, truth=True)) is not None and found.equal
            for side in (found.left, found.right)
        )

    def inspections(self) -> tuple[Inspection, ...]:
        """Every route's inspection."""
        return tuple(self.inspect(route) for route in self.routes)

    @cached_property
    def usage(self) -> Usage:
        """How the project's routes treat each table."""
        return Usage.of(self.inspections(), self.ownership)

    def access(self, route: Route) -> tuple[str, bool, str]:
        """`auth`, `privileged` and `scope` of the route inventory."""
        found = self.inspect(route)
        return found.authentication.level.value, found.authentication.privileged, found.scope


def _is_known(value: Value) -> bool:
    """Whether a value is no bare credential any more: claims of a token, or what middleware left behind."""
    return is_verification(value) or (isinstance(value, Member) and value.name == "state")


def _looked_up(
    value: Value, results: Mapping[int, Query], ownership: Ownership, provenances: Provenances
) -> list[Table]:
    """The tables of the rows that a dependency gives as the principal."""
    return [
        table
        for alternative in alternatives(value)
        if provenances.is_principal(alternative.value)
        and (query := row_source(alternative.value, results)) is not None
        for part in query.tables
        if (table := ownership.table(part)) is not None
    ]
