"""A merge group judged: what comes of a pull request and of what is merged before it, together. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import msgspec

import rules
from bot.dismissals import Decision
from bot.judgement import Compared, compare
from bot.patch import parse
from bot.report import Report, build
from bot.repository.snapshot import Snapshot
from rules.finding import Finding
from rules.inventory import RouteInventory, RouteRecord
from rules.verdict import Conclusion

_TITLE = "Nothing that comes of merging these together"
_NOTICE = (
    "This is a merge group: what the pull request introduces by itself was said there. Here counts what only "
    "it and the changes merged before it make together."
)
_UNKNOWN_PULL = "This merge group does not say which pull request it adds: all counts that it introduces."


def judge_group(
    together: Snapshot, alone: Snapshot | None, facts: rules.Cache, decisions: tuple[Decision, ...] = ()
) -> Report:
    """The report about the group's head against what it was merged onto.

    `alone` is the pull request that it adds, as it was reviewed by itself: what that introduces is left out,
    and `decisions`, taken on it, hold here too. The options are those of the commit that the group was merged
    onto.
    """
    made = compare(together, facts, decisions)
    apart = None if alone is None else compare(alone, facts)
    own = () if apart is None else introduced(apart)
    comparison = _between(made.comparison, frozenset(found.fingerprint for found in own))
    gate = rules.gate(comparison, made.terms.options, together.changed)
    notice = _NOTICE if apart else _UNKNOWN_PULL
    report = build(comparison, gate, parse(together.diff), notices=(notice, *made.terms.notices))
    broken = tuple(_broken(made.head.routes, made.base.routes, *([apart.head.routes] if apart else [])))
    if broken:
        return _with_broken(report, broken)
    effects = any(found.introduced for found in comparison.head.findings)
    return report if effects or gate.reasons else dataclasses.replace(report, title=_TITLE)


def introduced(made: Compared) -> tuple[Finding, ...]:
    """What the change introduces, whoever dismissed it."""
    return tuple(found for found in made.comparison.head.findings if found.introduced)


def _broken(together: RouteInventory, *apart: RouteInventory) -> Iterator[str]:
    """Endpoints that could be followed apart and cannot together, each with what it lost."""
    known = {_identity(route): route for held in apart for route in held.routes if route.resolved}
    for route in together.routes:
        before = known.get(_identity(route))
        if route.resolved or before is None:
            continue
        lost = sorted({*before.dependencies} - {*route.dependencies})
        names = ", ".join(f"`{name}`" for name in lost) or "something"
        yield (
            f"`{'|'.join(route.methods)} {route.path}` needs {names}, which one of the changes took away: "
            "apart they go, together they do not"
        )


def _identity(route: RouteRecord) -> tuple[str, tuple[str, ...], str, str]:
    return (route.app, route.methods, route.path, route.handler)


def _with_broken(report: Report, broken: tuple[str, ...]) -> Report:
    plural = "endpoint needs" if len(broken) == 1 else "endpoints need"
    return dataclasses.replace(
        report,
        conclusion=Conclusion.FAILURE,
        title=f"{len(broken)} {plural} what another change took away",
        reasons=(*broken, *report.reasons),
    )


def _between(comparison: rules.Comparison, own: frozenset[str]) -> rules.Comparison:
    head = comparison.head
    findings = tuple(
        msgspec.structs.replace(found, introduced=found.introduced and found.fingerprint not in own)
        for found in head.findings
    )
    return msgspec.structs.replace(
        comparison, head=msgspec.structs.replace(head, findings=findings), fixed=()
    )
