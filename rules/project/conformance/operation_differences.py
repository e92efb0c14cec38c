"""How an implemented operation differs from the specified one: parameters, body, statuses, answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.project.conformance.differences import Difference, Direction, Effect
from rules.project.conformance.schema_differences import SchemaComparison
from rules.project.openapi.json_values import UNKNOWN
from rules.rule import Confidence
from rules.specification.operations import Operation
from rules.specification.values import Json

_NOT_PARAMETERS = frozenset({"accept", "content-type", "authorization"})
_ADDED_BY_FRAMEWORK = frozenset({"422", "DEFAULT"})


@dataclass(frozen=True, slots=True)
class OperationComparison:
    """Two operations; where a specification is a list or knows no null, its silence is no difference."""

    specified: Operation
    implemented: Operation
    is_list: bool = False
    knows_null: bool = True

    def differences(self) -> Iterator[Difference]:
        """Every difference, those of the request first."""
        yield from self._parameters()
        yield from self._body()
        yield from self._statuses()
        yield from self._answers()

    @property
    def _is_known(self) -> bool:
        return UNKNOWN not in self.implemented.own

    def _parameters(self) -> Iterator[Difference]:
        wanted, made = self.specified.parameters, self.implemented.parameters
        for (place, name), parameter in wanted.items():
            if place == "path" or name in _NOT_PARAMETERS:
                continue
            found = made.get((place, name))
            if found is not None:
                yield from self._parameter(place, parameter, found)
            elif self._is_known and not (place == "cookie" or self._is_credential(place, name)):
                said = "is specified, but the code does not take it"
                yield Difference(Effect.BREAKS, f"{place} parameter `{parameter['name']}`", said)
        yield from self._path_parameters()
        for (place, name), parameter in made.items() if not self.is_list else ():
            if (place, name) not in wanted and place != "path" and name not in _NOT_PARAMETERS:
                needed = parameter.get("required") is True
                said = (
                    "is required by the code, and the specification does not know it"
                    if needed
                    else "is added"
                )
                effect = Effect.BREAKS if needed else Effect.ADDS
                yield Difference(effect, f"{place} parameter `{parameter['name']}`", said)

    def _parameter(self, place: str, wanted: dict[str, Json], made: dict[str, Json]) -> Iterator[Difference]:
        where = f"{place} parameter `{wanted['name']}`"
        needed, asked = made.get("required") is True, wanted.get("required") is True
        if needed and not asked and not self.is_list:
            yield Difference(Effect.BREAKS, where, "is optional by the specification, the code requires it")
        if asked and not needed:
            yield Difference(Effect.WEAKENS, where, "is required by the specification, but not by the code")
        yield from self._schemas(wanted.get("schema"), made.get("schema"), Direction.REQUEST, where)
        yield from _defaults(wanted.get("schema"), made.get("schema"), where)

    def _path_parameters(self) -> Iterator[Difference]:
        """Parameters of the path by their order: their names are no client's business."""
        wanted, made = _in_path(self.specified), _in_path(self.implemented)
        for (name, parameter), (_, found) in zip(wanted, made, strict=False):
            if parameter is not None and found is not None:
                where = f"path parameter `{name}`"
                yield from self._schemas(
                    parameter.get("schema"), found.get("schema"), Direction.REQUEST, where
                )

    def _is_credential(self, place: str, name: str) -> bool:
        """Whether a security scheme of the code reads the header or query parameter."""
        components = self.implemented.document.get("components", {})
        schemes = components.get("securitySchemes", {}).values()
        return any(s.get("in") == place and str(s.get("name", "")).lower() == name.lower() for s in schemes)

    def _body(self) -> Iterator[Difference]:
        wanted, made = self.specified.body, self.implemented.body
        if wanted is None and made is not None and not self.is_list:
            needed = made.get("required") is True
            said = "is required by the code, and the specification has none" if needed else "is added"
            yield Difference(Effect.BREAKS if needed else Effect.ADDS, "request body", said)
        if wanted is not None and made is None and self._is_known:
            yield Difference(Effect.BREAKS, "request body", "is specified, but the code takes none")
        if wanted is None or made is None:
            return
        if made.get("required") is True and wanted.get("required") is not True and not self.is_list:
            said = "the specification does not say that it is required, the code requires it"
            yield Difference(Effect.WEAKENS, "request body", said, Confidence.MEDIUM)
        yield from self._contents(wanted, made, Direction.REQUEST, "request body")

    def _contents(
        self, wanted: dict[str, Json], made: dict[str, Json], direction: Direction, where: str
    ) -> Iterator[Difference]:
        left, right = _content(wanted), _content(made)
        if not left or not right:
            return
        shared = [kind for kind in left if kind in right]
        if not shared and not ({"*/*"} & {*left, *right}):
            kinds = f"`{', '.join(left)}` is specified, the code has `{', '.join(right)}`"
            yield Difference(Effect.BREAKS, where, kinds)
        for kind in shared:
            yield from self._schemas(left[kind], right[kind], direction, where)

    def _schemas(self, wanted: Json, made: Json, direction: Direction, where: str) -> Iterator[Difference]:
        if wanted is not None and made is not None:
            documents = self.specified.document, self.implemented.document
            comparison = SchemaComparison(*documents, direction, self.knows_null)
            yield from comparison.differences(wanted, made, where)

    def _statuses(self) -> Iterator[Difference]:
        wanted, made = set(self.specified.responses), set(self.implemented.responses)
        good, answered = {s for s in wanted if s[0] in "23"}, {s for s in made if s[0] in "23"}
        if good and answered and self._is_known and not any(_covered(s, good) for s in answered):
            said = f"{_statuses(good)} is specified, the code answers {_statuses(answered)}"
            yield Difference(Effect.BREAKS, "status", said)
        elif good and not self.is_list:
            more = {s for s in answered if not _covered(s, good)}
            if more:
                yield Difference(Effect.ADDS, "status", f"the code also answers {_statuses(more)}")
        errors = {s for s in made - answered - _ADDED_BY_FRAMEWORK if not _covered(s, wanted)}
        if wanted and errors and not self.is_list and "DEFAULT" not in wanted:
            yield Difference(Effect.ADDS, "status", f"the code also answers {_statuses(errors)}")

    def _answers(self) -> Iterator[Difference]:
        for status, wanted in self.specified.responses.items():
            made = self.implemented.responses.get(status)
            if made is None or status == "422":
                continue
            if _content(wanted) and not _content(made) and status[0] == "2" and self._is_known:
                said = "content is specified, the code answers none"
                yield Difference(Effect.BREAKS, f"response {status}", said)
            if "content" not in wanted and not self.is_list and status != "204" and _describes(made):
                yield Difference(Effect.ADDS, f"response {status}", "content is added")
            yield from self._contents(wanted, made, Direction.RESPONSE, f"response {status}")


def _in_path(operation: Operation) -> list[tuple[str, dict[str, Json] | None]]:
    names = [part.partition("}")[0] for part in operation.path.split("{")[1:]]
    return [(name, operation.parameters.get(("path", name))) for name in names]


def _content(given: dict[str, Json]) -> dict[str, Json]:
    """The schemas by media type, without parameters of the types."""
    content = given.get("content")
    pairs = content.items() if isinstance(content, dict) else ()
    return {
        str(kind).partition(";")[0].strip().lower(): inner.get("schema", {})
        for kind, inner in pairs
        if isinstance(inner, dict)
    }


def _describes(made: dict[str, Json]) -> bool:
    return any(schema for schema in _content(made).values())


def _defaults(wanted: Json, made: Json, where: str) -> Iterator[Difference]:
    if not isinstance(wanted, dict) or not isinstance(made, dict):
        return
    if "default" in wanted and "default" in made and wanted["default"] != made["default"]:
        said = f"default `{wanted['default']}` is specified, the code has `{made['default']}`"
        yield Difference(Effect.BREAKS, where, said)


def _covered(status: str, wanted: set[str]) -> bool:
    return status in wanted or f"{status[0]}XX" in wanted or (status.endswith("XX") and any(
        other.startswith(status[0]) for other in wanted
    ))  # fmt: skip


def _statuses(found: set[str]) -> str:
    return " or ".join(sorted(found))
