"""Findings that share a comment: of a rule in one function, and of a rule that is everywhere. Pure."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Hashable, Iterable

from bot.placement import Inline

MOST_OF_A_RULE = 5
"""More comments than these of one rule are one comment."""

MOST_TOGETHER = 50
"""The most findings that one comment is about."""


def grouped(items: Iterable[Inline]) -> tuple[Inline, ...]:
    """The comments for these findings, each where the first of its findings stands."""
    by_function = _together(items, _function)
    number = Counter(item.finding.rule for item in by_function)
    return _together(
        by_function,
        lambda item: item.finding.rule if number[item.finding.rule] > MOST_OF_A_RULE else id(item),
    )


def _function(item: Inline) -> Hashable:
    finding = item.finding
    return (finding.rule, finding.path, finding.function) if finding.function else id(item)


def _together(items: Iterable[Inline], key: Callable[[Inline], Hashable]) -> tuple[Inline, ...]:
    held: dict[Hashable, list[Inline]] = {}
    for item in items:
        held.setdefault(key(item), []).append(item)
    return tuple(joined for group in held.values() for joined in _joined(group))


def _joined(group: list[Inline]) -> Iterable[Inline]:
    held, *rest = group
    for item in rest:
        if len(held.findings) + len(item.findings) > MOST_TOGETHER:
            yield held
            held = item
        else:
            held = dataclasses.replace(held, others=(*held.others, *item.findings))
    yield held
