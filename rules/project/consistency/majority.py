"""What most do: a value that at least four in five share, among at least five."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)
SHARE = 0.8
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Majority(Generic[T]):
    """The value that `count` of `total` have."""

    value: T
    count: int
    total: int

    @property
    def phrase(self) -> str:
        """`9 of 10`."""
        return f"{self.count} of {self.total}"


def majority(values: Iterable[T]) -> Majority[T] | None:
    """The value of a clear majority; None where there are too few values, or none is that common."""
    counted = Counter(values)
    total = counted.total()
    if total < FEWEST:
        return None
    value, count = counted.most_common(1)[0]
    return Majority(value, count, total) if count >= SHARE * total else None
