"""Injections: the client's data where a library interprets it, on a path that no check guards."""

from __future__ import annotations

from dataclasses import dataclass, field

from rules.evaluation.values import Application, Effect, Value
from rules.finding import Place, TrailStep
from rules.project.isolation.formulas import Proof
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.paths import Log
from rules.project.isolation.placement import place_of
from rules.project.isolation.roles import Input
from rules.project.isolation.standing import steps_to
from rules.project.isolation.terms import name_of
from rules.project.routing.routes import Route
from rules.project.taint.addressing import Reach, reach
from rules.project.taint.allow_lists import AllowList
from rules.project.taint.dangers import Danger, Flow
from rules.project.taint.flows import Flows
from rules.project.taint.sinks import Sink
from rules.project.taint.statements import runs, text_sink
from rules.rule import Confidence

_CHECKED = ("a check against a fixed set", "a type that cannot hold an attack")
SEARCHED: dict[Danger, tuple[str, ...]] = {
    Danger.SQL: ("bound parameters", "identifiers quoted by the driver", *_CHECKED),
    Danger.HTML: ("escaping", "a sanitizer", "a template that escapes", *_CHECKED),
    Danger.URL: ("a fixed host", "a check of the host", *_CHECKED),
    Danger.REDIRECT: ("a path of this site", "a check of the host", *_CHECKED),
    Danger.PATH: ("a resolved path below a folder", "a plain file name", *_CHECKED),
    Danger.CODE: ("parsing as data", *_CHECKED),
    Danger.SHELL: ("an argument list without a shell", "shell quoting", *_CHECKED),
    Danger.OBJECT: ("a safe loader", *_CHECKED),
    Danger.TEMPLATE: ("a template of the server's own", *_CHECKED),
}
_BROWSER_SENDS = frozenset({Input.HEADER, Input.COOKIE})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Injection:
    """The client's data in one sink. `reach` is how much of what is interpreted the client decides.

    `text` is the term that was built of the data, `routes` all that lead here.
    """

    danger: Danger
    what: str
    flow: Flow
    text: Value
    effect: Effect
    reach: Reach
    confidence: Confidence
    place: Place
    inspection: Inspection
    routes: list[Route]

    @property
    def title(self) -> str:
        """What a message begins with: the first route, and how many more there are."""
        more = f" and {len(self.routes) - 1} more" if len(self.routes) > 1 else ""
        return f"`{self.routes[0].title}`{more}"

    @property
    def guards_searched(self) -> tuple[str, ...]:
        """What would have made the data harmless."""
        return SEARCHED[self.danger]

    @property
    def trail(self) -> tuple[TrailStep, ...]:
        """From the route to what interprets the data."""
        note = f"{self.what} gets {self.flow.source.phrase}"
        return tuple(steps_to(self.inspection, self.effect, note))


@dataclass(slots=True)
class Injections:
    """Collects injections from the effects of requests; what two routes share is one."""

    flows: Flows
    found: dict[tuple[Danger, Place], Injection] = field(default_factory=dict)
    _known: dict[int, tuple[Sink, tuple[Flow, ...]]] = field(default_factory=dict)

    def look(self, inspection: Inspection, log: Log, position: int, sinks: tuple[Sink, ...]) -> None:
        """Look at the sinks of the effect at a position of a request's log."""
        for sink in sinks:
            flows = self._into(sink)
            if not flows:
                continue
            at = _runs_at(log, position) if sink.danger is Danger.SQL else position
            judged = (_judged(inspection, log, at, sink, flow) for flow in flows)
            injection = next((found for found in judged if found is not None), None)
            if injection is not None:
                self._keep(injection)

    def _into(self, sink: Sink) -> tuple[Flow, ...]:
        known = self._known.get(id(sink))
        if known is None:
            known = self._known[id(sink)] = (sink, tuple(self.flows.into(sink.value, sink.danger)))
        return known[1]

    def _keep(self, injection: Injection) -> None:
        key = (injection.danger, injection.place)
        before = self.found.get(key)
        if before is None:
            self.found[key] = injection
            return
        routes = [*before.routes, *(r for r in injection.routes if r not in before.routes)]
        better = max(before, injection, key=lambda i: i.confidence.rank)
        better.routes[:] = routes
        self.found[key] = better


def _runs_at(log: Log, position: int) -> int:
    """Where the statement that holds a text is run; at the text itself where that is not seen."""
    made = log.effects[position].value
    if not isinstance(made, Application) or text_sink(made) is None:
        return position
    for later in range(position + 1, len(log.effects)):
        if log.effects[later].kind == "call" and runs(log.effects[later].value, made):
            return later
    return position


def page_sinks(route: Route, answer: Value) -> tuple[Sink, ...]:
    """What a route returns, where its response class is HTML."""
    return (Sink(Danger.HTML, answer, "the HTML answer"),) if _answers_html(route) else ()


def _answers_html(route: Route) -> bool:
    return _response_class(route) == "HTMLResponse"


def _response_class(route: Route) -> str:
    """The class that the route's `response_class` names."""
    given = route.placed.endpoint.arguments.keywords.get("response_class")
    return name_of(given) if given is not None else ""


def _judged(inspection: Inspection, log: Log, position: int, sink: Sink, flow: Flow) -> Injection | None:
    route = inspection.route
    reached = reach(sink.danger, flow, route.path)
    if reached is Reach.NOTHING:
        return None
    judge = AllowList.of(sink.danger, flow)
    proof = log.moment(position, flow.conditions).proves(judge)
    if proof is Proof.FULL or any(judge.refuses(earlier) for earlier in log.effects[:position]):
        return None
    effect = log.effects[position]
    return Injection(
        danger=sink.danger,
        what=sink.what,
        flow=flow,
        text=sink.value,
        effect=effect,
        reach=reached,
        confidence=_confidence(inspection, sink, flow, proof, reached),
        place=place_of(effect.origin),
        inspection=inspection,
        routes=[route],
    )


def _confidence(inspection: Inspection, sink: Sink, flow: Flow, proof: Proof, reached: Reach) -> Confidence:
    by_victim = sink.danger in {Danger.HTML, Danger.REDIRECT} and flow.source.kind in _BROWSER_SENDS
    if proof is Proof.HELPER or reached is Reach.PART or by_victim:
        return Confidence.LOW
    sure = flow.source.known and inspection.run.complete and inspection.route.resolved
    return Confidence.HIGH if sure else Confidence.MEDIUM
