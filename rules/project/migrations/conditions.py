"""Whether an operation under a condition happens when the migrations run on an empty PostgreSQL."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator

from rules.evaluation.values import (
    Application,
    Choice,
    Condition,
    Const,
    External,
    Item,
    Member,
    Operation,
    Sequence,
    Symbol,
    Value,
)

_INSPECTIONS = frozenset(
    {
        "has_table", "has_column", "has_index", "has_schema", "get_columns", "get_table_names", "get_indexes",
        "get_foreign_keys", "get_unique_constraints", "get_pk_constraint", "get_check_constraints",
        "get_view_names",
        "get_schema_names", "get_enums", "get_sequence_names", "table_names", "has_sequence", "has_type",
    }
)  # fmt: skip
_MAX_DEPTH = 30


class Happens(enum.Enum):
    """The answer: certainly, never, only where it is still needed, or not known."""

    ALWAYS = "always"
    NEVER = "never"
    IF_NEEDED = "if needed"
    UNKNOWN = "unknown"


def happens(conditions: Iterable[Condition], known: dict[Condition, Happens] | None = None) -> Happens:
    """Whether what was done under these conditions happens; `known` remembers each condition's answer."""
    known = {} if known is None else known
    answers = set[Happens]()
    for condition in conditions:
        if condition not in known:
            known[condition] = _one(condition)
        answers.add(known[condition])
    for answer in (Happens.NEVER, Happens.UNKNOWN, Happens.IF_NEEDED):
        if answer in answers:
            return answer
    return Happens.ALWAYS


def _one(condition: Condition) -> Happens:
    test = condition.test
    if isinstance(test, Symbol) and test.role == "caught":
        return Happens.NEVER
    if isinstance(test, Symbol) and test.role == "each":
        return Happens.IF_NEEDED if _inspects(test.annotation) else Happens.UNKNOWN
    truth = _truth(test, 0)
    if truth is not None:
        return Happens.ALWAYS if truth != condition.negated else Happens.NEVER
    return Happens.IF_NEEDED if _inspects(test) else Happens.UNKNOWN


def _truth(test: Value, depth: int) -> bool | None:
    """The test's truth on PostgreSQL, online; None where it depends on anything else."""
    if depth > _MAX_DEPTH:
        return None
    match test:
        case Const(configurable=False, value=value):
            return bool(value)
        case Operation(operator="not", operands=[inner]):
            found = _truth(inner, depth + 1)
            return None if found is None else not found
        case Operation(operator="and" | "or" as operator, operands=operands):
            return _combined(operator, [_truth(o, depth + 1) for o in operands])
        case Operation(operator=operator, operands=[left, right]) if _is_dialect(left):
            return _compared(operator, right)
        case Operation(operator="==" | "!=" as operator, operands=[left, right]) if _is_dialect(right):
            return _compared(operator, left)
        case Application(function=External(name=name)) if name.endswith(".is_offline_mode"):
            return False
        case Application(function=Member(of=inner, name="startswith"), arguments=arguments) if _is_dialect(
            inner
        ):
            first = arguments.get(0, "prefix")
            return isinstance(first, Const) and "postgresql".startswith(str(first.value))
        case Member(name="as_sql"):
            return False
        case _:
            return None


def _combined(operator: str, found: list[bool | None]) -> bool | None:
    stops_at = operator == "or"
    if stops_at in found:
        return stops_at
    return None if None in found else not stops_at


def _compared(operator: str, other: Value) -> bool | None:
    names = [i.value for i in other.items if isinstance(i, Const)] if isinstance(other, Sequence) else None
    match operator, other:
        case ("==", Const(value=value)):
            return value == "postgresql"
        case ("!=", Const(value=value)):
            return value != "postgresql"
        case ("in", Sequence()) if names is not None:
            return "postgresql" in names
        case ("not in", Sequence()) if names is not None:
            return "postgresql" not in names
        case _:
            return None


def _is_dialect(value: Value) -> bool:
    """`bind.dialect.name`, `engine.name`, `op.get_context().dialect.name`, or the `name` of one of them."""
    match value:
        case Member(of=Member(name="dialect" | "engine" | "impl"), name="name"):
            return True
        case Member(of=inner, name="name" | "__dialect__"):
            return _is_connection(inner)
        case External(name=name):
            return name.endswith((".dialect.name", ".engine.name"))
        case _:
            return False


def _is_connection(value: Value) -> bool:
    if isinstance(value, Application) and isinstance(value.function, External):
        return value.function.name.rpartition(".")[2] in {"get_bind", "get_context"}
    return isinstance(value, Member) and value.name in {"engine", "bind"}


def _inspects(value: Value | None) -> bool:
    """Whether a value was read from the database's own catalogue."""
    return any(_is_inspection(v) for v in _parts(value))


def _is_inspection(value: Value) -> bool:
    if isinstance(value, Member):
        return value.name in _INSPECTIONS
    return (
        isinstance(value, External)
        and value.name.startswith("sqlalchemy")
        and value.name.endswith(".inspect")
    )


def _parts(value: Value | None) -> Iterator[Value]:
    """Every term that a value is made of, each once: terms share their parts."""
    pending, seen = [value], set[int]()
    while pending:
        found = pending.pop()
        if found is None or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        pending.extend(_inside(found))


def _inside(value: Value) -> list[Value | None]:
    match value:
        case Application(function=function, arguments=arguments):
            return [function, *arguments.positional, *arguments.keywords.values()]
        case Member(of=inner) | Item(of=inner):
            return [inner]
        case Operation(operands=parts) | Sequence(items=parts):
            return list(parts)
        case Choice(alternatives=alternatives):
            return [alternative.value for alternative in alternatives]
        case Symbol(annotation=annotation):
            return [annotation]
        case _:
            return []
