"""Traits of terms that follow from what they are made of: computed once for every part that terms share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from rules.evaluation.values import Value

_UNFINISHED = 10**9


@dataclass(slots=True)
class Traits:
    """The bits that `own` gives a term, and those of all parts that `own` says it is made of."""

    own: Callable[[Value], tuple[int, Iterable[Value]]]
    _known: dict[int, tuple[Value, int]] = field(default_factory=dict)

    def of(self, value: Value) -> int:
        """The bits of a term."""
        found = self._known.get(id(value))
        return self._compute(value, {}, [])[0] if found is None else found[1]

    def _compute(self, node: Value, entered: dict[int, int], open_: list[Value]) -> tuple[int, int]:
        """The bits of a node, and the first entered node that it leads back to: terms may lie in a cycle.

        Tarjan's strongly connected components: all nodes of a cycle are made of the same.
        """
        first = number = len(entered)
        position = len(open_)
        entered[id(node)] = number
        open_.append(node)
        bits, parts = self.own(node)
        for part in parts:
            found = self._known.get(id(part))
            if found is not None:
                bits |= found[1]
            elif id(part) in entered:
                first = min(first, entered[id(part)])
            else:
                more, back = self._compute(part, entered, open_)
                bits |= more
                first = min(first, back)
        if first < number:
            return bits, first
        for finished in open_[position:]:
            self._known[id(finished)] = (finished, bits)
        del open_[position:]
        return bits, _UNFINISHED
