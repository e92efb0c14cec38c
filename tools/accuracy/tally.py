"""Counts of one kind of fact, and the single facts that differ."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import Any

import msgspec


class Tally(msgspec.Struct, frozen=True):
    """How many facts agree, of how many that are true and how many that were said."""

    matched: int = 0
    truth: int = 0
    extracted: int = 0

    @property
    def recall(self) -> float:
        """The share of the true facts that were said; 1 where nothing is true."""
        return self.matched / self.truth if self.truth else 1.0

    @property
    def precision(self) -> float:
        """The share of what was said that is true; 1 where nothing was said."""
        return self.matched / self.extracted if self.extracted else 1.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.matched + other.matched, self.truth + other.truth, self.extracted + other.extracted)


class Difference(msgspec.Struct, frozen=True):
    """One fact that differs: the kind of fact, what it is about, what is true and what was said."""

    fact: str
    subject: str
    truth: str
    extracted: str


class Comparison(msgspec.Struct, frozen=True):
    """The tallies by kind of fact, and everything that differs."""

    tallies: dict[str, Tally]
    differences: tuple[Difference, ...]


class Counting:
    """Counts kinds of fact while two descriptions are compared."""

    def __init__(self) -> None:
        self._tallies: dict[str, Tally] = {}
        self._differences: list[Difference] = []

    def sets(self, fact: str, subject: str, truth: Collection[Any], extracted: Collection[Any]) -> None:
        """Count the members that two sets share, and note those that only one has."""
        true, said = set(truth), set(extracted)
        self._add(fact, Tally(len(true & said), len(true), len(said)))
        if true != said:
            self._note(fact, subject, _listed(true - said, "missing"), _listed(said - true, "extra"))

    def pair(self, fact: str, subject: str, truth: object, extracted: object, *, same: bool) -> None:
        """Count one fact that both descriptions state."""
        self._add(fact, Tally(int(same), 1, 1))
        if not same:
            self._note(fact, subject, str(truth), str(extracted))

    def result(self) -> Comparison:
        """Everything counted."""
        return Comparison(dict(self._tallies), tuple(self._differences))

    def _add(self, fact: str, tally: Tally) -> None:
        self._tallies[fact] = self._tallies.get(fact, Tally()) + tally

    def _note(self, fact: str, subject: str, truth: str, extracted: str) -> None:
        self._differences.append(Difference(fact, subject, truth, extracted))


def _listed(members: set[Hashable], what: str) -> str:
    return f"{what} {', '.join(sorted(map(_written, members)))}" if members else ""


def _written(member: Hashable) -> str:
    return " ".join(member) if isinstance(member, tuple) else str(member)
