"""From the effects of start-up to registrations: decorators, methods, overridden methods of own routers."""

from __future__ import annotations

from msgspec import structs

from rules.evaluation.attributes import find_in_class
from rules.evaluation.machine import Machine
from rules.evaluation.values import (
    Application,
    Arguments,
    Const,
    Effect,
    FunctionValue,
    Instance,
    Member,
    Origin,
    Sequence,
    Value,
    alternatives,
)
from rules.project.routing.controllers import cbv_target, move_last
from rules.project.routing.framework import is_router, router_of
from rules.project.routing.readings import items
from rules.project.routing.recording import (
    METHODS,
    Site,
    add_constructed,
    add_endpoint,
    add_middleware,
    add_route_object,
    add_startup,
    options,
)
from rules.project.routing.registrations import VERBS, Registrations, decorator_of, method_of

_MAX_DEPTH = 6
_LEVELS = ("api_route", "add_api_route")
_KINDS = {"websocket": "websocket", "route": "raw", "websocket_route": "raw-websocket"}


class Registering:
    """Reads the effects of the wiring run once each, in order."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.found = Registrations()
        self._next = 0
        self._order = 0
        self._constructed: set[int] = set()

    def read(self) -> Registrations:
        """Take in the effects that were logged since the last call."""
        effects = self.machine.wiring.effects
        while self._next < len(effects):
            effect = effects[self._next]
            self._next += 1
            self._take(effect, "", 0)
        return self.found

    def _take(self, effect: Effect, below: str, depth: int) -> None:
        """Read one effect; `below` names the overridden router method it was made in, if any."""
        if effect.kind == "set" and effect.name == "prefix":
            self._prefix(effect)
        if effect.kind != "call":
            return
        self._order += 1
        if is_router(effect.value):
            self._construct(effect)
        elif (controlled := cbv_target(effect.value)) is not None:
            move_last(self.found, *controlled)
        elif (decorated := decorator_of(effect)) is not None:
            self._decorator(effect, *decorated, below, depth)
        elif (method := method_of(effect)) is not None:
            self._method(effect, *method, below, depth)

    def _prefix(self, effect: Effect) -> None:
        receiver = router_of(effect.target)
        if receiver is not None:
            self.found.of(receiver).prefixes.append((self._order, effect.value))

    def _site(self, effect: Effect, receiver: Value, arguments: Arguments) -> Site:
        register = self.found.of(receiver)
        assumed = {(id(c.origin.node), c.negated) for c in register.existence}
        if assumed:
            left = tuple(c for c in effect.conditions if (id(c.origin.node), c.negated) not in assumed)
            effect = structs.replace(effect, conditions=left)
        return Site(register, effect, self._order, arguments)

    def _construct(self, effect: Effect) -> None:
        if id(effect.value) not in self._constructed:
            self._constructed.add(id(effect.value))
            self.found.of(effect.value).existence = effect.conditions
            add_constructed(self._site(effect, effect.value, options(effect.value)))

    def _decorator(self, effect: Effect, inner: Application, member: Member, below: str, depth: int) -> None:
        receiver = router_of(member.of)
        if receiver is None or not isinstance(effect.value, Application):
            return
        target, name, arguments = effect.value.arguments.positional[0], member.name, inner.arguments
        site = self._site(effect, receiver, arguments).at(inner.origin, arguments)
        if name in VERBS or name == "api_route":
            if not self._overridden(receiver, name, inner, target, below, depth):
                methods = (name.upper(),) if name in VERBS else arguments.get(None, "methods")
                add_endpoint(site, "api", methods, target)
        elif name in _KINDS:
            add_endpoint(site, _KINDS[name], arguments.get(None, "methods"), target)
        elif name == "middleware":
            add_middleware(site, dispatch=target)
        elif name == "on_event":
            add_startup(site, arguments.get(0, "event_type"), target)

    def _overridden(
        self, receiver: Value, name: str, inner: Application, target: Value, below: str, depth: int
    ) -> bool:
        """Whether the project's own router class handles `api_route` or `add_api_route`: then follow it."""
        levels = _LEVELS[_LEVELS.index(below) + 1 :] if below in _LEVELS else _LEVELS
        for level in levels:
            method = _own_method(receiver, level) if level != name and depth <= _MAX_DEPTH else None
            if method is None:
                continue
            keywords = {k: v for k, v in inner.arguments.keywords.items() if k != "path"}
            if name in VERBS:
                keywords["methods"] = Sequence("list", [Const(name.upper())])
            positional = [inner.arguments.get(0, "path") or Const("")]
            if level == "add_api_route":
                positional.append(target)
            arguments = Arguments(positional, keywords, inner.arguments.is_open)
            decorated = target if level == "api_route" else None
            self._replay(method, arguments, inner.origin, level, depth, decorated)
            return True
        return False

    def _replay(
        self,
        method: FunctionValue,
        arguments: Arguments,
        origin: Origin,
        level: str,
        depth: int,
        decorated: Value | None = None,
    ) -> None:
        """Run an overridden method and take what it does to the router in the place of the call."""
        effects = self.machine.wiring.effects
        start = len(effects)
        made = self.machine.call(method, arguments, origin)
        if decorated is not None:
            self.machine.call(made, Arguments([decorated]), origin)
        new = effects[start:]
        del effects[start:]
        for effect in new:
            self._take(_placed(effect, origin), level, depth + 1)

    def _method(self, effect: Effect, call: Application, member: Member, below: str, depth: int) -> None:
        owner = member.of
        if isinstance(owner, Member) and owner.name in {"routes", "dependencies"}:
            self._list_method(effect, owner, member.name, call.arguments)
            return
        handle = METHODS.get(member.name)
        for alternative in alternatives(owner) if handle is not None else ():
            receiver = router_of(alternative.value)
            if receiver is None or handle is None:
                continue
            method = _own_method(receiver, member.name) if below != member.name else None
            if method is not None and member.name == "add_api_route" and depth <= _MAX_DEPTH:
                self._replay(method, call.arguments, call.origin, member.name, depth)
                continue
            made = structs.replace(effect, conditions=effect.conditions + alternative.conditions)
            handle(self._site(made, receiver, call.arguments))

    def _list_method(self, effect: Effect, owner: Member, name: str, arguments: Arguments) -> None:
        """`app.routes.append(Route(…))`, `router.dependencies.append(Depends(…))`."""
        receiver = router_of(owner.of)
        if receiver is None or not arguments.positional or name not in {"append", "extend", "insert"}:
            return
        last = arguments.positional[-1]
        for value in [value for value, _ in items(last)] if name == "extend" else [last]:
            if owner.name == "routes":
                add_route_object(self._site(effect, receiver, arguments), value)
            else:
                self.found.of(receiver).dependencies.append(value)


def _placed(effect: Effect, origin: Origin) -> Effect:
    """An effect inside an overridden method, at the place where the method was called."""
    moved = structs.replace(effect, origin=origin, stack=(*effect.stack, effect.origin))
    value = effect.value
    if isinstance(value, Application) and isinstance(value.function, Application):
        inner = structs.replace(value.function, origin=origin)
        moved.value = structs.replace(value, function=inner)
    return moved


def _own_method(receiver: Value, name: str) -> FunctionValue | None:
    """The project's override of a router method."""
    found = find_in_class(receiver.cls, name) if isinstance(receiver, Instance) else None
    if found is None or not isinstance(found[0], FunctionValue):
        return None
    return structs.replace(found[0], bound=receiver)
