"""Fields and paging parameters that no bound limits."""

from __future__ import annotations

from collections.abc import Iterator

from rules.evaluation.values import Application, Const, External, Operation, Parametrized, Symbol, Value
from rules.project.annotations import Shape, called, external_name, generic_name, shape
from rules.project.inputs.request_bodies import validated_fields
from rules.project.isolation.requests import RequestRun
from rules.project.isolation.terms import called_name, walk
from rules.project.routing.parameters import Parameter
from rules.project.schema.schemas import Schema, SchemaField

_LENGTHS = frozenset({"max_length", "max_items", "pattern", "regex"})
_TEXTS = frozenset({"str", "SecretStr", "bytes"})
_LISTS = frozenset({"list", "List", "set", "Set", "Sequence", "tuple", "Tuple", "frozenset"})
_PAGE_SIZES = frozenset(
    {
        "limit",
        "size",
        "page_size",
        "per_page",
        "pagesize",
        "perpage",
        "count",
        "take",
        "first",
        "items_per_page",
    }
)
_UPPER = frozenset({"le", "lt"})


def unbounded_fields(schema: Schema) -> tuple[SchemaField, ...]:
    """The texts and lists of a model that may be of any length; none that a validator looks at."""
    checked = validated_fields(schema.model)
    if "*" in checked:
        return ()
    return tuple(
        field
        for field in schema.fields.values()
        if field.name not in checked and field.alias not in checked and _is_unbounded(field)
    )


def _is_unbounded(field: SchemaField) -> bool:
    if _LENGTHS & field.constraints.keys() or _says_more(field.shape):
        return False
    base = field.shape.base
    if external_name(base, "builtins", "pydantic") in _TEXTS:
        return True
    if isinstance(base, Parametrized) and generic_name(base) in _LISTS:
        return not (generic_name(base) in {"tuple", "Tuple"} and not _is_open_tuple(base))
    return external_name(base, "builtins", "typing") in _LISTS


def _is_open_tuple(value: Parametrized) -> bool:
    return any(external_name(argument) == "Ellipsis" for argument in value.arguments)


def _says_more(found: Shape) -> bool:
    """Whether something annotated to the type may bound it in its own way, such as a validator."""
    return any(not _is_plain(item) for item in found.metadata)


def _is_plain(item: Value) -> bool:
    if isinstance(item, Const):
        return True
    return called(item, "pydantic", "sqlmodel", "fastapi") in {"Field", "Body", "Form", "Query"} or (
        called(item) == "Doc"
    )


def unbounded_page_size(parameter: Parameter, run: RequestRun) -> bool:
    """Whether a query parameter says how many rows to give, and neither its type nor the code limits it."""
    if parameter.location != "query" or parameter.name.lower() not in _PAGE_SIZES:
        return False
    if parameter.annotation is None:
        return False
    found = shape(parameter.annotation)
    if external_name(found.base, "builtins") != "int" or any(
        _limits(item) for item in _markers(parameter, found)
    ):
        return False
    return not any(_is_clamped(value, parameter.name) for value in _tested(run))


def _markers(parameter: Parameter, found: Shape) -> Iterator[Value]:
    yield from found.metadata
    if parameter.marker is not None:
        yield parameter.marker


def _limits(item: Value) -> bool:
    if isinstance(item, Application):
        return bool(_UPPER & item.arguments.keywords.keys()) or called(item) in {"Le", "Lt", "Interval"}
    return not isinstance(item, Const | External)


def _tested(run: RequestRun) -> Iterator[Value]:
    """What the request calls, and what it tests on its way."""
    yield from {id(effect.value): effect.value for effect in run.log.effects}.values()
    paths = {id(effect.conditions): effect.conditions for effect in run.log.effects}
    yield from {id(c.test): c.test for path in paths.values() for c in path}.values()


def _is_clamped(value: Value, name: str) -> bool:
    for node in walk(value):
        if isinstance(node, Operation) and node.operator in {">", ">=", "<", "<="}:
            compared = node.operands
        elif isinstance(node, Application) and called_name(node) in {"min", "clamp", "range"}:
            compared = node.arguments.positional
        else:
            continue
        if any(_is_parameter(operand, name) for operand in compared):
            return True
    return False


def _is_parameter(value: Value, name: str) -> bool:
    return any(isinstance(node, Symbol) and node.name == name for node in walk(value))
