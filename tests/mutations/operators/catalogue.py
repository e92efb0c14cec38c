"""All operators. They were written from the specification before the rules were tuned."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.mutations.applications import SoundApplication
from tests.mutations.mutants import Mutant
from tests.mutations.operators import (
    checks,
    clauses,
    dependencies,
    identities,
    links,
    mounts,
    privileges,
    schemas,
)

OPERATORS: tuple[Callable[[SoundApplication], Iterator[Mutant]], ...] = (
    dependencies.removed_list,
    dependencies.removed_parameter,
    dependencies.unwrapped,
    dependencies.swallowed,
    mounts.mounted_router,
    mounts.mounted_route,
    mounts.central_protection,
    clauses.removed_owner,
    clauses.removed_tie,
    clauses.removed_exclusion,
    checks.removed_check,
    checks.weakened_check,
    checks.removed_guard,
    privileges.removed_privilege,
    identities.client_identity,
    schemas.writable_field,
    schemas.clients_value_wins,
    schemas.secret_field,
    schemas.table_answer,
    schemas.no_response_model,
    links.removed_link,
)


def mutants(application: SoundApplication) -> list[Mutant]:
    """Every mutant of the application, also those that turn out to change nothing for a second user."""
    return [mutant for operator in OPERATORS for mutant in operator(application)]
