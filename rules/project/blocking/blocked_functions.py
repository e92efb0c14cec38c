"""Coroutines of the request path that call something which blocks, within two plain functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import Effect
from rules.finding import Place
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.blocking.blocking_calls import SHORT, Blocking, BlockingCall, blocking_call
from rules.project.call_frames import Frame, Frames, decorator_names
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.placement import place_of

if TYPE_CHECKING:
    from rules.project.project import Project

_HOPS = 2
_MANAGERS = frozenset({"contextmanager"})
_OFFLOADING = ("thread", "executor", "async", "background", "task")


@dataclass(frozen=True, slots=True, eq=False)
class Blocked:
    """A coroutine that blocks: `frame` is the coroutine with its call, `effect` what blocks in the end.

    `is_entry` where FastAPI itself calls the coroutine: a handler or a dependency.
    """

    inspection: Inspection
    frame: Frame
    effect: Effect
    call: BlockingCall
    is_entry: bool

    @property
    def place(self) -> Place:
        """The coroutine's own call."""
        return place_of(self.frame.site)


def blocked_functions(project: Project) -> list[Blocked]:
    """The first call of each kind that blocks each coroutine; short waits only where there is no long one."""
    found: dict[tuple[int, Blocking], Blocked] = {}
    steps: set[int] = set()
    calls: dict[int, BlockingCall | None] = {}
    for inspection in project.isolation.inspections():
        for step in inspection.run.steps:
            if id(step) in steps:
                continue
            steps.add(id(step))
            for effect in step.effects:
                if effect.kind != "call":
                    continue
                if id(effect.value) not in calls:
                    calls[id(effect.value)] = blocking_call(effect)
                call = calls[id(effect.value)]
                blocked = None if call is None else _blocked(inspection, effect, call, project.frames)
                if blocked is not None:
                    found.setdefault((id(blocked.frame.function), blocked.call.kind), blocked)
    waiting = {function for function, kind in found if kind not in SHORT}
    return [b for (function, kind), b in found.items() if kind not in SHORT or function not in waiting]


def _blocked(inspection: Inspection, effect: Effect, call: BlockingCall, frames: Frames) -> Blocked | None:
    chain = frames.of(effect)
    depth = _coroutine(chain, frames)
    if depth is None or any(_offloads(frame.function) for frame in chain[1:]):
        return None
    return Blocked(inspection, chain[depth], effect, call, is_entry=depth == 0)


def _coroutine(chain: list[Frame], frames: Frames) -> int | None:
    """The innermost coroutine that runs on the event loop, at most two plain functions further out."""
    outermost = next((n for n, frame in enumerate(chain) if not frame.function.is_async), len(chain))
    plain = chain[outermost:]
    if not outermost or len(plain) > _HOPS or any(frame.function.is_async for frame in plain):
        return None
    if any(frames.is_generator(f) and _MANAGERS.isdisjoint(decorator_names(f.function)) for f in plain):
        return None
    return outermost - 1


def _offloads(function: ir.Function) -> bool:
    """Whether a decorator may have moved the function to a thread."""
    return any(
        word in name.lower()
        for name in decorator_names(function)
        for word in _OFFLOADING
        if name != "asynccontextmanager"
    )


def needs_coroutine(frame: Frame) -> bool:
    """Whether the function awaits anything, so that it cannot be a plain `def`."""
    return any(
        isinstance(node, ir.Await)
        or (isinstance(node, ir.For | ir.With) and node.is_async)
        or isinstance(node, ir.Yield)
        for node in walk(frame.body())
    ) or "async for" in frame.module.source.segment(frame.function)
