"""Lists and dicts that start-up leaves empty: registries and caches, filled by plugins and requests."""

from __future__ import annotations

from collections.abc import Iterable

from rules.evaluation.values import ClassValue, Dictionary, Instance, Sequence, Value


def open_empty(values: Iterable[Value]) -> None:
    """Mark every empty list, set and dict that can be reached from `values` as holding unknown items."""
    pending, seen = list(values), set[int]()
    while pending:
        value = pending.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        match value:
            case Sequence(kind="list" | "set", items=[]) | Dictionary(items=[]):
                value.is_open = True
            case Sequence(items=items):
                pending.extend(items)
            case Dictionary(items=pairs):
                pending.extend(item for _, item in pairs)
            case Instance(attributes=attributes) | ClassValue(attributes=attributes):
                pending.extend(attributes.values())
            case _:
                pass
