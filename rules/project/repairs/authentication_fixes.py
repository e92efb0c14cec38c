"""Fixes that make a route ask for the caller as the routes beside it do."""

from __future__ import annotations

import re
from functools import cached_property

from rules.evaluation.modules import ModuleInfo
from rules.finding import Edit, Fix, Safety
from rules.ir import nodes as ir
from rules.project.isolation.accesses import Selection
from rules.project.isolation.authentication import Level
from rules.project.isolation.formulas import Proof
from rules.project.isolation.holes import Hole
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.repairs.caller_names import Handler, caller_key, handler_of
from rules.project.repairs.imports import bound_before, imports_from, names_of
from rules.project.repairs.owner_fixes import KeyOf, Owners, owner_fix
from rules.project.repairs.signature_edits import with_dependency
from rules.project.repairs.written_dependencies import Written, WrittenForms
from rules.project.routing.dependants import Dependant
from rules.project.schema.columns import Column

_TRIED = 5
"""How many ways to write the dependency are tried."""
_OTHER_TOKEN = re.compile(r"refresh|reset|recover|verif\w*_?(email|mail)", re.IGNORECASE)
"""Dependencies that ask for a token with another purpose than to say who is calling."""


class AuthenticationFixes:
    """Fixes that ask for the caller, or for a privilege, as other handlers of the project do."""

    def __init__(self, isolation: Isolation) -> None:
        self._isolation = isolation

    def authenticated(self, inspection: Inspection) -> Fix | None:
        """The project's own authenticating dependency, as it is written most in the same file."""
        return self._fix(inspection, self._authenticating, is_privileged=False)

    def privileged(self, inspection: Inspection) -> Fix | None:
        """The project's own dependency that refuses ordinary users."""
        return self._fix(inspection, self._privileging, is_privileged=True)

    def owned(self, hole: Hole) -> Fix | None:
        """The owner in what the handler does, with the caller where that is no parameter yet."""
        fix, inspection = owner_fix(self._isolation, hole), hole.inspection
        handler = handler_of(inspection)
        if fix is not None or handler is None or inspection.route.kind != "api":
            return fix
        taken = {parameter.name for parameter in handler.function.parameters}
        for written in self._authenticating.near(inspection)[:_TRIED]:
            if not written.form.name or written.form.name in taken:
                continue
            owners = Owners(self._isolation, inspection, handler)
            criterion, edits = owners.edits(hole.access, _key_of(self._isolation, written))
            asked = _edits(inspection, handler, written) if edits else ()
            if asked:
                title = f"Ask for `{criterion}`, and for `{written.form.parameter(written.form.name)}`"
                return Fix(title, Safety.SUGGEST, (*asked, *edits))
        return None

    @cached_property
    def _authenticating(self) -> WrittenForms:
        return WrittenForms(self._isolation.inspections(), self._authenticates)

    @cached_property
    def _privileging(self) -> WrittenForms:
        return WrittenForms(self._isolation.inspections(), self._asks_privilege)

    def _authenticates(self, dependant: Dependant) -> bool:
        tree = (dependant, *dependant.flat())
        if any(_OTHER_TOKEN.search(d.name) for d in tree):
            return False
        requests, authenticator = self._isolation.requests, self._isolation.authenticator
        levels = [authenticator.level(requests.step(d)) for d in tree]
        return Level.REQUIRED in levels and not self._asks_privilege(dependant)

    def _asks_privilege(self, dependant: Dependant) -> bool:
        requests, authenticator = self._isolation.requests, self._isolation.authenticator
        return any(authenticator.is_privileged(requests.step(d)) for d in (dependant, *dependant.flat()))

    def _fix(self, inspection: Inspection, known: WrittenForms, *, is_privileged: bool) -> Fix | None:
        handler = handler_of(inspection)
        if handler is None or inspection.route.kind != "api":
            return None
        for written in known.near(inspection)[:_TRIED]:
            edits = _edits(inspection, handler, written)
            if not edits:
                continue
            form = written.form
            if form.name and not is_privileged:
                edits = (*edits, *_owned_too(self._isolation, inspection, handler, written))
            does = "Ask for the privilege" if is_privileged else "Authenticate the caller"
            shown = form.parameter(form.name) if form.name else form.default
            return Fix(f"{does}: `{shown}`", Safety.SUGGEST, edits)
        return None


def _owned_too(
    isolation: Isolation, inspection: Inspection, handler: Handler, written: Written
) -> tuple[Edit, ...]:
    """What ties the rows that the route reaches to the caller that it now has; none if not all can be."""
    owners = Owners(isolation, inspection, handler)
    edits: tuple[Edit, ...] = ()
    key_of = _key_of(isolation, written)
    lines: set[int] = set()
    for access in inspection.accesses:
        if access.proof is Proof.FULL or access.selection not in {Selection.KEY, Selection.ALL}:
            continue
        _, found = owners.edits(access, key_of)
        touched = {line for edit in found for line in range(edit.start_line, edit.end_line + 1)}
        if not found or (touched & lines and not set(found) <= set(edits)):
            return ()
        edits, lines = (*edits, *found), lines | touched
    return tuple(dict.fromkeys(edits))


def _key_of(isolation: Isolation, written: Written) -> KeyOf:
    """The caller's key by the parameter's name, as in the handler that the form was taken from."""

    def key_of(column: Column) -> str:
        key = caller_key(isolation, written.found_in, column)
        return key if key.partition(".")[0] == written.form.name else ""

    return key_of


def _edits(inspection: Inspection, handler: Handler, written: Written) -> tuple[Edit, ...]:
    origin = inspection.route.origin
    module = handler.value.module if written.form.name else origin.module
    imports = importing(module, handler.function if written.form.name else origin.node, written)
    edits = with_dependency(handler, origin, written.form) if imports is not None else ()
    return (*(imports or ()), *edits) if edits else ()


def importing(module: ModuleInfo, node: ir.Node, written: Written) -> tuple[Edit, ...] | None:
    """The imports that a form needs where `node` stands; None where its names cannot be had there."""
    names = {name for text in written.form.texts for name in names_of(text)}
    missing = names - bound_before(module, node)
    if not missing:
        return () if names else None
    return None if module is written.module else imports_from(module, written.module, missing)
