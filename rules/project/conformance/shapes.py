"""JSON Schemas reduced to what two of them are compared by: 3.0 and 3.1, nullable forms, `allOf` alike."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rules.project.openapi.json_values import UNKNOWN
from rules.specification.references import resolve
from rules.specification.values import UNSTATED, Json

_CONSTRAINTS = (
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems",
    "maxItems",
)  # fmt: skip
_MAXIMUM_DEPTH = 12
_SAME_FORMATS = frozenset({"int32", "int64", "float", "double", "decimal", "password"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A schema.

    `types` is empty where any is allowed, `values` None where any value is; `variants` are the members of a
    union; `is_known` is False where a part of it was not found out, `is_whole` where a specification does not
    tell what else there is, and what is required.
    """

    name: str = ""
    types: frozenset[str] = frozenset()
    nullable: bool = False
    format: str = ""
    values: tuple[Json, ...] | None = None
    properties: dict[str, Json] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    items: Json = None
    mapped: Json = None
    limits: dict[str, float] = field(default_factory=dict)
    pattern: str = ""
    variants: tuple[Json, ...] = ()
    is_known: bool = True
    is_whole: bool = True

    @property
    def says_nothing(self) -> bool:
        """Whether any value has this shape."""
        return not (self.types or self.properties or self.variants or self.values is not None)


def shape_of(document: Json, schema: Json, depth: int = 0) -> Shape:
    """The shape of a schema of a document."""
    found = resolve(document, schema)
    if schema is True:
        return Shape()
    if not isinstance(found.value, dict) or depth > _MAXIMUM_DEPTH:
        return Shape(name=found.name, is_known=False)
    made = replace(_own(found.value), name=found.name)
    for part in _listed(found.value.get("allOf")):
        made = _merged(made, shape_of(document, part, depth + 1))
    members = [*_listed(found.value.get("anyOf")), *_listed(found.value.get("oneOf"))]
    return _with_members(document, made, members, depth) if members else made


def _own(schema: dict[str, Json]) -> Shape:
    types = schema.get("type")
    named = {types} if isinstance(types, str) else {t for t in _listed(types) if isinstance(t, str)}
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    known = tuple(v for v in values if v is not None) if isinstance(values, list) else None
    nulls = "null" in named or schema.get("nullable") is True or (isinstance(values, list) and None in values)
    properties = schema.get("properties")
    extra = schema.get("additionalProperties")
    if not named and isinstance(properties, dict):
        named = {"object"}
    given = str(schema.get("format") or "")
    return Shape(
        types=frozenset(named - {"null"}) or (frozenset({"null"}) if named else frozenset()),
        nullable=nulls,
        format="" if given in _SAME_FORMATS else given,
        values=known or None,
        properties=properties if isinstance(properties, dict) else {},
        required=frozenset(str(name) for name in _listed(schema.get("required"))),
        items=schema.get("items"),
        mapped=extra if isinstance(extra, dict) and extra else None,
        limits=_limits(schema),
        pattern=str(schema.get("pattern") or ""),
        is_known=UNKNOWN not in schema,
        is_whole=UNSTATED not in schema,
    )


def _limits(schema: dict[str, Json]) -> dict[str, float]:
    """The limits in the form of 3.1, where an exclusive one is a number."""
    found = {name: schema[name] for name in _CONSTRAINTS if name in schema}
    for exclusive, plain in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if found.get(exclusive) is True and plain in found:
            found[exclusive] = found.pop(plain)
    return {
        name: float(value)
        for name, value in found.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def _merged(left: Shape, right: Shape) -> Shape:
    return replace(
        left,
        name=left.name or right.name,
        types=left.types or right.types,
        nullable=left.nullable or right.nullable,
        format=left.format or right.format,
        values=left.values if left.values is not None else right.values,
        properties={**right.properties, **left.properties},
        required=left.required | right.required,
        items=left.items if left.items is not None else right.items,
        mapped=left.mapped if left.mapped is not None else right.mapped,
        limits={**right.limits, **left.limits},
        pattern=left.pattern or right.pattern,
        variants=left.variants or right.variants,
        is_known=left.is_known and right.is_known,
    )


def _with_members(document: Json, made: Shape, members: list[Json], depth: int) -> Shape:
    shapes = [(member, shape_of(document, member, depth + 1)) for member in members]
    nullable = made.nullable or any(s.types == {"null"} or s.nullable for _, s in shapes)
    rest = [(member, s) for member, s in shapes if s.types != {"null"}]
    if len(rest) == 1:
        return replace(_merged(replace(made, name=""), rest[0][1]), nullable=nullable)
    known = made.is_known and all(s.is_known for _, s in rest)
    return replace(made, nullable=nullable, variants=tuple(m for m, _ in rest), is_known=known)


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
