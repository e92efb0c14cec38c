"""What keeps a revision graph from being upgraded to one head: several heads, gaps, cycles, twins."""

from __future__ import annotations

import enum
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from rules.project.migrations.revisions import Environment, Revision

_CREATED = re.compile(r"^Create Date:\s*(\d[\d:. -]+)", re.MULTILINE)


class GraphFault(enum.Enum):
    """What is the matter."""

    HEADS = "heads"
    GAP = "gap"
    CYCLE = "cycle"
    TWIN = "twin"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyRevision:
    """A revision with a fault; `others` are other heads, cycle members or twins, `missing` a gap's name."""

    fault: GraphFault
    revision: Revision
    others: tuple[Revision, ...] = ()
    missing: str = ""


def graph_faults(environment: Environment, known: frozenset[str]) -> Iterator[FaultyRevision]:
    """The faults of one environment; `known` are identifiers that other environments of the tree have."""
    gaps = list(_gaps(environment, known))
    yield from gaps
    twins = list(_twins(environment))
    yield from twins
    cycle = _cycle(environment)
    if cycle:
        yield FaultyRevision(fault=GraphFault.CYCLE, revision=cycle[-1], others=tuple(cycle[:-1]))
    elif not twins and not gaps:
        yield from _heads(environment)


def _gaps(environment: Environment, known: frozenset[str]) -> Iterator[FaultyRevision]:
    missing = environment.missing() - known
    for revision in environment.revisions:
        for name in revision.downs:
            if name in missing and not _is_relative(name):
                yield FaultyRevision(fault=GraphFault.GAP, revision=revision, missing=name)


def _is_relative(name: str) -> bool:
    """`branch@revision` and the like, which name a revision in another way."""
    return "@" in name or "+" in name


def _twins(environment: Environment) -> Iterator[FaultyRevision]:
    by_identifier: dict[str, list[Revision]] = defaultdict(list)
    for revision in sorted(environment.revisions, key=_age):
        by_identifier[revision.identifier].append(revision)
    for same in by_identifier.values():
        if len(same) > 1:
            yield FaultyRevision(fault=GraphFault.TWIN, revision=same[-1], others=tuple(same[:-1]))


def _cycle(environment: Environment) -> list[Revision]:
    placed = {r.identifier for r in environment.ordered()}
    return sorted((r for r in environment.revisions if r.identifier not in placed), key=_age)


def _heads(environment: Environment) -> Iterator[FaultyRevision]:
    required = {name for r in environment.revisions for name in r.depends_on}
    heads = sorted((h for h in environment.heads() if h.identifier not in required), key=_age)
    heads = [head for head in heads if not _is_labelled(environment, head)]
    for later in heads[1:]:
        others = tuple(head for head in heads if head is not later)
        yield FaultyRevision(fault=GraphFault.HEADS, revision=later, others=others)


def _is_labelled(environment: Environment, head: Revision) -> bool:
    """Whether the head ends a branch that was made on purpose: some revision below it has a label."""
    by_identifier = {r.identifier: r for r in environment.revisions}
    waiting, seen = [head.identifier], set[str]()
    while waiting:
        revision = by_identifier.get(waiting.pop())
        if revision is None or revision.identifier in seen:
            continue
        if revision.branch_labels:
            return True
        seen.add(revision.identifier)
        waiting += revision.downs
    return False


def _age(revision: Revision) -> tuple[str, str]:
    created = _CREATED.search(revision.module.source.text)
    return (created.group(1) if created else "", revision.path)
