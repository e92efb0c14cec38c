"""The project as the rules see it: one property for each question that they ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from rules.evaluation.machine import Machine
from rules.evaluation.modules import ModuleIndex
from rules.inventory import OpenapiRecord, OperationRecord
from rules.project.call_frames import Frames
from rules.project.code_places import application_code, import_roots
from rules.project.conformance.api_conformance import ApiConformance, api_conformance
from rules.project.conformance.schema_conformance import SchemaConformance, schema_conformance
from rules.project.drafting.drift_revisions import DriftRevisions, drift_revisions
from rules.project.escalation.isolation_cost import isolation_costs
from rules.project.escalation.open_owned_data import open_owned_data
from rules.project.failures.catching import Catching
from rules.project.hardening.library_uses import LibraryUses
from rules.project.isolation.exposure import Exposure, exposures
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.mounts import Escape, escapes
from rules.project.isolation.unseen_requests import Unseen, unseen_requests
from rules.project.isolation.unwrapped_dependencies import Unwrapped, unwrapped_dependencies
from rules.project.layers import Layers, layers
from rules.project.migrations.hazards import HazardousOperation, hazards
from rules.project.migrations.history import Migrations, migrations
from rules.project.openapi.document import document
from rules.project.passwords.passwords import WeakPassword, weak_passwords
from rules.project.routing.applications import Applications, WebApplication
from rules.project.routing.registrations import Registrations
from rules.project.routing.route_inventory import route_inventory
from rules.project.routing.routes import Route, Routes
from rules.project.schema.database_versions import type_versions
from rules.project.schema.drift import Pair, pairs
from rules.project.schema.schema_inventory import schema_inventory
from rules.project.schema.schema_questions import schema_questions
from rules.project.schema.schemas import Schema, schemas
from rules.project.schema.table_collection import collect_tables
from rules.project.schema.table_sources import declares_tables
from rules.project.schema.tables import Tables
from rules.project.section_facts import section_facts
from rules.project.sessions.request_sessions import RequestSessions, request_sessions
from rules.project.sign_in.endpoints import Kind, sign_in_endpoints
from rules.project.surface.operation_records import operation_records
from rules.project.taint.contexts import Context, contexts
from rules.project.taint.field_types import FieldTypes
from rules.project.taint.taint import Taint, taint
from rules.project.tokens.tokens import Tokens, tokens

if TYPE_CHECKING:
    from rules.configuration import Options
    from rules.finding import Question
    from rules.inventory import RouteInventory, SchemaInventory
    from rules.sections import SectionFacts
    from rules.source import SourceFile


class Project:
    """A tree's files with all that was learnt from them. Everything is computed when first asked for."""

    def __init__(self, files: Mapping[str, SourceFile], options: Options) -> None:
        self.files = files
        self.options = options

    @cached_property
    def index(self) -> ModuleIndex:
        """The modules and import roots."""
        return ModuleIndex.build(self.files, import_roots(self.options))

    @cached_property
    def machine(self) -> Machine:
        """The evaluator."""
        return Machine(self.index)

    @cached_property
    def _web(self) -> Applications:
        return Applications(self.machine, self.files, self.options)

    @cached_property
    def applications(self) -> tuple[WebApplication, ...]:
        """The FastAPI and Starlette applications, mounted ones too."""
        return self._web.all

    @property
    def registrations(self) -> Registrations:
        """What start-up registered on each application and router, included or not."""
        return self._web.registrations

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """Every route of every application, in the order in which it matches them."""
        return Routes(self.machine, self._web).all()

    def is_fastapi(self) -> bool:
        """Whether any file names FastAPI: without one there is nothing to judge."""
        return any(f.is_python and b"fastapi" in f.data.lower() for f in self.files.values())

    @cached_property
    def tables(self) -> Tables:
        """The tables that the models of the applications declare, as `metadata.tables` has them."""
        return collect_tables(
            self.machine, type_versions(self.files), declares_tables(self.index, self.options)
        )

    @cached_property
    def schemas(self) -> dict[str, Schema]:
        """Pydantic and SQLModel classes by qualified name."""
        return schemas(self.machine)

    @cached_property
    def layers(self) -> Layers:
        """The layer of each module."""
        return layers(self.files, self.routes, self.tables, self.options)

    @cached_property
    def migrations(self) -> Migrations:
        """The Alembic environments, replayed."""
        return migrations(self.machine)

    @cached_property
    def drift(self) -> tuple[Pair, ...]:
        """Each model table beside the one that the migrations leave."""
        return tuple(pairs(self))

    @cached_property
    def drift_revisions(self) -> DriftRevisions:
        """Ready Alembic revisions that end the drift."""
        return drift_revisions(self.drift, self.files)

    def schema_inventory(self) -> SchemaInventory:
        """The JSON of `schema`."""
        return schema_inventory(self.tables, self.migrations)

    def route_inventory(self) -> RouteInventory:
        """The JSON of `routes`."""
        return route_inventory(self.routes, self.applications, self.isolation.access)

    def openapi_documents(self) -> tuple[OpenapiRecord, ...]:
        """The OpenAPI document of each application."""
        return tuple(
            OpenapiRecord(app=a.label, is_mounted=a.is_mounted, document=document(self, a))
            for a in self.applications
        )

    def surface(self) -> tuple[OperationRecord, ...]:
        """The operations as clients see them."""
        return operation_records(self)

    def section_facts(self) -> SectionFacts:
        """What the report's sections tell beside findings."""
        return section_facts(self)

    @cached_property
    def hazards(self) -> tuple[HazardousOperation, ...]:
        """What the newest migrations do to a database in use."""
        return tuple(found for history in self.migrations for found in hazards(history.replay))

    @cached_property
    def api_conformance(self) -> ApiConformance:
        """The application held to the API specifications of the repository."""
        return api_conformance(self)

    @cached_property
    def schema_conformance(self) -> SchemaConformance:
        """The models held to the schema specifications of the repository."""
        return schema_conformance(self)

    def questions(self) -> tuple[Question, ...]:
        """What could not be resolved (inclusions, table names, migrations) or is not clear."""
        own = (*self._web.questions(), *schema_questions(self.tables, self.migrations, self.hazards))
        specified = (*self.api_conformance.questions, *self.schema_conformance.questions)
        return (*own, *specified, *open_owned_data(self.isolation), *isolation_costs(self))

    def unknown_edges(self) -> int:
        """How many inclusions, mounts and dependencies could not be resolved."""
        return self._web.unknown_edges() + sum(not r.dependant.resolved for r in self.routes)

    @cached_property
    def isolation(self) -> Isolation:
        """Who may call each route, and whose rows it reaches."""
        return Isolation(self.machine, self.routes, self.tables, self.options)

    @cached_property
    def taint(self) -> Taint:
        """Where the client's data goes."""
        return taint(self.isolation, self.request_contexts)

    @cached_property
    def request_contexts(self) -> tuple[Context, ...]:
        """What runs for requests: routes, middleware, handlers of exceptions."""
        return tuple(contexts(self.isolation))

    @cached_property
    def tokens(self) -> Tokens:
        """The tokens that are made and read."""
        return tokens(self.isolation, self.request_contexts, application_code(self.options))

    @cached_property
    def weak_passwords(self) -> tuple[WeakPassword, ...]:
        """Where passwords are not kept as they must be."""
        return tuple(weak_passwords(self.isolation, self.request_contexts, FieldTypes(self.machine)))

    @cached_property
    def sign_in_endpoints(self) -> tuple[tuple[Context, Kind], ...]:
        """The routes by which people sign in, register, get back in or renew their tokens."""
        return sign_in_endpoints(self.request_contexts, FieldTypes(self.machine))

    @cached_property
    def library_uses(self) -> LibraryUses:
        """What is called of libraries and set on their objects."""
        return LibraryUses(self.machine, self.request_contexts, self.application_code)

    @cached_property
    def application_code(self) -> Callable[[str], bool]:
        """The test whether a file belongs to an application of the project."""
        return application_code(self.options)

    @cached_property
    def frames(self) -> Frames:
        """The functions that effects lie in."""
        return Frames()

    @cached_property
    def catching(self) -> Catching:
        """What catches exceptions on their way out."""
        return Catching(self.machine, self.frames)

    @cached_property
    def request_sessions(self) -> tuple[RequestSessions, ...]:
        """What each route does with database sessions."""
        return request_sessions(self.isolation.inspections())

    @cached_property
    def unwrapped_dependencies(self) -> tuple[Unwrapped, ...]:
        """Callables that stand in signatures where a `Depends` was meant."""
        return unwrapped_dependencies(self.isolation)

    @cached_property
    def escapes(self) -> tuple[Escape, ...]:
        """Mounts, raw routes and websockets that the authentication around them does not reach."""
        return escapes(self.isolation)

    @cached_property
    def exposures(self) -> tuple[Exposure, ...]:
        """Routes that anonymous clients reach although nothing says that they should."""
        return tuple(exposures(self.isolation))

    @cached_property
    def unseen_requests(self) -> tuple[Unseen, ...]:
        """Routes that the authenticating middleware of another application never sees."""
        return unseen_requests(self.isolation, self.exposures)
