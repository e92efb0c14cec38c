"""The application held to the API specifications of the repository: mismatches, and questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rules.finding import Place, Question
from rules.project.conformance.differences import Difference, Effect
from rules.project.conformance.dynamic_answers import answers_by_itself, reads_by_itself
from rules.project.conformance.extracted import Implemented, Surface, plain_path, surfaces
from rules.project.conformance.matching import Match, best_match, describes
from rules.project.conformance.operation_differences import OperationComparison
from rules.project.conformance.security_differences import security_differences
from rules.project.openapi.dialect import Dialect
from rules.rule import Confidence
from rules.specification.api import ApiSpecifications, api_specifications
from rules.specification.operations import ApiSpecification, Operation

if TYPE_CHECKING:
    from rules.project.project import Project

AMBIGUOUS = "specification-ambiguous"
UNREAD = "specification-not-read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """One difference of an operation.

    `specified` is where the specification says so, None where no line of it is about the difference; `others`
    are the operations that share it.
    """

    place: Place
    title: str
    difference: Difference
    specified: Place | None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApiConformance:
    """What came of holding the code to the specifications."""

    specifications: tuple[ApiSpecification, ...] = ()
    mismatches: tuple[Mismatch, ...] = ()
    questions: tuple[Question, ...] = ()


def api_conformance(project: Project) -> ApiConformance:
    """Compare each specification with the application that it is about."""
    files = {path: source.data for path, source in project.files.items()}
    found = api_specifications(files, project.options.api_spec)
    if not found.read:
        return ApiConformance(questions=tuple(_unread(found)))
    served = list(surfaces(project))
    matches = [(spec, best_match(spec, served)) for spec in found.read]
    about = [(spec, match) for spec, match in matches if describes(spec, match)]
    asked = [*_unread(found), *_doubted(spec for spec, _ in about)]
    asked += [_stranger(spec, match) for spec, match in matches if not describes(spec, match) and served]
    held = [
        _Held(project, spec, match or Match(served[0], "", 0))
        for spec, match in about
        if served and spec.operations
    ]
    mismatches: list[Mismatch] = []
    for one in held:
        differing = list(_of(one, held))
        stale = _is_stale(one.specification, differing)
        asked += [_outdated(one.specification)] if stale else []
        mismatches += [] if stale else differing
    return ApiConformance(found.read, tuple(_once(mismatches)), tuple(dict.fromkeys(asked)))


@dataclass(frozen=True, slots=True)
class _Held:
    """A specification beside the application that it is about."""

    project: Project
    specification: ApiSpecification
    match: Match
    keys: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.keys.update(self.match.key(operation) for operation in self.specification.operations)

    def place(self, operation: Operation) -> Place:
        """Where an operation stands in the specification."""
        return Place(self.specification.path, max(operation.line, 1))

    @property
    def surface(self) -> Surface:
        return self.match.surface


def _of(held: _Held, others: list[_Held]) -> Iterator[Mismatch]:
    beside = [o for o in others if o is not held and o.surface is held.surface]
    earlier = {key for o in others[: others.index(held)] if o.surface is held.surface for key in o.keys}
    changed: set[tuple[str, str]] = set()
    for operation in held.specification.operations:
        key = held.match.key(operation)
        made = held.surface.operations.get(key)
        if made is not None:
            yield from _compared(held, operation, made)
        elif key not in earlier:
            yield from _missing(held, operation, changed)
    if held.specification.is_whole:
        known = held.keys.union(changed, earlier, *(o.keys for o in beside))
        yield from _extra(held, known)


def _compared(held: _Held, operation: Operation, made: Implemented) -> Iterator[Mismatch]:
    spec = held.specification
    comparison = OperationComparison(operation, made.operation, spec.is_list, spec.knows_null)
    level, _, _ = held.project.isolation.access(made.route)
    found = list(comparison.differences())
    if operation.says_security or not spec.is_generated:
        found += security_differences(operation, made.operation, level)
    for difference in found:
        if difference.effect is Effect.ADDS and not spec.is_whole:
            continue
        doubted = _doubts(held, made, difference)
        place = made.route.place
        yield Mismatch(
            place=place, title=operation.title, difference=doubted, specified=held.place(operation)
        )


def _doubts(held: _Held, made: Implemented, difference: Difference) -> Difference:
    """The difference, surer or less sure by what the handler may do beside its declaration."""
    confidence = difference.confidence
    if held.specification.is_generated and not held.specification.is_configured:
        confidence = min(confidence, Confidence.MEDIUM, key=lambda c: c.rank)
    older = not Dialect.of(held.surface.application.version).separates_modes
    if older and difference.place not in {"method", "security", "status"}:
        confidence = min(confidence, Confidence.MEDIUM, key=lambda c: c.rank)
    answer = difference.place == "status" or difference.place.startswith("response")
    if answer and difference.effect is not Effect.ADDS and answers_by_itself(made.route):
        confidence = Confidence.LOW
    if held.specification.is_list and difference.place not in {"", "method", "security"}:
        confidence = min(confidence, Confidence.MEDIUM, key=lambda c: c.rank)
    request = "parameter" in difference.place or difference.place == "request body"
    if request and difference.effect is Effect.BREAKS and reads_by_itself(made.route):
        confidence = Confidence.LOW
    return replace(difference, confidence=confidence)


def _missing(held: _Held, operation: Operation, changed: set[tuple[str, str]]) -> Iterator[Mismatch]:
    path, specified = held.match.path(operation), held.place(operation)
    if held.surface.serves_hidden(operation.method, path):
        return
    there = [m for (_, at), m in held.surface.operations.items() if at == plain_path(path)]
    strays = [m for m in there if (m.operation.method, plain_path(path)) not in held.keys | changed]
    if len(strays) == 1:
        changed.add((strays[0].operation.method, plain_path(path)))
        said = f"specified as {operation.method.upper()}, served as {strays[0].operation.method.upper()}"
        difference = _sure(held, Difference(Effect.BREAKS, "method", said))
        place = strays[0].route.place
        yield Mismatch(place=place, title=operation.title, difference=difference, specified=specified)
        return
    effect = Effect.WEAKENS if operation.own.get("deprecated") is True else Effect.BREAKS
    said = f"is specified, but `{held.surface.application.label}` does not serve it"
    listed = Confidence.MEDIUM if held.specification.is_list else Confidence.HIGH
    difference = _sure(held, Difference(effect, "", said, listed))
    yield Mismatch(place=specified, title=operation.title, difference=difference, specified=None)


def _sure(held: _Held, difference: Difference) -> Difference:
    sure = held.surface.is_whole
    generated = held.specification.is_generated and not held.specification.is_configured
    confidence = Confidence.MEDIUM if generated else difference.confidence
    return replace(difference, confidence=confidence if sure else Confidence.LOW)


def _extra(held: _Held, known: set[tuple[str, str]]) -> Iterator[Mismatch]:
    """Operations that no specification knows."""
    for key, made in held.surface.operations.items():
        if key not in known and key[0] not in {"head", "options"}:
            said = f"is served, but `{held.specification.path}` does not specify it"
            difference = _sure(held, Difference(Effect.ADDS, "", said))
            title = made.operation.title
            yield Mismatch(place=made.route.place, title=title, difference=difference, specified=None)


def _once(found: list[Mismatch]) -> Iterator[Mismatch]:
    """A difference of a schema that several operations share is told at the first of them."""
    shared: dict[str, Mismatch] = {}
    for mismatch in found:
        text = mismatch.difference.text
        if not mismatch.difference.is_shared:
            yield mismatch
        elif text not in shared:
            shared[text] = mismatch
        elif mismatch.title not in (shared[text].title, *shared[text].others):
            shared[text] = replace(shared[text], others=(*shared[text].others, mismatch.title))
    yield from shared.values()


def _unread(found: ApiSpecifications) -> Iterator[Question]:
    for doubt in found.unread:
        yield Question(UNREAD, doubt.path, doubt.line, doubt.message)


def _doubted(specifications: Iterator[ApiSpecification]) -> Iterator[Question]:
    for specification in specifications:
        for doubt in specification.doubts:
            yield Question(AMBIGUOUS, doubt.path, doubt.line, doubt.message)


def _is_stale(specification: ApiSpecification, found: list[Mismatch]) -> bool:
    """Whether a document that was once generated has been left behind by the code."""
    if specification.is_configured or not specification.is_generated:
        return False
    broken = {mismatch.title for mismatch in found if mismatch.difference.effect is Effect.BREAKS}
    return len(broken) > max(3, len(specification.operations) // 3)


def _outdated(specification: ApiSpecification) -> Question:
    said = (
        "this document was generated from a state of the code that is long gone; generate it anew, or name "
        "it in `api-spec` if the code is to be held to it."
    )
    return Question(AMBIGUOUS, specification.path, 1, said)


def _stranger(specification: ApiSpecification, match: Match | None) -> Question:
    count, total = match.count if match is not None else 0, len(specification.operations)
    said = (
        f"{count} of the {total} operations specified here are served by an application of this repository; "
        "is it the specification of one of them? Name it in `api-spec` if it is."
    )
    return Question(AMBIGUOUS, specification.path, 1, said)
