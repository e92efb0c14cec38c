"""The applications of a project: what holds each, what it serves, what wraps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from rules.configuration.options import Options
from rules.evaluation.machine import Machine
from rules.evaluation.values import Application, Instance, Origin, Value
from rules.finding import Question
from rules.ir import nodes as ir
from rules.project.code_places import application_code
from rules.project.routing.application_labels import Labels
from rules.project.routing.conditions import Guards, holds_by_default
from rules.project.routing.configured_applications import ConfiguredApplication, configured, not_found
from rules.project.routing.framework import is_application
from rules.project.routing.inclusion import MAX_PLACED, Flattening, Placed, PlacedMount
from rules.project.routing.middleware import Middleware, middleware_of
from rules.project.routing.registrations import Inclusion, Mounting, Register, Registrations
from rules.project.routing.wiring import Wiring
from rules.project.versions import FrameworkVersion, fastapi_version
from rules.source import SourceFile


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WebApplication:
    """An application.

    `label` is what it is called in reports;
    `placed` are all the endpoints that it and what it mounts serve; `is_mounted` tells one that another
    application mounts: its endpoints are `placed` there too.
    """

    value: Value
    label: str
    origin: Origin
    register: Register
    version: FrameworkVersion
    middleware: tuple[Middleware, ...]
    placed: tuple[Placed, ...]
    mounts: tuple[PlacedMount, ...]
    is_mounted: bool
    unresolved: tuple[Inclusion | Mounting, ...]
    cyclic: tuple[Inclusion, ...] = ()
    truncated: bool = False


class Applications:
    """Finds the applications by running the project's start-up."""

    def __init__(
        self, machine: Machine, files: Mapping[str, SourceFile], options: Options | None = None
    ) -> None:
        self._machine = machine
        self._options = options or Options()
        self._files = files
        self._wiring = Wiring(machine, application_code(self._options))
        self._configured: dict[int, ConfiguredApplication] = {}
        self.guards = Guards(machine)

    @cached_property
    def registrations(self) -> Registrations:
        """Everything that start-up registered."""
        self._wiring.run()
        self._configured = configured(self._machine, self._options)
        return self._wiring.read()

    @cached_property
    def all(self) -> tuple[WebApplication, ...]:
        """Every application, mounted ones too; one that is made twice in the same way counts once."""
        found: list[WebApplication] = []
        registers = self._chosen([r for r in self.registrations if is_application(r.receiver)])
        mounted, standalone = self._mounted(registers)
        seen: set[object] = set()
        for register in sorted(registers, key=lambda r: id(r.receiver) in self._wiring.factories):
            made = self._application(register, standalone, is_mounted=id(register.receiver) in mounted)
            outline = (made.is_mounted, _outline(made))
            keys = {(id(made.origin.node), outline), (made.label, outline)}
            if not keys & seen:
                found.append(made)
            seen |= keys
        return tuple(found)

    def _chosen(self, registers: list[Register]) -> list[Register]:
        """The applications that the configuration names, and what they mount; all where it names none."""
        if not self._configured:
            return registers
        kept = set(self._configured)
        for register in registers:
            if id(register.receiver) in self._configured:
                kept |= {id(e.application) for e in register.entries if isinstance(e, Mounting)}
        return [register for register in registers if id(register.receiver) in kept]

    def _mounted(self, registers: list[Register]) -> tuple[set[int], frozenset[int]]:
        """Applications that another one mounts, and those that are only mounted under other settings."""
        edges: dict[int, set[int]] = {}
        conditional: set[int] = set()
        for register in registers:
            for entry in register.entries:
                if not isinstance(entry, Mounting) or entry.application is register.receiver:
                    continue
                if holds_by_default((*register.existence, *entry.conditions)):
                    edges.setdefault(id(register.receiver), set()).add(id(entry.application))
                else:
                    conditional.add(id(entry.application))
        targets = {target for found in edges.values() for target in found}
        mounted: set[int] = set()
        for register in sorted(registers, key=lambda r: id(r.receiver) in targets):
            if id(register.receiver) not in mounted:
                mounted |= _reached(edges, id(register.receiver))
        return mounted, frozenset(conditional - mounted)

    def label_of(self, value: Value) -> str:
        """The label of any application value."""
        return self._labels.of(value)

    def middleware_of(self, value: Value) -> tuple[Middleware, ...]:
        """The middleware of any application value; none for anything else that is mounted."""
        known = self.registrations.registers.get(id(value))
        return () if known is None else middleware_of(known, self.guards)

    def _application(
        self, register: Register, standalone: frozenset[int], *, is_mounted: bool
    ) -> WebApplication:
        value = register.receiver
        assert isinstance(value, Application | Instance)
        version = fastapi_version(self._files, value.origin.module.directory)
        flattening = Flattening(self.registrations, version.includes_lazily, standalone)
        placed = tuple(flattening.application(value))
        return WebApplication(
            value=value,
            label=self.label_of(value),
            origin=value.origin,
            register=register,
            version=version,
            middleware=middleware_of(register, self.guards),
            placed=placed,
            mounts=tuple(flattening.mounts),
            is_mounted=is_mounted,
            unresolved=tuple(flattening.unresolved),
            cyclic=tuple(flattening.cyclic),
            truncated=flattening.truncated,
        )

    @cached_property
    def _labels(self) -> Labels:
        made = [r for r in self.registrations if is_application(r.receiver)]
        chosen = [register.receiver for register in self._chosen(made)]
        return Labels(self._machine, chosen, factories=self._wiring.factories, configured=self._configured)

    def unknown_edges(self) -> int:
        """How many inclusions lead to routers that are not known."""
        edges = {id(e.origin.node) for a in self.all for e in (*a.unresolved, *a.cyclic)}
        return len(edges) + sum(a.truncated for a in self.all)

    def questions(self) -> Iterator[Question]:
        """What a person should look at: routers whose routes are unknown."""
        yield from not_found(self._machine, self._options)
        asked: set[int] = set()
        for application in self.all:
            for entry in (*application.unresolved, *application.cyclic):
                if id(entry.origin.node) not in asked:
                    asked.add(id(entry.origin.node))
                    yield _circular(entry) if entry in application.cyclic else _question(entry)
            if application.truncated:
                place = application.origin.module.source.place(application.origin.node)
                yield Question(
                    "too-many-routes",
                    place.path,
                    place.line,
                    f"`{application.label}` has more than {MAX_PLACED} routes; only those were analysed.",
                )


def _reached(edges: dict[int, set[int]], root: int) -> set[int]:
    found: set[int] = set()
    pending = [root]
    while pending:
        for target in edges.get(pending.pop(), set()) - found - {root}:
            found.add(target)
            pending.append(target)
    return found


def _question(entry: Inclusion | Mounting) -> Question:
    source = entry.origin.module.source
    node = entry.origin.node
    written = (
        source.segment(node.arguments[0]) if isinstance(node, ir.Call) and node.arguments else "a router"
    )
    return Question(
        "unresolved-include",
        source.path,
        node.line,
        f"`{' '.join(written.split())}` is included here, but what it serves could not be found out; "
        "which routes does it add, and who may call them?",
    )


def _circular(entry: Inclusion | Mounting) -> Question:
    place = entry.origin.module.source.place(entry.origin.node)
    return Question(
        "circular-include",
        place.path,
        place.line,
        "this router includes itself, directly or through others, which FastAPI refuses; what should it be?",
    )


def _outline(application: WebApplication) -> tuple[object, ...]:
    return tuple((id(p.endpoint.origin.node), p.context.prefix.text) for p in application.placed)
