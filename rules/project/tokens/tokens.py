"""Tokens as the rules ask for them: what is made, what is read, and how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rules.evaluation.machine import Machine
from rules.evaluation.values import ClassValue, Symbol, Unknown, Value
from rules.project.isolation.isolation import Isolation
from rules.project.isolation.provenance import root_of
from rules.project.taint.contexts import Context
from rules.project.taint.field_types import FieldTypes
from rules.project.tokens.algorithms import Algorithms, algorithms_of
from rules.project.tokens.claims import Claims, claims_of
from rules.project.tokens.lifetimes import Lifetime, lifetimes
from rules.project.tokens.occurrences import (
    Occurrence,
    Occurrences,
    functions_of,
    unknown_arguments,
)
from rules.project.tokens.term_texts import term_text
from rules.project.tokens.token_calls import Act, TokenCall

_BUDGET = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """A token that is made: its claims on each path, its algorithm, the text of its key's term."""

    occurrence: Occurrence
    claims: tuple[Claims, ...]
    algorithms: Algorithms
    key: str

    @property
    def lifetimes(self) -> tuple[Lifetime, ...]:
        """The lifetimes that are known."""
        return tuple(found for c in self.claims for found in lifetimes(c.values.get("exp")))

    def values(self, claim: str) -> tuple[Value, ...]:
        """What a claim may hold."""
        return tuple(value for c in self.claims if (value := c.values.get(claim)) is not None)


@dataclass(frozen=True, slots=True, eq=False)
class Decoding:
    """A token that is read, verified or not."""

    occurrence: Occurrence
    algorithms: Algorithms
    key: str

    @property
    def call(self) -> TokenCall:
        """The call that reads it."""
        return self.occurrence.call


@dataclass(eq=False)
class Tokens:
    """All of them."""

    occurrences: Sequence[Occurrence]
    fields: Callable[[ClassValue], dict[str, Value]]
    isolation: Isolation

    @cached_property
    def encodings(self) -> tuple[Encoding, ...]:
        """The tokens that are made."""
        return tuple(
            Encoding(
                o,
                claims_of(o.call.claims, o.log.effects[: o.position], self.fields),
                algorithms_of(o.call),
                _key(o),
            )
            for o in self.occurrences
            if o.call.act is Act.ENCODE
        )

    @cached_property
    def decodings(self) -> tuple[Decoding, ...]:
        """The tokens that are read."""
        return tuple(
            Decoding(o, algorithms_of(o.call), _key(o))
            for o in self.occurrences
            if o.call.act is not Act.ENCODE
        )


def _key(occurrence: Occurrence) -> str:
    """The text of the key's term; one of its own where nothing is known of the key."""
    key = occurrence.call.key
    root = root_of(key) if key is not None else None
    unknown = (
        root is None or isinstance(root, Unknown) or (isinstance(root, Symbol) and root.role == "parameter")
    )
    return f"unknown {id(occurrence)}" if unknown else term_text(key)


def tokens(isolation: Isolation, contexts: Sequence[Context], counts: Callable[[str], bool]) -> Tokens:
    """Walk what every request does, then the functions of files that count which no request reaches."""
    found = Occurrences()
    for context in contexts:
        found.look(context, context.log)
    machine = isolation.machine
    for path, module in machine.index.modules.items():
        if counts(path):
            wanted = {id(function) for function in found.unreached(module)}
            _run_alone(
                machine, found, wanted, list(machine.scope(module).bindings.values()) if wanted else []
            )
    return Tokens(found.found, FieldTypes(machine), isolation)


def _run_alone(machine: Machine, found: Occurrences, wanted: set[int], values: list[Value]) -> None:
    for function in functions_of(iter(values)):
        if id(function.node) in wanted:
            wanted.discard(id(function.node))
            arguments, origin = unknown_arguments(function)
            found.look_alone(machine.trace(function, arguments, origin, budget=_BUDGET).effects)
