"""Flattening: what an application serves when its routers, their routers and its mounts are laid out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rules.evaluation.values import Arguments, Condition, Value
from rules.project.routing.controllers import routable_entries, routable_options
from rules.project.routing.framework import is_application, is_router, router_of
from rules.project.routing.library_routers import library_entries
from rules.project.routing.readings import NOTHING, Text, flag, is_known_list, items, text, texts
from rules.project.routing.recording import options
from rules.project.routing.registrations import Endpoint, Entry, Inclusion, Mounting, Register, Registrations

MAX_PLACED = 20_000
_MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Declared:
    """A `Depends` of a `dependencies=[…]` list; `level` is `app`, `include`, `router` or `decorator`."""

    value: Value
    level: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What lies around an entry: the sum of all that includes and mounts it."""

    application: Value
    prefix: Text = NOTHING
    tags: tuple[str, ...] = ()
    dependencies: tuple[Declared, ...] = ()
    include_in_schema: bool = True
    conditions: tuple[Condition, ...] = ()
    steps: tuple[Inclusion | Mounting, ...] = ()
    resolved: bool = True

    def within(self, arguments: Arguments, level: str, appended: list[Value] | None = None) -> Context:
        """The context inside something with these options: an application, a router, an inclusion."""
        keywords = arguments.keywords
        own = text(keywords.get("prefix"))
        listed = [
            Declared(value, level, conditions) for value, conditions in items(keywords.get("dependencies"))
        ]
        listed += [Declared(value, level) for value in appended or ()]
        known = is_known_list(keywords.get("dependencies")) and own.known and not arguments.is_open
        return replace(
            self,
            prefix=Text(self.prefix.text + own.text, self.prefix.known and own.known),
            tags=self.tags + texts(keywords.get("tags")),
            dependencies=self.dependencies + tuple(listed),
            include_in_schema=self.include_in_schema
            and flag(keywords.get("include_in_schema"), default=True),
            resolved=self.resolved and known,
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """An endpoint at its place in an application: the context around it, its own options taken in."""

    endpoint: Endpoint
    context: Context


@dataclass(frozen=True, slots=True)
class PlacedMount:
    """A mount at its place: it takes every path below `prefix` from all that is placed after `end`."""

    entry: Mounting
    context: Context
    prefix: Text
    start: int
    end: int


@dataclass(slots=True)
class Flattening:
    """Lays out applications; keeps the edges that could not be resolved.

    `standalone` are the applications that by default are served on their own, whatever may mount them.
    """

    registrations: Registrations
    lazy: bool
    standalone: frozenset[int] = frozenset()
    unresolved: list[Inclusion | Mounting] = field(default_factory=list)
    cyclic: list[Inclusion] = field(default_factory=list)
    mounts: list[PlacedMount] = field(default_factory=list)
    placed: int = 0
    truncated: bool = False

    def application(self, value: Value) -> list[Placed]:
        """All endpoints of an application in the order in which it matches them."""
        self.placed = 0
        return list(self._register(self.registrations.of(value), Context(application=value), None, ()))

    def _register(
        self, register: Register, context: Context, before: int | None, path: tuple[int, ...]
    ) -> Iterator[Placed]:
        if len(path) > _MAX_DEPTH:
            return
        level = "app" if is_application(register.receiver) else "router"
        arguments = options(register.receiver)
        inner = context.within(arguments, level, register.dependencies)
        for entry in register.entries:
            if register.prefixes:
                changed = _at(arguments, register, entry.order)
                inner = context.within(changed, level, register.dependencies)
            if before is not None and entry.order >= before:
                return
            if self.placed >= MAX_PLACED:
                self.truncated = True
                return
            yield from self._entry(entry, inner, before, (*path, id(register.receiver)))

    def _entry(
        self, entry: Entry, context: Context, before: int | None, path: tuple[int, ...]
    ) -> Iterator[Placed]:
        match entry:
            case Endpoint():
                self.placed += 1
                raw = entry.kind.startswith("raw")
                inner = replace(context, dependencies=(), tags=()) if raw else context
                placed = inner.within(_without_prefix(entry.arguments), "decorator")
                conditions = placed.conditions + entry.conditions
                yield Placed(entry, replace(placed, conditions=conditions))
            case Inclusion():
                yield from self._inclusion(entry, context, path)
            case Mounting() if before is None or self.lazy:
                yield from self._mounting(entry, context, path)

    def _inclusion(self, entry: Inclusion, context: Context, path: tuple[int, ...]) -> Iterator[Placed]:
        included = context.within(entry.arguments, "include")
        inner = replace(
            included, conditions=context.conditions + entry.conditions, steps=(*context.steps, entry)
        )
        if id(entry.router) in path:
            self.cyclic.append(entry)
            return
        if is_router(entry.router):
            register = self.registrations.of(entry.router)
            yield from self._register(register, inner, None if self.lazy else entry.order, path)
            return
        listed = library_entries(entry)
        if listed is None and (listed := routable_entries(entry)) is not None:
            inner = inner.within(routable_options(entry.router), "router")
        if listed is None:
            self.unresolved.append(entry)
            return
        for endpoint in listed:
            yield from self._entry(endpoint, inner, None, path)

    def _mounting(self, entry: Mounting, context: Context, path: tuple[int, ...]) -> Iterator[Placed]:
        target = router_of(entry.application)
        own = text(entry.path)
        prefix = Text(context.prefix.text + own.text.rstrip("/"), context.prefix.known and own.known)
        start = self.placed
        if target is not None and id(target) not in path and id(target) not in self.standalone:
            yield from self._mounted(entry, target, replace(context, prefix=prefix), path)
        self.mounts.append(PlacedMount(entry, context, prefix, start, self.placed))

    def _mounted(
        self, entry: Mounting, target: Value, context: Context, path: tuple[int, ...]
    ) -> Iterator[Placed]:
        inner = replace(
            context,
            application=target if is_application(target) else context.application,
            tags=(),
            dependencies=(),
            include_in_schema=True,
            conditions=context.conditions + entry.conditions,
            steps=(*context.steps, entry),
        )
        yield from self._register(self.registrations.of(target), inner, None, path)


def _at(arguments: Arguments, register: Register, order: int) -> Arguments:
    """A router's options when an entry was registered: with the prefix that was assigned last before it."""
    assigned = [value for when, value in register.prefixes if when < order]
    if not assigned:
        return arguments
    return Arguments(arguments.positional, {**arguments.keywords, "prefix": assigned[-1]}, arguments.is_open)


def _without_prefix(arguments: Arguments) -> Arguments:
    keywords = {k: v for k, v in arguments.keywords.items() if k != "prefix"}
    return Arguments(arguments.positional, keywords, arguments.is_open)
