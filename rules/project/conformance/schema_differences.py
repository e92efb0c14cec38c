"""How a schema that the code implements differs from the specified one, in the direction that it travels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rules.project.conformance.differences import Difference, Direction, Effect
from rules.project.conformance.limit_differences import limit_differences
from rules.project.conformance.shapes import Shape, shape_of
from rules.rule import Confidence
from rules.specification.values import Json

_MAXIMUM_DEPTH = 24
_MAXIMUM_STEPS = 5_000


@dataclass(slots=True)
class SchemaComparison:
    """Compares schemas of two documents; pairs of named ones are compared once.

    Without `knows_null` the specified document never says null, and so says nothing about it.
    """

    specified: Json
    extracted: Json
    direction: Direction
    knows_null: bool = True
    _seen: set[tuple[str, str]] = field(default_factory=set)
    _steps: list[int] = field(default_factory=lambda: [0])

    def differences(self, wanted: Json, made: Json, place: str, depth: int = 0) -> Iterator[Difference]:
        """Every difference of two schemas, told at `place` or at the specified component that it is in."""
        spec, code = shape_of(self.specified, wanted), shape_of(self.extracted, made)
        shared = bool(spec.name)
        if spec.name and code.name:
            if (spec.name, code.name) in self._seen:
                return
            self._seen.add((spec.name, code.name))
        self._steps[0] += 1
        if self._steps[0] > _MAXIMUM_STEPS:
            return
        if depth > _MAXIMUM_DEPTH or spec.says_nothing or not spec.is_known:
            return
        yield from self._told(spec, code, _Spot(f"`{spec.name}`" if spec.name else place, shared), depth)

    def _told(self, spec: Shape, code: Shape, spot: _Spot, depth: int) -> Iterator[Difference]:
        if code.says_nothing or (code.types == {"object"} and _is_bare(code) and spec.properties):
            if code.is_known and (spec.properties or spec.items or spec.variants or self._is_request):
                yield spot.says(
                    Effect.WEAKENS, f"{_named(spec)} is specified, {_untold(code)}", Confidence.MEDIUM
                )
            return
        yield from self._nullability(spec, code, spot)
        if spec.variants or code.variants:
            yield from self._unions(spec, code, spot)
            return
        if spec.types and code.types and not self._fits(spec, code):
            yield spot.says(Effect.BREAKS, f"specified as {_named(spec)}, implemented as {_named(code)}")
            return
        yield from self._scalars(spec, code, spot)
        yield from self._properties(spec, code, spot, depth)
        for wanted, made, what in ((spec.items, code.items, "[]"), (spec.mapped, code.mapped, ".*")):
            if wanted is not None and made is not None:
                yield from self.differences(wanted, made, spot.inner(what), depth + 1)

    @property
    def _is_request(self) -> bool:
        return self.direction is Direction.REQUEST

    def _fits(self, spec: Shape, code: Shape) -> bool:
        """Whether every type that one side may send is one that the other takes."""
        sent, taken = (spec.types, code.types) if self._is_request else (code.types, spec.types)
        return all(t in taken or (t == "integer" and "number" in taken) for t in sent)

    def _nullability(self, spec: Shape, code: Shape, spot: _Spot) -> Iterator[Difference]:
        if not code.is_known or spec.types == {"null"} or code.types == {"null"}:
            return
        if code.nullable and not spec.nullable and not self._is_request and self.knows_null:
            yield spot.says(Effect.BREAKS, "never null by the specification, the code may answer null")
        if spec.nullable and not code.nullable and self._is_request:
            yield spot.says(Effect.BREAKS, "may be null by the specification, the code refuses null")

    def _unions(self, spec: Shape, code: Shape, spot: _Spot) -> Iterator[Difference]:
        left = spec.variants or (_alone(spec),)
        right = code.variants or (_alone(code),)
        if not code.is_known or not spec.is_known:
            return
        sent, taken = (left, right) if self._is_request else (right, left)
        if not all(any(self._agree(one, other) for other in taken) for one in sent):
            said = "the alternatives of the specification and of the code do not agree"
            yield spot.says(Effect.BREAKS, said, Confidence.MEDIUM)

    def _agree(self, sent: Json, taken: Json) -> bool:
        spec, code = (sent, taken) if self._is_request else (taken, sent)
        inner = replace(self, _seen=set())
        return not any(
            d.effect is Effect.BREAKS for d in inner.differences(spec, code, "", _MAXIMUM_DEPTH - 4)
        )

    def _scalars(self, spec: Shape, code: Shape, spot: _Spot) -> Iterator[Difference]:
        if spec.format and code.format and spec.format != code.format:
            yield spot.says(
                Effect.BREAKS, f"format `{spec.format}` is specified, the code has `{code.format}`"
            )
        if spec.values is not None and code.values is not None:
            sent, taken = (spec, code) if self._is_request else (code, spec)
            lost = [v for v in sent.values or () if v not in (taken.values or ())]
            if lost:
                who = "refuses" if self._is_request else "may answer"
                yield spot.says(Effect.BREAKS, f"the code {who} {_values(lost)}, unlike the specification")
            elif self._is_request and set(map(str, spec.values)) != set(map(str, code.values)):
                more = [v for v in code.values if v not in spec.values]
                yield spot.says(Effect.ADDS, f"the code also takes {_values(more)}")
        elif spec.values is not None and code.is_known:
            verb = "takes" if self._is_request else "may answer"
            said = f"only {_values(list(spec.values))} by the specification, the code {verb} anything"
            yield spot.says(Effect.WEAKENS, said)
        elif code.values is not None and self._is_request:
            yield spot.says(Effect.BREAKS, f"the code takes {_values(list(code.values))} alone")
        if self._is_request:
            yield from (spot.says(effect, said) for effect, said in limit_differences(spec, code))

    def _properties(self, spec: Shape, code: Shape, spot: _Spot, depth: int) -> Iterator[Difference]:
        for name, wanted in spec.properties.items():
            if name in code.properties:
                yield from self._property(spec, code, name, spot, depth)
            elif code.is_known and code.properties and code.mapped is None and not _is_one_way(wanted, self):
                yield self._missing(spec, name, spot)
        if not spec.properties or spec.mapped is not None or not spec.is_whole:
            return
        for name in code.properties:
            if name not in spec.properties:
                needed = self._is_request and name in code.required
                verb = "is required by the code" if needed else "is not in the specification"
                effect = Effect.BREAKS if needed else Effect.ADDS
                yield spot.at(name).says(
                    effect, f"{verb}, and the specification does not know it" if needed else verb
                )

    def _missing(self, spec: Shape, name: str, spot: _Spot) -> Difference:
        if self._is_request:
            return spot.at(name).says(Effect.BREAKS, "is specified, but the code does not take it")
        effect = Effect.BREAKS if name in spec.required or not spec.required else Effect.WEAKENS
        return spot.at(name).says(effect, "is specified, but the code does not answer it")

    def _property(self, spec: Shape, code: Shape, name: str, spot: _Spot, depth: int) -> Iterator[Difference]:
        inner = spot.at(name)
        if spec.is_whole and self._is_request and name in code.required and name not in spec.required:
            yield inner.says(Effect.BREAKS, "is optional by the specification, the code requires it")
        if self._is_request and name in spec.required and name not in code.required and code.is_known:
            yield inner.says(Effect.WEAKENS, "is required by the specification, the code does not require it")
        below = self.differences(spec.properties[name], code.properties[name], inner.place, depth + 1)
        for found in below:
            yield Difference(
                found.effect, found.place, found.said, found.confidence, found.is_shared or spot.shared
            )


@dataclass(frozen=True, slots=True)
class _Spot:
    place: str
    shared: bool

    def at(self, name: str) -> _Spot:
        plain = self.place.removesuffix("`")
        joined = f"{plain}.{name}`" if self.place.endswith("`") else f"{plain} `{name}`"
        return _Spot(joined, self.shared)

    def inner(self, mark: str) -> str:
        return f"{self.place[:-1]}{mark}`" if self.place.endswith("`") else self.place

    def says(self, effect: Effect, said: str, confidence: Confidence = Confidence.HIGH) -> Difference:
        return Difference(effect, self.place, said, confidence, self.shared)


def _is_bare(shape: Shape) -> bool:
    return not shape.properties and shape.mapped is None and shape.is_known


def _is_one_way(schema: Json, comparison: SchemaComparison) -> bool:
    """Whether a property travels the other way alone, by `readOnly` or `writeOnly`."""
    if not isinstance(schema, dict):
        return False
    key = "readOnly" if comparison.direction is Direction.REQUEST else "writeOnly"
    return schema.get(key) is True


def _alone(shape: Shape) -> Json:
    if shape.name:
        return {"$ref": f"#/components/schemas/{shape.name}"}
    made: dict[str, Json] = {"type": sorted(shape.types)} if shape.types else {}
    if shape.properties:
        made |= {"properties": shape.properties, "required": sorted(shape.required)}
    return made | ({"items": shape.items} if shape.items is not None else {})


def _named(shape: Shape) -> str:
    types = " or ".join(sorted(shape.types)) or "anything"
    article = f"`{shape.name}` ({types})" if shape.name else f"`{types}`"
    return article + (f" of format `{shape.format}`" if shape.format else "")


def _untold(code: Shape) -> str:
    return "the code says only that it is an object" if code.types else "the code does not say what it is"


def _values(values: list[Json]) -> str:
    return ", ".join(f"`{value}`" for value in values[:6]) + (", …" if len(values) > 6 else "")
