"""What a request does with the rows of a query: gives them to the client, changes them, deletes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import (
    Application,
    Choice,
    Condition,
    Const,
    Effect,
    Instance,
    Member,
    Operation,
    Value,
)
from rules.project.isolation.guards import Guards
from rules.project.isolation.paths import Log
from rules.project.isolation.queries import Query, any_source
from rules.project.isolation.terms import argument_values, called_name, children, plain, receiver, walk

_COMPARISONS = frozenset({"==", "!=", "is", "is not", "in", "not in", "<", ">", "<=", ">=", "not"})
_CHANGES = frozenset(
    {"sqlmodel_update", "update", "update_from_dict", "append", "extend", "remove", "clear", "set"}
)
_WRITES_OUT = frozenset({"write", "writerow", "writerows", "writelines"})
_SENDS = frozenset({"send_json", "send_text", "send_bytes", "add_task", "apply_async", "enqueue"})
_DELETES = frozenset({"delete"})
_SAVES = frozenset({"commit", "flush"})
_ALTERS = _CHANGES | _DELETES | {"setattr"}


@dataclass(frozen=True, slots=True)
class Sink:
    """A use of a query's rows at `position`, under further `conditions`; `writes` where it changes data.

    A change takes place at `position`, where it is saved, and is written at `made`.
    """

    query: Query
    position: int
    conditions: tuple[Condition, ...]
    writes: bool
    made: int | None = None

    @property
    def shown(self) -> int:
        """Where a reader sees it."""
        return self.position if self.made is None else self.made


def sinks(guards: Guards) -> Iterator[Sink]:
    """Uses of every query's rows, in order; a change counts once for a query and what is assumed there."""
    log = guards.log
    saves = [n for n in log.index.calls(_SAVES) if log.effects[n].kind == "call"]
    changed: set[tuple[int, ...]] = set()
    for position in log.index.either(_SENDS | _ALTERS, log.index.sets, log.index.returns):
        effect = log.effects[position]
        name = called_name(effect.value)
        if effect.kind == "return" and log.is_response(position):
            for value in (effect.value, *_written_out(log, position)):
                for query, conditions in _given(guards, value):
                    yield Sink(query, position, conditions, writes=False)
        elif name in _SENDS and isinstance(effect.value, Application):
            for argument in argument_values(effect.value.arguments):
                for query, conditions in _given(guards, argument):
                    yield Sink(query, position, conditions, writes=False)
        elif (effect.kind == "set" or name in _ALTERS) and (row := _changed(guards, effect)) is not None:
            key = (id(row), *(id(c) for c in effect.conditions))
            if key not in changed:
                changed.add(key)
                yield Sink(row, _saved(log, position, saves), (), writes=True, made=position)
    for query in guards.queries:
        if query.writes:
            yield Sink(query, query.position, (), writes=True)


def _written_out(log: Log, position: int) -> Iterator[Value]:
    """What was written into a buffer that the response is made of: the rows of a CSV export."""
    answer: set[int] = set()
    for earlier in log.index.calls(_WRITES_OUT):
        call = log.effects[earlier].value
        of = receiver(call)
        if earlier > position or of is None or not isinstance(call, Application):
            continue
        answer = answer or {id(n) for n in walk(log.effects[position].value) if isinstance(n, Application)}
        if any(id(node) in answer for node in walk(of)):
            yield from argument_values(call.arguments)


def insertions(guards: Guards) -> Iterator[Sink]:
    """New rows that are put below a query's row: `Task(project_id=project.id)`."""
    for position in guards.log.index.instances:
        effect = guards.log.effects[position]
        made = effect.value
        if effect.kind == "call" and isinstance(made, Instance) and guards.statements.is_table(made.cls):
            for value in argument_values(made.arguments):
                key = plain(value)
                query = guards.source(key.of) if isinstance(key, Member) and key.name == "id" else None
                if query is not None:
                    yield Sink(query, position, (), writes=True)


def _changed(guards: Guards, effect: Effect) -> Query | None:
    if effect.kind == "set" and effect.target is not None:
        return any_source(effect.target, guards.rows.results)
    call = effect.value
    if effect.kind != "call" or not isinstance(call, Application) or id(call) in guards.rows.results:
        return None
    name, of = called_name(call), receiver(call)
    first = call.arguments.positional[0] if call.arguments.positional else None
    if first is not None and (
        name == "setattr" or (name in _DELETES and len(call.arguments.positional) == 1)
    ):
        return any_source(first, guards.rows.results)
    if name in _CHANGES and of is not None and argument_values(call.arguments):
        return None if guards.statements.read(of) else any_source(of, guards.rows.results)
    return None


def _saved(log: Log, position: int, saves: list[int]) -> int:
    """The first commit after a change and under its conditions: until there nothing is changed for others."""
    made = {id(c) for c in log.effects[position].conditions}
    for later in saves:
        if later > position and made <= {id(c) for c in log.effects[later].conditions}:
            return later
    return position


def _given(guards: Guards, value: Value) -> Iterator[tuple[Query, tuple[Condition, ...]]]:
    pending: list[tuple[Value, tuple[Condition, ...]]] = [(value, ())]
    seen: set[int] = set()
    while pending and len(seen) < 2000:
        node, conditions = pending.pop()
        if id(node) in seen or isinstance(node, Const):
            continue
        seen.add(id(node))
        if isinstance(node, Choice):
            pending.extend((a.value, (*conditions, *a.conditions)) for a in node.alternatives)
        elif (query := guards.source(plain(node))) is not None:
            yield query, conditions
        elif not (isinstance(node, Operation) and node.operator in _COMPARISONS):
            inner = [c for c in children(node) if not (isinstance(node, Application) and c is node.function)]
            of = receiver(node)
            pending.extend((child, conditions) for child in (*inner, *([of] if of is not None else ())))
