"""JSON Schemas laid flat: one record for each field that clients send or get."""

from __future__ import annotations

from collections.abc import Iterator

from rules.inventory import ValueRecord
from rules.project.conformance.shapes import Shape, shape_of
from rules.project.openapi.json_values import Json

_MAX_DEPTH = 6
_MAX_PARTS = 200


def value_parts(document: Json, schema: Json, place: str, *, required: bool) -> tuple[ValueRecord, ...]:
    """The value at `place` and everything in it, outermost first; cyclic models are entered once."""
    found: list[ValueRecord] = []
    for part in _parts(document, schema, place, (), required=required):
        found.append(part)
        if len(found) == _MAX_PARTS:
            break
    return tuple(found)


def _parts(
    document: Json, schema: Json, place: str, within: tuple[str, ...], *, required: bool = True
) -> Iterator[ValueRecord]:
    shape = shape_of(document, schema)
    yield ValueRecord(
        place=place,
        type=_type(document, shape),
        required=required,
        nullable=shape.nullable,
        values=tuple(sorted(str(value) for value in shape.values or ())),
        limits=dict(sorted(shape.limits.items())),
    )
    if len(within) >= _MAX_DEPTH or (shape.name and shape.name in within):
        return
    inside = (*within, shape.name)
    for name, inner in shape.properties.items():
        yield from _parts(document, inner, f"{place}.{name}", inside, required=name in shape.required)
    if shape.items is not None:
        yield from _parts(document, shape.items, f"{place}[]", inside)
    if shape.mapped is not None:
        yield from _parts(document, shape.mapped, f"{place}{{}}", inside)


def _type(document: Json, shape: Shape) -> str:
    """`string(uuid)`, `integer`, `Cat or Dog`; empty where any value is allowed, or nobody knows."""
    if not shape.is_known:
        return ""
    if shape.variants:
        members = (shape_of(document, member) for member in shape.variants)
        return " or ".join(sorted({m.name or _type(document, m) or "anything" for m in members}))
    plain = " or ".join(sorted(shape.types))
    return f"{plain}({shape.format})" if shape.format else plain
