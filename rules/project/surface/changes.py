"""The change of an API's surface between two trees, and what of it breaks the clients that are there.

Classed as oasdiff does: what a client may no longer send, or can no longer rely on to get, breaks it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from rules.inventory import OperationRecord, ValueRecord
from rules.project.surface.value_changes import Change, value_changes

_PLACEHOLDER = re.compile(r"{[^{}]*}")
_Key = tuple[str, str, str]


class OperationChange(msgspec.Struct, frozen=True):
    """An operation that was added (`before` is None), removed (`after` is None) or changed."""

    before: OperationRecord | None
    after: OperationRecord | None
    changes: tuple[Change, ...] = ()

    @property
    def kind(self) -> str:
        """`added`, `removed` or `changed`."""
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"

    @property
    def title(self) -> str:
        """`GET /items/{id}`."""
        one = self.after or self.before
        assert one is not None
        return one.title

    @property
    def breaking(self) -> bool:
        """Whether a client that worked before may fail now."""
        if self.before is not None and self.after is None:
            return not self.before.deprecated
        return any(change.breaking for change in self.changes)

    @property
    def opens(self) -> bool:
        """Whether it asks for less authentication than before."""
        return any(change.opens for change in self.changes)


def surface_changes(
    base: Iterable[OperationRecord], head: Iterable[OperationRecord]
) -> tuple[OperationChange, ...]:
    """What changed, in the order of path and method; moved code and renamed path parameters are no change."""
    base, head = tuple(base), tuple(head)
    several = max(len({one.app for one in base}), len({one.app for one in head})) > 1
    before, after = _by_key(base, several=several), _by_key(head, several=several)
    found: list[tuple[_Key, OperationChange]] = []
    for key in before.keys() | after.keys():
        was, is_ = before.get(key), after.get(key)
        if was is None or is_ is None:
            found.append((key, OperationChange(was, is_)))
        elif changes := tuple(_changes(was, is_)):
            found.append((key, OperationChange(was, is_, changes)))
    return tuple(change for _, change in sorted(found, key=lambda pair: pair[0]))


def _by_key(records: tuple[OperationRecord, ...], *, several: bool) -> dict[_Key, OperationRecord]:
    """The operations; of two with one key the first to match."""
    found: dict[_Key, OperationRecord] = {}
    for record in records:
        path = _PLACEHOLDER.sub("{}", record.path).rstrip("/") or "/"
        found.setdefault((path, record.method, record.app if several else ""), record)
    return found


def _changes(was: OperationRecord, is_: OperationRecord) -> Iterator[Change]:
    yield from _authentication(was, is_)
    yield from _statuses(was, is_)
    if was.shown and is_.shown:
        yield from value_changes(_by_position(was), _by_position(is_), sent=True)
        if _success(was) == _success(is_):
            yield from value_changes(was.response, is_.response, sent=False)
    elif was.shown != is_.shown:
        said = "is in the API description now" if is_.shown else "is no longer in the API description"
        yield Change(place="documentation", said=said)
    if is_.deprecated and not was.deprecated:
        yield Change(place="documentation", said="is deprecated now")


def _by_position(record: OperationRecord) -> tuple[ValueRecord, ...]:
    """What is sent, with path parameters called by their position: their names are no client's business."""
    names = [name.partition(":")[0] for name in re.findall(r"{([^{}]*)}", record.path)]
    renamed = {f"path parameter {name}": f"path parameter {n}" for n, name in enumerate(names, 1)}
    return tuple(
        msgspec.structs.replace(value, place=renamed.get(value.place, value.place))
        for value in record.request
    )


def _authentication(was: OperationRecord, is_: OperationRecord) -> Iterator[Change]:
    place = "authentication"
    if was.auth != is_.auth:
        asks, asked = is_.auth == "required", was.auth == "required"
        said = f"was {was.auth}, is {is_.auth}"
        yield Change(place=place, said=said, breaking=asks, opens=asked and is_.auth in {"none", "optional"})
    elif was.schemes != is_.schemes and was.schemes and is_.schemes:
        before, now = ", ".join(was.schemes), ", ".join(is_.schemes)
        gone = not set(was.schemes) & set(is_.schemes)
        yield Change(place=place, said=f"was by {before}, is by {now}", breaking=gone)
    if was.privileged != is_.privileged:
        said = "privileged users alone may call it now" if is_.privileged else "every user may call it now"
        yield Change(place=place, said=said, breaking=is_.privileged, opens=was.privileged)
    if was.scope != is_.scope and "unknown" not in {was.scope, is_.scope}:
        said = f"was {was.scope}, is {is_.scope}"
        yield Change(place="scope", said=said, opens=is_.scope == "unscoped")


def _success(record: OperationRecord) -> frozenset[str]:
    return frozenset(status for status in record.statuses if status.startswith(("2", "3")))


def _statuses(was: OperationRecord, is_: OperationRecord) -> Iterator[Change]:
    if not was.statuses or not is_.statuses:
        return
    gone, new = _success(was) - _success(is_), _success(is_) - _success(was)
    if gone or new:
        said = f"was {', '.join(sorted(_success(was)))}, is {', '.join(sorted(_success(is_)))}"
        yield Change(place="status", said=said, breaking=bool(gone))
    errors = {s for s in is_.statuses if s[:1] in "45"} | {str(s) for s in is_.raises}
    before = {s for s in was.statuses if s[:1] in "45"} | {str(s) for s in was.raises}
    if errors - before - {"422"}:
        yield Change(place="status", said=f"can also be {', '.join(sorted(errors - before - {'422'}))}")
