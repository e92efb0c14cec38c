"""Secrets in answers without a response model: rows given away whole, and single columns of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.machine import Machine
from rules.evaluation.values import (
    Application,
    Choice,
    ClassValue,
    Dictionary,
    Effect,
    Instance,
    Item,
    Member,
    Sequence,
    Value,
)
from rules.project.isolation.guards import Guards
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.ownership import Ownership
from rules.project.isolation.response_fields import secrets_of
from rules.project.isolation.secrets import Secret, secret_column
from rules.project.isolation.terms import called_name, plain, receiver
from rules.project.schema.schemas import is_model, schema_of
from rules.project.schema.tables import Table

_DUMPS = frozenset({"model_dump", "dict", "_asdict", "to_dict", "model_dump_json", "json", "as_dict"})
_ENCODERS = frozenset({"jsonable_encoder", "dict", "vars", "list", "tuple", "sorted", "paginate", "dumps"})
_VALIDATIONS = frozenset({"model_validate", "from_orm", "parse_obj"})
_EXECUTE = frozenset({"exec", "execute", "scalars", "scalar", "stream", "stream_scalars"})
_CHAIN = frozenset(
    {
        "where", "filter", "filter_by", "order_by", "limit", "offset", "options", "join", "outerjoin",
        "distinct",
        "execution_options", "with_for_update", "having", "group_by", "slice", "select_from", "unique", "all",
        "first", "one", "one_or_none", "scalar_one", "scalar_one_or_none", "scalars", "scalar", "fetchall",
        "fetchone", "get_or_404", "first_or_404", "partitions", "yield_per", "mappings", "returning",
    }
)  # fmt: skip
_STEPS = 600


@dataclass(frozen=True, slots=True)
class ReturnedSecret:
    """A secret of the model or table `model` that the answer `effect` gives away as `name`."""

    effect: Effect
    model: str
    name: str
    secret: Secret
    table: Table | None


def returned_secrets(machine: Machine, inspection: Inspection, ownership: Ownership) -> list[ReturnedSecret]:
    """What a route that no response model narrows gives away."""
    found: dict[tuple[str, str], ReturnedSecret] = {}
    log = inspection.run.log
    reader = _Reader(machine, inspection.guards, ownership)
    for position, effect in enumerate(log.effects):
        for model, name, secret, table in reader.of(effect.value) if log.is_response(position) else ():
            found.setdefault((model, name), ReturnedSecret(effect, model, name, secret, table))
    return list(found.values())


_Found = tuple[str, str, Secret, Table | None]


@dataclass(frozen=True, slots=True)
class _Reader:
    machine: Machine
    guards: Guards
    ownership: Ownership

    def of(self, value: Value) -> Iterator[_Found]:
        """The secrets in one answer."""
        pending, seen = [value], set[int]()
        while pending and len(seen) < _STEPS:
            current = pending.pop(0)
            if id(current) not in seen:
                seen.add(id(current))
                inner = self._parts(current)
                if inner is None:
                    yield from self._given(current)
                else:
                    pending.extend(inner)

    def _parts(self, value: Value) -> list[Value] | None:
        """What an answer is put together from; None where it is one thing."""
        match value:
            case Choice(alternatives=found):
                return [a.value for a in found]
            case Sequence(items=items):
                return items
            case Dictionary(items=pairs):
                return [v for _, v in pairs]
            case Application() if called_name(value).endswith("Response") or (
                called_name(value) in _ENCODERS and receiver(value) is None
            ):
                return [*value.arguments.positional, *_content(value)]
        return None

    def _given(self, value: Value) -> Iterator[_Found]:
        match value:
            case Member(of=of, name="__dict__"):
                yield from self._row(of)
            case Member(of=of, name=name):
                yield from self._column(of, name)
            case Instance(cls=cls):
                yield from self._model(cls)
            case Application(function=Member(of=ClassValue() as cls, name=name)) if name in _VALIDATIONS:
                yield from self._model(cls)
            case Application(function=Member(of=of, name=name)) if name in _DUMPS:
                if not {"exclude", "include"} & set(value.arguments.keywords):
                    yield from self._dumped(of)
            case _:
                yield from self._row(value)

    def _dumped(self, of: Value) -> Iterator[_Found]:
        if isinstance(of, Instance):
            yield from self._model(of.cls)
        else:
            yield from self._row(of)

    def _model(self, cls: ClassValue) -> Iterator[_Found]:
        for found in secrets_of(self.machine, cls) if is_model(cls) else ():
            table = self.ownership.table(found.schema.model)
            yield found.schema.name, found.field.name, found.secret, table

    def _column(self, of: Value, name: str) -> Iterator[_Found]:
        table = self._entity(of)
        column = table.of_attribute(name) if table is not None else None
        secret = secret_column(column) if column is not None else None
        if table is not None and secret is not None:
            yield table.model_name, name, secret, table

    def _row(self, value: Value) -> Iterator[_Found]:
        table = self._entity(value)
        if table is None:
            return
        kept_back: set[str] = set()
        if isinstance(table.model, ClassValue) and is_model(table.model):
            fields = schema_of(self.machine, table.model).fields
            kept_back = {name for name, field in fields.items() if field.excluded}
        for column in table.columns.values():
            name = column.attribute or column.name
            secret = secret_column(column)
            if secret is not None and name not in kept_back:
                yield table.model_name, name, secret, table

    def _entity(self, value: Value) -> Table | None:
        """The table of which a value is a whole row, or rows, as a query selects them."""
        current: Value | None = plain(value)
        for _ in range(40):
            match current:
                case Choice(alternatives=found):
                    current = found[0].value
                case Item(of=of):
                    current = of
                case Application():
                    if _selects(current):
                        return self._selected(current)
                    current = _before(current)
                case _:
                    return None
        return None

    def _selected(self, call: Application) -> Table | None:
        """The table that `select(T)`, `query(T)` or `get(T, key)` selects whole; None for columns of it."""
        given = call.arguments.positional
        alone = len(given) == 1 or called_name(call).startswith("get")
        return self.ownership.table(given[0]) if given and alone else None


def _before(call: Application) -> Value | None:
    """What a call that executes a statement, or goes on with one, works on."""
    first = call.arguments.positional[:1]
    if called_name(call) in _EXECUTE and first:
        return first[0]
    return receiver(call) if called_name(call) in _CHAIN else None


def _selects(call: Application) -> bool:
    name = called_name(call)
    return name in {"select", "query"} or (name in {"get", "get_one"} and bool(call.arguments.positional))


def _content(value: Application) -> list[Value]:
    given = value.arguments.keywords.get("content")
    return [] if given is None else [given]
