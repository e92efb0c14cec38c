"""The reviewer of FastAPI and SQLModel code: a tree of files in, a review out. This is its public face."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from rules.baseline import BASELINE_PATH, baseline_of, with_baseline
from rules.cache import Cache, FactCache, NoCache, default_folder
from rules.configuration import ConfigurationError, Options, Problem, load
from rules.declarations import Declaration, declared_rules, known_rules
from rules.discovery import Discovery
from rules.engine import (
    Engine,
    Model,
    Unanswered,
    ask_contained,
    ask_here,
    review_contained,
    review_here,
)
from rules.finding import Finding
from rules.gate import compare as compare_reviews
from rules.gate import extent, gate
from rules.inventory import OpenapiRecord
from rules.kept_reviews import code_version, kept, key_of
from rules.project.surface.changes import OperationChange, surface_changes
from rules.project.surface.endpoints import Endpoint, endpoints
from rules.project.surface.value_changes import Change
from rules.proving import Proof, ProofBounds, UnprovedFix, proof_of
from rules.recursion import on_large_stack
from rules.registry import RegisteredRule, catalog_rules
from rules.sandbox import available
from rules.tree import Tree, interesting
from rules.verdict import Comparison, Conclusion, Extent, Gate, Review

__all__ = [
    "BASELINE_PATH",
    "Cache",
    "Change",
    "Comparison",
    "Conclusion",
    "ConfigurationError",
    "Declaration",
    "Discovery",
    "Endpoint",
    "Extent",
    "FactCache",
    "Gate",
    "NoCache",
    "OpenapiRecord",
    "OperationChange",
    "Options",
    "Problem",
    "Proof",
    "ProofBounds",
    "RegisteredRule",
    "Review",
    "Tree",
    "Unanswered",
    "UnprovedFix",
    "baseline_of",
    "catalog_rules",
    "compare",
    "declared_rules",
    "default_folder",
    "discover",
    "endpoints",
    "extent",
    "gate",
    "interesting",
    "known_rules",
    "load_options",
    "openapi",
    "prove_fixes",
    "review",
    "review_trusted",
    "surface_changes",
    "warm",
]


def review(tree: Tree, options: Options, *, cache: Cache | None = None) -> Review:
    """Review untrusted files in a process that can be killed. No `cache`: that of this user on this host."""
    made = _kept(cache, tree, options)
    if made is None:
        engine = _engine(cache)
        if not available():
            made = on_large_stack(lambda: review_here(engine, tree, options))
        else:
            made = review_contained(engine, tree, options)
    return with_baseline(made, tree, options)


def review_trusted(tree: Tree, options: Options, *, cache: Cache | None = None) -> Review:
    """The same review in this process, without the cost and the safety of another one."""
    made = _kept(cache, tree, options)
    if made is None:
        made = on_large_stack(lambda: review_here(_engine(cache), tree, options))
    return with_baseline(made, tree, options)


def prove_fixes(
    tree: Tree,
    options: Options,
    before: Review,
    findings: Sequence[Finding],
    *,
    cache: Cache | None = None,
    bounds: ProofBounds | None = None,
) -> Proof:
    """Which fixes of `findings` may be offered: applied, parsed, reviewed again, theirs gone and none came.

    `before` is the whole review of `tree` under `options`, `findings` any of it: give only those whose fix
    is wanted (the safe ones, one, those that will be shown). All fixes are tried in one further review,
    and in halves where that is no proof, within `bounds`; what was not tried is not proved. The result has
    the findings with proved fixes alone, the reasons against the others, and the tree with the fixes in.
    """
    return proof_of(
        tree, before, findings, lambda fixed: review(fixed, options, cache=cache), bounds or ProofBounds()
    )


def compare(base: Review | None, head: Review) -> Comparison:
    """Head's findings marked as introduced or not, and what the change fixed. No base: all are introduced.

    Steps that base has taken already, such as a migration's operations, are left out.
    """
    of_change = {declared.code for declared in declared_rules() if declared.rule.of_change} if base else ()
    return compare_reviews(base, head, of_change)


def openapi(tree: Tree, options: Options, *, cache: Cache | None = None) -> tuple[OpenapiRecord, ...]:
    """The OpenAPI document of each application, as `app.openapi()` would give it, without running it.

    What could not be found out is marked `x-backend-architect-unknown: true`. Raises Unanswered.
    """
    engine = _engine(cache)
    if not available():
        return on_large_stack(lambda: _decoded(ask_here(engine, tree, options, _documents)))
    return _decoded(ask_contained(engine, tree, options, _documents))


def discover(tree: Tree, options: Options, *, cache: Cache | None = None) -> Discovery:
    """What was found of that the configuration could say. Raises Unanswered."""
    engine = _engine(cache)
    if not available():
        data = on_large_stack(lambda: ask_here(engine, tree, options, _discovered))
    else:
        data = ask_contained(engine, tree, options, _discovered)
    return msgspec.json.decode(data, type=Discovery)


def _discovered(model: Model) -> bytes:
    from rules.project.discoveries import discovery
    from rules.project.project import Project

    assert isinstance(model, Project)
    return msgspec.json.encode(discovery(model))


def _documents(model: Model) -> bytes:
    from rules.project.project import Project

    assert isinstance(model, Project)
    return msgspec.json.encode(model.openapi_documents())


def _decoded(data: bytes) -> tuple[OpenapiRecord, ...]:
    return msgspec.json.decode(data, type=tuple[OpenapiRecord, ...])


def load_options(tree: Mapping[str, bytes]) -> Options:
    """The configuration that the tree carries. Raises ConfigurationError."""
    return load(tree, known_rules())


def warm() -> None:
    """Load every rule and all that reviews need, so that processes forked from this one need not."""
    _engine(NoCache())


def _kept(cache: Cache | None, tree: Tree, options: Options) -> Review | None:
    """The review that was made before: what makes reviews need not be loaded then."""
    return kept(_facts(cache), key_of(code_version(), tree, options))


def _engine(cache: Cache | None) -> Engine:
    from rules.project.project import Project

    return Engine(catalog=catalog_rules(), build=Project, cache=_facts(cache), version=code_version())


def _facts(cache: Cache | None) -> Cache:
    return cache or FactCache(default_folder())
