"""The claims of a token that is made, however their dictionary was built."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Several
from dataclasses import dataclass

from rules.evaluation.values import (
    Application,
    ClassValue,
    Const,
    Dictionary,
    Effect,
    Instance,
    Member,
    Operation,
    Sequence,
    Symbol,
    Value,
    alternatives,
)
from rules.project.isolation.terms import called_name, receiver
from rules.project.taint.closed_types import model_of

Fields = Callable[[ClassValue], dict[str, Value]]
_DUMPS = frozenset({"model_dump", "dict", "_asdict", "to_dict", "model_dump_json", "json"})
_PLAIN_DUMPS = frozenset({"jsonable_encoder", "asdict", "vars", "dict"})


@dataclass(frozen=True, slots=True)
class Claims:
    """Names with their values; None where only the name is known. `is_open` where there may be more."""

    values: dict[str, Value | None]
    is_open: bool = False

    def merged(self, other: Claims) -> Claims:
        """Both, the other's values before this one's."""
        return Claims({**self.values, **other.values}, self.is_open or other.is_open)


_UNKNOWN = Claims({}, is_open=True)


def claims_of(value: Value | None, before: Several[Effect], fields: Fields) -> tuple[Claims, ...]:
    """The claims on each path; `before` is what was done so far, among it what was added to the claims."""
    if value is None:
        return (_UNKNOWN,)
    return tuple(_with_added(a.value, before, fields) for a in alternatives(value))


def _with_added(value: Value, before: Several[Effect], fields: Fields) -> Claims:
    found = _plain(value, fields)
    if isinstance(value, Dictionary) or found is _UNKNOWN:
        return found
    for effect in before:
        if effect.kind == "set" and effect.target is value:
            found = found.merged(_entry(effect))
        elif isinstance(effect.value, Application) and _updates(effect.value, value):
            arguments = effect.value.arguments
            given = [_plain(argument, fields) for argument in arguments.positional]
            for claims in (*given, Claims(dict(arguments.keywords), arguments.is_open)):
                found = found.merged(claims)
    return found


def _updates(call: Application, claims: Value) -> bool:
    return called_name(call) == "update" and receiver(call) is claims


def _entry(effect: Effect) -> Claims:
    """What an assignment to an item or attribute adds; the name of an item is not in the effect."""
    return Claims({effect.name: effect.value}) if effect.name != "[]" else _UNKNOWN


def _plain(value: Value, fields: Fields) -> Claims:
    match value:
        case Dictionary(items=items, is_open=is_open):
            return _of_items(items, is_open=is_open)
        case Operation(operator="|", operands=[left, right]):
            return _plain(left, fields).merged(_plain(right, fields))
        case Instance():
            return _of_model(value, (), fields)
        case Application(function=Member(of=of, name=name)) if name in _DUMPS:
            return _of_dump(of, value, fields)
        case Application() if called_name(value) in _PLAIN_DUMPS and value.arguments.positional:
            return _of_dump(value.arguments.positional[0], value, fields)
        case _:
            return _UNKNOWN


def _of_items(items: Several[tuple[Value, Value]], *, is_open: bool) -> Claims:
    names: dict[str, Value | None] = {}
    for key, value in items:
        if isinstance(key, Const) and isinstance(key.value, str):
            names[key.value] = value
        else:
            is_open = True
    return Claims(names, is_open)


def _of_dump(model: Value, dump: Application, fields: Fields) -> Claims:
    excluded = dump.arguments.keywords.get("exclude")
    if "include" in dump.arguments.keywords or dump.arguments.is_open:
        return _UNKNOWN
    left_out = _texts(excluded)
    if excluded is not None and left_out is None:
        return _UNKNOWN
    if isinstance(model, Instance):
        only_given = any(f"exclude_{kind}" in dump.arguments.keywords for kind in ("none", "unset"))
        return _of_model(model, left_out or (), fields, only_given=only_given)
    cls = model_of(model.annotation) if isinstance(model, Symbol) else None
    return Claims(dict.fromkeys(set(fields(cls)) - set(left_out or ()))) if cls is not None else _UNKNOWN


def _of_model(made: Instance, left_out: Several[str], fields: Fields, *, only_given: bool = False) -> Claims:
    declared = fields(made.cls)
    if not declared:
        return _UNKNOWN
    given = {**made.arguments.keywords, **made.attributes}
    names = set(given) if only_given else set(declared) | set(given)
    values = {name: given.get(name) for name in names - set(left_out)}
    return Claims(dict(values), made.arguments.is_open)


def _texts(value: Value | None) -> tuple[str, ...] | None:
    if isinstance(value, Sequence) and not value.is_open:
        return tuple(i.value for i in value.items if isinstance(i, Const) and isinstance(i.value, str))
    return None
