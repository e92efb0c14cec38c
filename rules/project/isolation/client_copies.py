"""Rows that take over all that a client sent: `T(**body.model_dump())`, `sqlmodel_update`, setattr loops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from rules.evaluation.values import (
    Application,
    Choice,
    ClassValue,
    Const,
    Dictionary,
    Effect,
    Instance,
    Item,
    Member,
    Sequence,
    Symbol,
    Value,
)
from rules.project.isolation.guards import Guards
from rules.project.isolation.ownership import Ownership
from rules.project.isolation.queries import any_source
from rules.project.isolation.response_fields import model_classes
from rules.project.isolation.roles import ClientInput, Input
from rules.project.isolation.terms import called_name, receiver
from rules.project.schema.tables import Table

_DUMPS = frozenset({"model_dump", "dict", "copy", "model_copy", "items", "_asdict"})
_CONVERSIONS = frozenset({"model_validate", "from_orm", "parse_obj", "model_construct", "construct"})
_WRAPPERS = frozenset({"jsonable_encoder", "dict", "vars"})
_UPDATES = frozenset({"sqlmodel_update", "update_from_dict", "update"})
_SAVES = frozenset({"add", "merge"})
_COPYING = _CONVERSIONS | _UPDATES | _SAVES | {"values"}
_SENT = frozenset({Input.BODY, Input.FORM})


@dataclass(frozen=True, slots=True)
class Source:
    """A client's model: the parameter, its class, the terms on the way, and which names were taken out."""

    parameter: Symbol
    schema: ClassValue
    terms: tuple[Value, ...] = ()
    dropped: frozenset[str] = frozenset()
    kept: frozenset[str] | None = None

    def passes(self, name: str) -> bool:
        """Whether a field of that name comes through."""
        return name not in self.dropped and (self.kept is None or name in self.kept)


@dataclass(frozen=True, slots=True)
class Copy:
    """The effect that copies `source` into a row of `table`; `given` are the names that it sets otherwise."""

    effect: Effect
    position: int
    table: Table
    row: Value
    source: Source
    given: frozenset[str] = field(default_factory=frozenset)


def copies(guards: Guards, ownership: Ownership) -> Iterator[Copy]:
    """Every such copy of a run, in order."""
    index = guards.log.index
    for position in index.either(_COPYING, index.sets, index.instances):
        effect = guards.log.effects[position]
        made = _set(guards, ownership, effect) if effect.kind == "set" else _call(guards, ownership, effect)
        if made is None:
            continue
        table, row, given, value = made
        source = source_of(value)
        if source is not None:
            yield Copy(effect, position, table, row, source, given)


_Made = tuple[Table, Value, frozenset[str], Value]


def _set(guards: Guards, ownership: Ownership, effect: Effect) -> _Made | None:
    """The loop `for name, value in data.items(): setattr(row, name, value)`."""
    if effect.name != "*" or effect.target is None:
        return None
    table = _table_of(guards, ownership, effect.target)
    return None if table is None else (table, effect.target, frozenset(), effect.value)


def _call(guards: Guards, ownership: Ownership, effect: Effect) -> _Made | None:
    call = effect.value
    if isinstance(call, Instance):
        table, value = ownership.table(call.cls), call.arguments.keywords.get("**")
        return None if table is None or value is None else (table, call, _keywords(call), value)
    if not isinstance(call, Application) or effect.kind != "call":
        return None
    name, of = called_name(call), receiver(call)
    first = call.arguments.positional[0] if call.arguments.positional else None
    if of is None:
        return None
    if name == "values":
        variants = guards.statements.read(of)
        statement = variants[0].statement if variants else None
        value = call.arguments.keywords.get("**") or first
        if statement is None or statement.kind not in {"insert", "update"} or value is None:
            return None
        table = ownership.table(statement.tables[0])
        return None if table is None else (table, call, _keywords(call), value)
    if first is None:
        return None
    if name in _CONVERSIONS:
        table = ownership.table(of)
        return None if table is None else (table, call, _updated(call), first)
    if name in _SAVES:
        cls = first.annotation if isinstance(first, Symbol) else None
        table = ownership.table(cls) if cls is not None else None
        return None if table is None else (table, first, frozenset(), first)
    if name in _UPDATES and not guards.statements.read(of):
        table = _table_of(guards, ownership, of)
        return None if table is None else (table, of, _updated(call), first)
    return None


def _table_of(guards: Guards, ownership: Ownership, row: Value) -> Table | None:
    if isinstance(row, Instance):
        return ownership.table(row.cls)
    query = any_source(row, guards.rows.results)
    return ownership.table(query.tables[0]) if query is not None and query.tables else None


def source_of(value: Value) -> Source | None:
    """The client's model that a value is, was dumped from, or was converted from."""
    terms: list[Value] = []
    dropped: set[str] = set()
    kept: frozenset[str] | None = None
    current: Value | None = value
    for _ in range(20):
        if current is None:
            return None
        terms.append(current)
        match current:
            case Symbol(role=ClientInput(kind=kind)):
                classes = model_classes(current.annotation) if current.annotation is not None else []
                if kind not in _SENT or not classes:
                    return None
                return Source(current, classes[0], tuple(terms), frozenset(dropped), kept)
            case Choice(alternatives=found):
                sources = [s for a in found if (s := source_of(a.value)) is not None]
                if not sources:
                    return None
                inner = sources[0]
                return replace(inner, terms=(*terms, *inner.terms), dropped=inner.dropped | dropped)
            case Dictionary(items=pairs):
                dropped |= _later(pairs)
                current = next((v for k, v in pairs if isinstance(k, Const) and k.value == "**"), None)
            case Instance():
                dropped |= _keywords(current)
                current = current.arguments.keywords.get("**")
            case Member(of=of, name="__dict__") | Item(of=of):
                current = of
            case Application():
                dropped |= _names(current.arguments.keywords.get("exclude")) | _updated(current)
                included = current.arguments.keywords.get("include")
                kept = kept if included is None else frozenset(_names(included))
                current = _inner(current)
            case _:
                return None
    return None


def _inner(call: Application) -> Value | None:
    name, of = called_name(call), receiver(call)
    first = call.arguments.positional[0] if call.arguments.positional else None
    if name in _CONVERSIONS:
        return first
    if of is not None:
        return of if name in _DUMPS else None
    return first if name in _WRAPPERS else None


def _later(pairs: list[tuple[Value, Value]]) -> set[str]:
    """The keys that are written after the client's in a dict display, and so replace them."""
    names: set[str] = set()
    seen = False
    for key, _ in pairs:
        text = key.value if isinstance(key, Const) else None
        if text == "**":
            seen = True
        elif seen and isinstance(text, str):
            names.add(text)
    return names


def _keywords(made: Instance | Application) -> frozenset[str]:
    """The names that a call gives by itself; what stands before the client's in a display is replaced."""
    spread = made.arguments.keywords.get("**")
    before = _earlier(spread.items) if isinstance(spread, Dictionary) else frozenset()
    return frozenset(made.arguments.keywords) - {"**"} - before


def _earlier(pairs: list[tuple[Value, Value]]) -> frozenset[str]:
    keys = [key.value for key, _ in pairs if isinstance(key, Const)]
    last = len(keys) - keys[::-1].index("**") if "**" in keys else 0
    return frozenset(key for key in keys[:last] if isinstance(key, str)) - set(keys[last:])


def _updated(call: Application) -> frozenset[str]:
    return frozenset(_names(call.arguments.keywords.get("update")))


def _names(value: Value | None) -> set[str]:
    items: Iterable[Value] = ()
    if isinstance(value, Dictionary):
        items = [key for key, _ in value.items]
    elif isinstance(value, Sequence):
        items = value.items
    return {i.value for i in items if isinstance(i, Const) and isinstance(i.value, str)}
