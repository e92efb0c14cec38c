"""Judges queries whose proofs rest on each other: the least answers that agree, each found once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from rules.project.isolation.formulas import Proof

_STEPS = 5_000
_DEEPEST = 200
_NOTHING = 10**9


@dataclass(slots=True)
class Judgements:
    """Answers by what was asked. A question that leads back to itself proves nothing by that alone.

    Questions that lead to each other are asked anew until no answer changes. `exhausted` once there were
    too many: what was not judged then counts as checked by a helper.
    """

    exhausted: bool = False
    _final: dict[Hashable, Proof] = field(default_factory=dict)
    _open: dict[Hashable, int] = field(default_factory=dict)
    _provisional: dict[Hashable, tuple[int, Proof]] = field(default_factory=dict)
    _assumed: dict[Hashable, Proof] = field(default_factory=dict)
    _lowest: int = _NOTHING
    _changes: int = 0
    _steps: int = 0

    def of(self, key: Hashable, judge: Callable[[], Proof]) -> Proof:
        """The answer to the question `key`, as `judge` finds it where it is not known."""
        final = self._final.get(key)
        if final is not None:
            return final
        if key in self._open:
            self._lowest = min(self._lowest, self._open[key])
            return self._assumed.setdefault(key, Proof.NONE)
        provisional = self._provisional.get(key)
        if provisional is not None:
            self._lowest = min(self._lowest, provisional[0])
            return provisional[1]
        return self._solve(key, judge)

    def _solve(self, key: Hashable, judge: Callable[[], Proof]) -> Proof:
        """Ask; the first of several that lead to each other asks until no answer changes."""
        outer, level, known = self._lowest, len(self._open), len(self._provisional)
        self._open[key] = level
        while True:
            self._lowest, before = _NOTHING, self._changes
            found = self._ask(judge)
            if found is not self._assumed.get(key, found):
                self._assumed[key] = found
                self._changes += 1
            if self._lowest < level or self._changes == before:
                break
            self._close(known, None)
        del self._open[key]
        if self._lowest >= level:
            self._final[key] = found
            self._close(known, self._final)
            self._lowest = outer
            return found
        self._lower(known, self._lowest)
        self._provisional[key] = self._lowest, found
        self._lowest = min(outer, self._lowest)
        return found

    def _ask(self, judge: Callable[[], Proof]) -> Proof:
        self._steps += 1
        self.exhausted = self.exhausted or self._steps > _STEPS or len(self._open) > _DEEPEST
        return Proof.HELPER if self.exhausted else judge()

    def _close(self, kept: int, answers: dict[Hashable, Proof] | None) -> None:
        """Take back provisional answers, or make them final."""
        for key in list(self._provisional)[kept:]:
            _, proof = self._provisional.pop(key)
            if answers is not None:
                answers[key] = proof

    def _lower(self, kept: int, level: int) -> None:
        for key in list(self._provisional)[kept:]:
            lowest, proof = self._provisional[key]
            self._provisional[key] = min(lowest, level), proof

    def alone(self, ask: Callable[[], bool]) -> bool:
        """The answer to a question that is asked as if nothing else were open."""
        saved = self._open, self._provisional, self._assumed, self._lowest
        self._open, self._provisional, self._assumed = {}, {}, {}
        try:
            return ask()
        finally:
            self._open, self._provisional, self._assumed, self._lowest = saved
