"""Passwords that a request writes into a row as they were typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import Application, ClassValue, Dictionary, Effect, Instance, Symbol, Value
from rules.project.isolation.client_copies import Copy, copies
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.ownership import Ownership
from rules.project.isolation.queries import any_source
from rules.project.isolation.response_fields import model_classes
from rules.project.isolation.secrets import Secret, secret_column
from rules.project.isolation.terms import called_name, constant_text, receiver, walk
from rules.project.passwords.password_values import holds_password, is_password_name
from rules.project.schema.tables import Table
from rules.project.taint.field_types import FieldTypes

_HASHES_ITSELF = re.compile(
    r"@(sqlalchemy\.orm\.)?validates\(|\.setter|hybrid_property|def __init__|hash", re.IGNORECASE
)
_VALIDATOR = re.compile(r"validator\(|BeforeValidator|AfterValidator")
_HASHING = re.compile(r"hash|crypt", re.IGNORECASE)
_TEXT_TYPES = frozenset({"String", "AutoString", "Text", "VARCHAR", "TEXT", "Unicode", "UnicodeText", "CHAR"})
_PERSON = re.compile(r"^(e_?mail|user_?name|login|phone|nick_?name)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class StoredPassword:
    """The effect that writes it; `certain` where the row is a user's beyond doubt."""

    effect: Effect
    table: Table
    column: str
    certain: bool


def stored_passwords(
    inspection: Inspection, ownership: Ownership, fields: FieldTypes
) -> Iterator[StoredPassword]:
    """Every plain password that a request's run writes."""
    for effect in inspection.run.log.effects:
        for table, name, value in _written(inspection, ownership, effect):
            if _is_column(table, name) and holds_password(value) and not _hashed_on_arrival(value):
                yield StoredPassword(effect, table, name, _is_person(table, ownership))
    for copy in copies(inspection.guards, ownership):
        for name in _copied(copy, inspection, fields):
            yield StoredPassword(copy.effect, copy.table, name, _is_person(copy.table, ownership))


def _is_person(table: Table, ownership: Ownership) -> bool:
    return ownership.is_user(table) or any(_PERSON.match(name) for name in table.columns)


_Written = tuple[Table, str, Value]


def _written(inspection: Inspection, ownership: Ownership, effect: Effect) -> Iterator[_Written]:
    """Columns of rows that an effect sets, one by one."""
    if effect.kind == "set" and effect.target is not None:
        table = _table(inspection, ownership, effect.target)
        if table is not None:
            yield table, effect.name, effect.value
    elif effect.kind == "call" and isinstance(effect.value, Instance | Application):
        made = effect.value
        table = (
            ownership.table(made.cls) if isinstance(made, Instance) else _of_call(inspection, ownership, made)
        )
        for name, value in _named(made) if table is not None else ():
            assert table is not None
            yield table, name, value


def _table(inspection: Inspection, ownership: Ownership, row: Value) -> Table | None:
    if isinstance(row, Instance):
        return ownership.table(row.cls)
    if isinstance(row, Application) and called_name(row) in {"model_validate", "from_orm", "parse_obj"}:
        of = receiver(row)
        return ownership.table(of) if of is not None else None
    query = any_source(row, inspection.guards.rows.results)
    return ownership.table(query.tables[0]) if query is not None and query.tables else None


def _of_call(inspection: Inspection, ownership: Ownership, call: Application) -> Table | None:
    """The table of `T.model_validate(…, update=…)`, `insert(T).values(…)`, `row.sqlmodel_update(…)`."""
    of = receiver(call)
    name = called_name(call)
    if of is None or name not in {"model_validate", "from_orm", "values", "sqlmodel_update", "update"}:
        return None
    if isinstance(of, ClassValue):
        return ownership.table(of)
    variants = inspection.guards.statements.read(of)
    if variants and variants[0].statement.tables:
        return ownership.table(variants[0].statement.tables[0])
    return _table(inspection, ownership, of)


def _named(made: Instance | Application) -> Iterator[tuple[str, Value]]:
    yield from made.arguments.keywords.items()
    for given in (*made.arguments.positional, made.arguments.keywords.get("update")):
        if isinstance(given, Dictionary):
            yield from ((text, v) for k, v in given.items if (text := constant_text(k)) is not None)


def _is_column(table: Table, name: str) -> bool:
    column = table.of_attribute(name)
    if column is None or secret_column(column) is not Secret.PASSWORD:
        return False
    if column.type is None or column.type.name not in _TEXT_TYPES:
        return False
    return not any(_HASHES_ITSELF.search(_body(cls)) for cls in table.classes)


def _body(cls: ClassValue) -> str:
    """A class as written, without the names of its columns."""
    written = cls.module.source.segment(cls.node)
    return "\n".join(line for line in written.splitlines() if not re.match(r"\s+\w*hash\w*\s*[:=]", line))


def _copied(copy: Copy, inspection: Inspection, fields: FieldTypes) -> Iterator[str]:
    """The password columns that a copy of the client's model fills and nothing replaces afterwards."""
    names = [n for n in fields(copy.source.schema) if is_password_name(n)]
    if _hashes_on_arrival(copy.source.schema):
        return
    for name in names:
        kept = copy.source.passes(name) and name not in copy.given
        if kept and _is_column(copy.table, name) and not _replaced(copy, name, inspection):
            yield name


def _hashes_on_arrival(schema: ClassValue) -> bool:
    """Whether a schema has a validator that hashes, so that its field never holds what was typed."""
    written = schema.module.source.segment(schema.node)
    return _VALIDATOR.search(written) is not None and _HASHING.search(written) is not None


def _hashed_on_arrival(value: Value) -> bool:
    symbols = (node for node in walk(value) if isinstance(node, Symbol) and node.annotation is not None)
    return any(
        _hashes_on_arrival(cls)
        for symbol in symbols
        if symbol.annotation is not None
        for cls in model_classes(symbol.annotation)
    )


def _replaced(copy: Copy, name: str, inspection: Inspection) -> bool:
    """Whether the row's column, or the client's data before it, is set to something else."""
    terms = {id(term) for term in (*copy.source.terms, copy.row, copy.source.parameter)}
    for effect in inspection.run.log.effects:
        if effect.kind != "set" or effect.target is None or id(effect.target) not in terms:
            continue
        if effect.name in {name, "[]"} and not holds_password(effect.value):
            return True
    return False
