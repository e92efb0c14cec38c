"""Whether the right rule names what a mutant opened, at the right function."""

from __future__ import annotations

import ast
import functools
from collections.abc import Mapping

import msgspec

from rules import NoCache, Options
from rules.engine import Engine, review_here
from rules.finding import Finding
from rules.project.project import Project
from rules.recursion import on_large_stack
from rules.registry import RegisteredRule, discover
from tests.mutations.applications import ISOLATION_RULES, SoundApplication, Source
from tests.mutations.mutants import Mutant, mutated
from tests.mutations.probing import Opened, Place

ALSO = {"BA328": {"BA305", "BA306"}}
"""An administrator's operation on rows of others is named as well by the rules on whose rows they are."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """One mutant and one rule: the functions that were opened, and those that the rule names."""

    mutant: Mutant
    rule: str
    opened: frozenset[Place]
    named: frozenset[Place]
    probes: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        return self.opened <= self.named


def isolation_findings(files: Mapping[str, str]) -> tuple[Finding, ...]:
    """What the isolation rules report, of every level."""
    tree = {path: text.encode() for path, text in files.items()}
    engine = Engine(catalog=_catalog(), build=Project, cache=NoCache())
    review = on_large_stack(lambda: review_here(engine, tree, Options()))
    if review.coverage.rules_crashed:
        raise RuntimeError(f"a rule crashed: {review.coverage.rules_crashed}")
    return review.findings


@functools.cache
def _catalog() -> tuple[RegisteredRule, ...]:
    rules = discover(("rules.catalog.security",))
    return tuple(registered for registered in rules if registered.code in ISOLATION_RULES)


def judged(application: SoundApplication, mutant: Mutant, opened: Opened) -> tuple[Judgement, ...]:
    """One judgement for each rule that ought to speak; none where a second user can do nothing new."""
    files = mutated(application.files, mutant.edits)
    findings = isolation_findings(files) if opened else ()
    sources = {path: Source(path, text) for path, text in files.items()}
    result = []
    for rule, places in sorted(opened.items()):
        said = [found for found in findings if found.rule in {rule, *ALSO.get(rule, ())}]
        at_fault = any(
            _stands_in(finding, sources, mutant.path, name)
            for finding in said
            for name in _fault(sources, mutant)
        )
        named = {
            place
            for place in places
            if at_fault or any(_stands_in(finding, sources, *place) for finding in said)
        }
        result.append(
            Judgement(
                mutant=mutant,
                rule=rule,
                opened=frozenset(places),
                named=frozenset(named),
                probes=tuple(probe for probes in places.values() for probe in probes),
                spoken=tuple(f"{found.rule} {found.path}:{found.line}" for found in findings),
            )
        )
    return tuple(result)


def _fault(sources: Mapping[str, Source], mutant: Mutant) -> list[str]:
    """The mutated definition, and the classes that inherit a mutated class."""
    classes = [
        name
        for name, node in sources[mutant.path].definitions()
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id == mutant.function for base in node.bases)
    ]
    return [mutant.function, *classes]


def _stands_in(finding: Finding, sources: Mapping[str, Source], path: str, name: str) -> bool:
    """Whether the finding stands in that definition; without a name, on the file's module level."""
    if finding.path != path:
        return False
    if name:
        lines = sources[path].lines(name)
        return lines is not None and lines[0] <= finding.line <= lines[1]
    spans = [sources[path].lines(inner) for inner, _ in sources[path].definitions()]
    return not any(span and span[0] <= finding.line <= span[1] for span in spans)
