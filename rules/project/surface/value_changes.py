"""What changed in the values that clients send or get, and whether it breaks them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from rules.inventory import ValueRecord

_UPPER = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems"})


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change: `opens` where less authentication is asked for, or more rows are reached."""

    place: str
    said: str
    breaking: bool = False
    opens: bool = False


def value_changes(
    before: Iterable[ValueRecord], after: Iterable[ValueRecord], *, sent: bool
) -> Iterator[Change]:
    """The changes of values that clients send, or get; of what is inside a new or lost value nothing more."""
    was, is_ = {value.place: value for value in before}, {value.place: value for value in after}
    for place, value in was.items():
        if place in is_:
            yield from _of_value(value, is_[place], sent=sent)
        elif not _is_inside(place, was, is_):
            yield Change(place=place, said="is not taken any more" if sent else "is gone", breaking=not sent)
    for place, value in is_.items():
        if place not in was and not _is_inside(place, is_, was):
            needed = sent and value.required
            yield Change(place=place, said="is new and required" if needed else "is new", breaking=needed)


def _is_inside(place: str, here: Mapping[str, ValueRecord], there: Mapping[str, ValueRecord]) -> bool:
    """Whether a value around it is missing on the other side too, which says it all, or changed its type."""
    for end in range(len(place) - 1, 0, -1):
        outer = place[:end]
        if place[end] in ".[{" and outer in here:
            return outer not in there or there[outer].type != here[outer].type
    return False


def _of_value(was: ValueRecord, is_: ValueRecord, *, sent: bool) -> Iterator[Change]:
    place = is_.place
    if was.type != is_.type:
        widened = not is_.type if sent else not was.type
        said = f"was {was.type or 'anything'}, is {is_.type or 'anything'}"
        yield Change(place=place, said=said, breaking=not widened)
    if was.required != is_.required:
        said = "is required now" if is_.required else "is optional now"
        yield Change(place=place, said=said, breaking=is_.required is sent)
    if was.nullable != is_.nullable and was.type and is_.type:
        said = "may be null now" if is_.nullable else "may not be null any more"
        yield Change(place=place, said=said, breaking=is_.nullable is not sent)
    yield from _of_values(was, is_, sent=sent)
    if sent:
        yield from _of_limits(was, is_)


def _of_values(was: ValueRecord, is_: ValueRecord, *, sent: bool) -> Iterator[Change]:
    if not was.values or not is_.values:
        return
    gone, new = set(was.values) - set(is_.values), set(is_.values) - set(was.values)
    if gone:
        yield Change(place=is_.place, said=f"can no longer be {', '.join(sorted(gone))}", breaking=sent)
    if new:
        yield Change(place=is_.place, said=f"can also be {', '.join(sorted(new))}", breaking=not sent)


def _of_limits(was: ValueRecord, is_: ValueRecord) -> Iterator[Change]:
    for name in sorted(was.limits.keys() | is_.limits.keys()):
        before, now = was.limits.get(name), is_.limits.get(name)
        if before == now:
            continue
        narrower = now is not None and (before is None or (now < before if name in _UPPER else now > before))
        said = f"{name} was {_number(before)}, is {_number(now)}"
        yield Change(place=is_.place, said=said, breaking=narrower)


def _number(limit: float | None) -> str:
    return "none" if limit is None else f"{limit:g}"
