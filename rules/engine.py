"""The review of one tree: files read, project modelled, rules run, everything that failed named."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from rules.cache import Cache
from rules.configuration.options import Options
from rules.finding import Question
from rules.inventory import OperationRecord, RouteInventory, SchemaInventory
from rules.journal import LIMITS, Journal, Step
from rules.judging import Judgement, judge
from rules.kept_reviews import keep, kept, key_of
from rules.registry import RegisteredRule
from rules.sandbox import Died, contained
from rules.sections import SectionFacts
from rules.source import SourceFile, content_hash
from rules.tree import Tree, interesting
from rules.verdict import Coverage, Review, RuleCrash, SkippedFile

SECTION_FACTS = "section-facts"
"""What the report's sections tell beside findings, named as a rule is where it cannot be found out."""

RESTARTS = 8
"""How many files and rules may kill a review before it gives up."""


class Model(Protocol):
    """What the engine itself asks of a project."""

    def is_fastapi(self) -> bool: ...
    def route_inventory(self) -> RouteInventory: ...
    def schema_inventory(self) -> SchemaInventory: ...
    def surface(self) -> tuple[OperationRecord, ...]: ...
    def section_facts(self) -> SectionFacts: ...
    def questions(self) -> tuple[Question, ...]: ...
    def unknown_edges(self) -> int: ...


Build = Callable[[Mapping[str, SourceFile], Options], Model]
Ask = Callable[[Model], bytes]


class Unanswered(Exception):
    """The files of a project kept the question from being answered; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """How a review is made: the rules there are, how a project is modelled, where facts are kept.

    `version` tells this code from any other; without one whole reviews are not kept.
    """

    catalog: Sequence[RegisteredRule]
    build: Build
    cache: Cache
    limits: Mapping[Step, float] = field(default_factory=lambda: LIMITS)
    version: str = ""


@dataclass(slots=True)
class _Excluded:
    """What an earlier attempt died of: files by path and rules by code, with the reason."""

    files: dict[str, str] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)


def review_contained(engine: Engine, tree: Tree, options: Options) -> Review:
    """The review of `tree`, made in a process that is killed when a file or a rule takes too long."""
    known = _known(engine, tree, options)
    if known is not None:
        return known
    made = _survived(engine, lambda excluded, journal: _encoded(engine, tree, options, excluded, journal))
    if isinstance(made, str):
        return _given_up(tree, made)
    return msgspec.msgpack.decode(made, type=Review)


def ask_contained(engine: Engine, tree: Tree, options: Options, ask: Ask) -> bytes:
    """What `ask` finds out of the project, in such a process. Raises Unanswered where nothing does."""
    made = _survived(engine, lambda excluded, journal: _asked(engine, tree, options, ask, excluded, journal))
    if isinstance(made, str):
        raise Unanswered(made)
    return made


def ask_here(engine: Engine, tree: Tree, options: Options, ask: Ask) -> bytes:
    """The same in this process."""
    return _asked(engine, tree, options, ask, _Excluded(), Journal(engine.limits))


def _survived(engine: Engine, work: Callable[[_Excluded, Journal], bytes]) -> bytes | str:
    """What `work` gives in a process of its own, without what killed it before; else why it gave up."""
    excluded = _Excluded()
    for _ in range(RESTARTS):
        journal = Journal(engine.limits)
        outcome = contained(lambda: work(excluded, journal), journal)  # noqa: B023
        if not isinstance(outcome, Died):
            return outcome.data
        name = outcome.during.name
        if outcome.during.step is Step.FILE:
            excluded.files[name] = outcome.reason
        elif outcome.during.step is Step.RULE:
            excluded.rules[name] = outcome.reason
        else:
            return f"the review {outcome.reason}"
    return "too many files or rules took too long; gave up"


def review_here(engine: Engine, tree: Tree, options: Options) -> Review:
    """The same review in this process: nothing can be killed, so only for files that are trusted."""
    known = _known(engine, tree, options)
    return known or _made(engine, tree, options, _Excluded(), Journal(engine.limits))


def _encoded(engine: Engine, tree: Tree, options: Options, excluded: _Excluded, journal: Journal) -> bytes:
    return msgspec.msgpack.encode(_made(engine, tree, options, excluded, journal))


def _known(engine: Engine, tree: Tree, options: Options) -> Review | None:
    return kept(engine.cache, key_of(engine.version, tree, options)) if engine.version else None


def _made(engine: Engine, tree: Tree, options: Options, excluded: _Excluded, journal: Journal) -> Review:
    review = _review(engine, tree, options, excluded, journal)
    if engine.version and not (excluded.files or excluded.rules):
        keep(engine.cache, key_of(engine.version, tree, options), review)
    return review


def _asked(
    engine: Engine, tree: Tree, options: Options, ask: Ask, excluded: _Excluded, journal: Journal
) -> bytes:
    with _collector_paused():
        files = _files(engine.cache, tree, excluded, journal)
        for source in files.values():
            source.read()
        _store(engine.cache, files)
        with journal.during(Step.MODEL, "project"):
            return ask(engine.build(files, options))


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Syntax trees hold no cycles, and the collector's walks over them cost twice their parsing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_collector_paused()
def _review(engine: Engine, tree: Tree, options: Options, excluded: _Excluded, journal: Journal) -> Review:
    files = _files(engine.cache, tree, excluded, journal)
    model = engine.build(files, options)
    for source in files.values():
        source.read()
    _store(engine.cache, files)
    if not model.is_fastapi():
        return Review(fastapi=False, coverage=_read(files))
    try:
        with journal.during(Step.MODEL, "project"):
            routes, schema = model.route_inventory(), model.schema_inventory()
            surface = model.surface()
            asked, unknown_edges = model.questions(), model.unknown_edges()
    except Exception as error:  # noqa: BLE001 - named in the report
        return _given_up(tree, f"the project could not be understood: {type(error).__name__}: {error}"[:200])
    catalog = [registered for registered in engine.catalog if registered.code not in excluded.rules]
    judgement = judge(model, files, options, catalog, journal)
    sections = _section_facts(model, excluded, journal)
    _store(engine.cache, files)
    coverage = _coverage(files, judgement, excluded, routes, unknown_edges)
    return Review(
        findings=judgement.findings,
        questions=_questions(coverage, (*asked, *judgement.questions)),
        coverage=coverage,
        routes=routes,
        schema=schema,
        surface=surface,
        sections=sections,
    )


def _section_facts(model: Model, excluded: _Excluded, journal: Journal) -> SectionFacts:
    if SECTION_FACTS in excluded.rules:
        return SectionFacts()
    try:
        with journal.during(Step.RULE, SECTION_FACTS):
            return model.section_facts()
    except Exception as error:  # noqa: BLE001 - contained and named in the report
        excluded.rules[SECTION_FACTS] = f"{type(error).__name__}: {error}"[:200]
        return SectionFacts()


def _files(cache: Cache, tree: Tree, excluded: _Excluded, journal: Journal) -> dict[str, SourceFile]:
    """The files that a review reads; those that killed an earlier attempt are known but empty."""
    read = {path: data for path, data in sorted(tree.items()) if interesting(path)}
    keys = {path: content_hash(data) for path, data in read.items() if path.endswith(".py")}
    stored = cache.load(set(keys.values()))

    def source(path: str) -> SourceFile:
        if path in excluded.files:
            return SourceFile.unread(path, read[path], excluded.files[path])
        watch = lambda name: journal.during(Step.FILE, name)  # noqa: E731 - one line says it
        return SourceFile(path, read[path], stored=stored.get(keys.get(path, "")), watch=watch)

    return {path: source(path) for path in read}


def _store(cache: Cache, files: Mapping[str, SourceFile]) -> None:
    cache.store({source.blob: data for source in files.values() if (data := source.to_store())})


def _coverage(
    files: Mapping[str, SourceFile],
    judgement: Judgement,
    excluded: _Excluded,
    routes: RouteInventory,
    unknown_edges: int,
) -> Coverage:
    crashed = [*judgement.crashed, *(RuleCrash(code, reason) for code, reason in excluded.rules.items())]
    return msgspec.structs.replace(
        _read(files),
        routes=len(routes.routes),
        routes_resolved=sum(route.resolved for route in routes.routes),
        unknown_edges=unknown_edges,
        rules_run=judgement.rules_run,
        rules_crashed=tuple(sorted(crashed)),
    )


def _read(files: Mapping[str, SourceFile]) -> Coverage:
    """Which Python files could be read, even where none names FastAPI: the one that did may be broken."""
    python = sum(source.is_python for source in files.values())
    skipped = {path: source.problem for path, source in files.items() if source.problem is not None}
    return Coverage(
        files_analysed=python - len(skipped),
        files_skipped=tuple(sorted(SkippedFile(path, reason) for path, reason in skipped.items())),
    )


def _questions(coverage: Coverage, asked: Sequence[Question]) -> tuple[Question, ...]:
    unread = [Question("file-not-analysed", file.path, 1, file.reason) for file in coverage.files_skipped]
    return tuple(sorted({*asked, *unread}))


def _given_up(tree: Tree, reason: str) -> Review:
    """An honest answer where there is none: every Python file is named as not analysed."""
    skipped = tuple(
        SkippedFile(path, reason) for path in sorted(tree) if path.endswith(".py") and interesting(path)
    )
    coverage = Coverage(files_skipped=skipped, rules_crashed=(RuleCrash("all", reason),))
    return Review(questions=_questions(coverage, ()), coverage=coverage)
