"""Where a run's effects of some kind stand, found in one pass, so that no rule walks through all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rules.evaluation.values import Effect, Instance
from rules.project.isolation.terms import called_name


@dataclass(frozen=True, slots=True, eq=False)
class LogIndex:
    """Positions in order: of values that are calls, by what is called, of objects, and of some kinds."""

    named: Mapping[str, Sequence[int]]
    instances: Sequence[int]
    sets: Sequence[int]
    returns: Sequence[int]

    @classmethod
    def of(cls, effects: Iterable[Effect]) -> LogIndex:
        """Read the effects once."""
        named: dict[str, list[int]] = {}
        instances: list[int] = []
        kinds: dict[str, list[int]] = {"set": [], "return": []}
        for position, effect in enumerate(effects):
            if effect.kind in kinds:
                kinds[effect.kind].append(position)
            value = effect.value
            name = called_name(value)
            if name:
                named.setdefault(name, []).append(position)
            elif isinstance(value, Instance):
                instances.append(position)
        return cls(named, instances, kinds["set"], kinds["return"])

    def calls(self, names: Iterable[str]) -> list[int]:
        """The positions of values that are calls of so named things."""
        return sorted(position for name in names for position in self.named.get(name, ()))

    def either(self, names: Iterable[str], *others: Iterable[int]) -> list[int]:
        """Those, and other positions."""
        return sorted({*self.calls(names), *(position for other in others for position in other)})
