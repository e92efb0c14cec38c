"""Calls of libraries and attributes set on their objects: at start-up, for requests, and beside both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rules.evaluation.machine import Machine
from rules.evaluation.modules import ModuleInfo
from rules.evaluation.values import Effect, Value
from rules.finding import Place, TrailStep
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.isolation.placement import place_of
from rules.project.taint.contexts import Context
from rules.project.taint.library_calls import LibraryCall, library_call
from rules.project.tokens.occurrences import functions_of, unknown_arguments

_BUDGET = 2_000
_MARKS = (
    b"password",
    b"secret",
    b"key",
    b"verify",
    b"ssl",
    b"cookie",
    b"create_engine",
    b"create_async_engine",
)
NAMES = frozenset(
    {
        "create_engine", "create_async_engine", "from_url", "connect", "set_cookie", "new", "Fernet",
        "_create_unverified_context", "Database", "MongoClient", "AsyncIOMotorClient", "Celery", "login",
    }
)  # fmt: skip
KEYWORDS = frozenset(
    {
        "verify", "ssl", "verify_ssl", "secure", "httponly", "password", "secret", "secret_key", "api_key",
        "client_secret", "aws_secret_access_key", "key", "auth",
    }
)  # fmt: skip
_ATTRIBUTES = frozenset({"verify", "verify_mode", "check_hostname", "debug", "api_key"})
_WRITTEN = re.compile(
    rf"\b(?:{'|'.join(sorted(NAMES))})\b|\b(?:{'|'.join(sorted(KEYWORDS))})[\s\\]*="
    rf"|\.[\s\\]*(?:{'|'.join(sorted(_ATTRIBUTES))})\b"
)
"""What `_tells` looks for, in the text: a function without it need not be read."""


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """One effect, and the run that it belongs to; without a `context` outside of requests."""

    effect: Effect
    context: Context | None

    @property
    def place(self) -> Place:
        """The span of the call or target."""
        return place_of(self.effect.origin)

    def trail(self, note: str) -> tuple[TrailStep, ...]:
        """The steps that lead to it."""
        if self.context is not None:
            return self.context.trail(self.effect, note)
        return (TrailStep(self.place.path, self.place.line, note),)


@dataclass(frozen=True, slots=True, eq=False)
class LibraryUse(Use):
    """A call of something outside the project."""

    call: LibraryCall


@dataclass(frozen=True, slots=True, eq=False)
class AttributeSet(Use):
    """`owner.name = value` where `owner` is no object of the project; `[]` for an item."""

    owner: Value
    name: str
    value: Value


@dataclass(eq=False)
class LibraryUses:
    """All of them, each once for the call that leads to it."""

    machine: Machine
    contexts: Sequence[Context]
    counts: Callable[[str], bool]
    _seen: set[tuple[int, int]] = field(default_factory=set)
    _reached: set[int] = field(default_factory=set)

    @cached_property
    def all(self) -> tuple[Use, ...]:
        """Start-up first, then requests, then functions that neither reaches."""
        return tuple(self._all())

    @property
    def calls(self) -> Iterator[LibraryUse]:
        """The calls among them."""
        return (use for use in self.all if isinstance(use, LibraryUse))

    @property
    def attributes(self) -> Iterator[AttributeSet]:
        """The assignments among them."""
        return (use for use in self.all if isinstance(use, AttributeSet))

    def _all(self) -> Iterator[Use]:
        modules = [m for path, m in self.machine.index.modules.items() if self.counts(path)]
        for module in modules:
            self.machine.scope(module)
        yield from self._of(self.machine.wiring.effects, None)
        for context in self.contexts:
            yield from self._of(context.log.effects, context)
        for module in modules:
            wanted = {id(f) for f in self._unreached(module)}
            values = list(self.machine.scope(module).bindings.values()) if wanted else []
            for function in functions_of(iter(values)):
                if id(function.node) in wanted:
                    wanted.discard(id(function.node))
                    arguments, origin = unknown_arguments(function)
                    trace = self.machine.trace(function, arguments, origin, budget=_BUDGET)
                    yield from self._of(trace.effects, None)

    def _of(self, effects: Sequence[Effect], context: Context | None) -> Iterator[Use]:
        for effect in list(effects):
            if effect.kind not in {"call", "set"}:
                continue
            caller = id(effect.stack[-1].node) if effect.stack else 0
            key = (id(effect.origin.node), caller)
            if key in self._seen or not self.counts(effect.origin.module.path):
                continue
            self._seen.add(key)
            self._reached.add(key[0])
            if effect.kind == "set" and effect.target is not None:
                yield AttributeSet(effect, context, effect.target, effect.name, effect.value)
            elif (call := library_call(effect.value)) is not None:
                yield LibraryUse(effect, context, call)

    def _unreached(self, module: ModuleInfo) -> Iterator[ir.Function]:
        data = module.source.data.lower()
        if not any(mark in data for mark in _MARKS):
            return
        whole = module.source.module
        pending = [n for n in walk(whole.statements) if isinstance(n, ir.Function)]
        while pending:
            function = pending.pop()
            if not _WRITTEN.search("\n".join(module.source.lines[function.line - 1 : function.end_line])):
                continue
            inside = list(walk(whole.body(function)))
            pending += [node for node in inside if isinstance(node, ir.Function)]
            if any(id(node) not in self._reached and _tells(node) for node in inside):
                yield function


def _tells(node: ir.Node) -> bool:
    if isinstance(node, ir.Call):
        function = node.function
        name = function.name if isinstance(function, ir.Attribute) else getattr(function, "id", "")
        return name in NAMES or any(k.name in KEYWORDS for k in node.keywords)
    return isinstance(node, ir.Attribute) and node.name in _ATTRIBUTES
