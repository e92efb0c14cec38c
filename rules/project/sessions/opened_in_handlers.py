"""Sessions and engines that a handler or a service opens itself instead of taking an injected one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules.evaluation.values import Effect, Origin, Value, alternatives
from rules.finding import Place
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.call_frames import Frame, Frames, decorator_names
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.placement import place_of
from rules.project.isolation.requests import Step
from rules.project.sessions.request_sessions import RequestSessions
from rules.project.sessions.session_values import engine_mode, session_of

if TYPE_CHECKING:
    from rules.project.project import Project

_CACHES = frozenset({"lru_cache", "cache", "cached", "cached_property", "alru_cache"})
_MANAGERS = frozenset({"contextmanager", "asynccontextmanager"})


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A session or engine made in `function`: at `site`, by `effect`.

    `certain` is False where the function is a decorator's wrapper, or may have got a session after all.
    """

    inspection: Inspection
    effect: Effect
    site: Origin
    function: str
    is_engine: bool
    certain: bool

    @property
    def place(self) -> Place:
        """The call that opens it, or the call of the helper that does."""
        return place_of(self.site)


def opened_in_handlers(project: Project) -> Iterator[Opened]:
    """Each place once, with the first route that reaches it; websockets hold sessions of their own."""
    seen: set[Place] = set()
    for request in project.request_sessions:
        if request.inspection.route.is_websocket:
            continue
        for found in _opened(request, project.frames):
            if found.place not in seen:
                seen.add(found.place)
                yield found


def _opened(request: RequestSessions, frames: Frames) -> Iterator[Opened]:
    start = request.inspection.run.log.handler
    for position, effect in request.made:
        if position < start:
            continue
        chain = frames.of(effect)
        given = _givers(request, effect.value, frames)
        if not chain or any(_streams(frame, frames, given) for frame in chain):
            continue
        if _is_kept(request, effect, chain):
            continue
        is_engine = engine_mode(effect.value) is not None
        while len(chain) > 1 and not is_engine and (id(chain[-1].function) in given or _manages(chain[-1])):
            chain.pop()
        frame = chain[-1]
        yield Opened(
            request.inspection,
            effect,
            frame.site,
            frame.function.name,
            is_engine,
            certain=not _wraps(frame, frames) and not _takes_session(frame),
        )


def _is_kept(request: RequestSessions, effect: Effect, chain: list[Frame]) -> bool:
    """Whether what is made is kept for later requests: by a cache, a global name, a dictionary of engines."""
    if any(_CACHES & set(decorator_names(frame.function)) for frame in chain):
        return True
    if any(isinstance(node, ir.Scope) and node.kind == "global" for node in walk(chain[-1].body())):
        return True
    return engine_mode(effect.value) is not None and any(
        later.kind == "set" and any(a.value is effect.value for a in alternatives(later.value))
        for later in request.inspection.run.log.effects
    )


def _wraps(frame: Frame, frames: Frames) -> bool:
    """Whether the function is defined inside another one, as a decorator's wrapper is."""
    return frames.enclosing(frame.origin) is not None


def _takes_session(frame: Frame) -> bool:
    return any(word in p.name for p in frame.function.parameters for word in ("session", "db"))


def _givers(request: RequestSessions, made: Value, frames: Frames) -> set[int]:
    """The functions that hand what was made to their caller."""
    log = request.inspection.run.log
    effects = log.effects[log.handler :]
    return {
        id(function)
        for effect in effects
        if effect.kind in {"return", "yield"}
        and any(alternative.value is made for alternative in alternatives(effect.value))
        and (function := frames.enclosing(effect.origin)) is not None
    }


def _manages(frame: Frame) -> bool:
    """Whether the frame is a context manager, so that what it opens is its caller's."""
    return not _MANAGERS.isdisjoint(decorator_names(frame.function))


def _streams(frame: Frame, frames: Frames, given: set[int]) -> bool:
    """Whether the frame is a generator that outlives the handler, as a streamed response's does."""
    return frames.is_generator(frame) and id(frame.function) not in given and not _manages(frame)


def provider(project: Project) -> str:
    """The name of the dependency that most routes take their session from; empty where there is none."""
    counted: dict[str, int] = {}
    for request in project.request_sessions:
        for step in request.inspection.run.steps[:-1]:
            if gives_session(step):
                name = step.dependant.name.rpartition(".")[2]
                counted[name] = counted.get(name, 0) + 1
    return max(counted, key=lambda name: (counted[name], name), default="")


def gives_session(step: Step) -> bool:
    """Whether a dependency's value is a session."""
    return step.value is not None and session_of(step.value) is not None
