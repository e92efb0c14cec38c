"""The models held to the schema specifications of the repository: mismatches, and questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING

from rules.finding import Place, Question
from rules.project.conformance.api_conformance import AMBIGUOUS, UNREAD
from rules.project.conformance.specified_tables import SchemaSpecification, SpecifiedTable
from rules.project.conformance.table_differences import TableComparison, TableDifference
from rules.project.schema.tables import Table
from rules.rule import Confidence
from rules.specification.problem import Unreadable
from rules.specification.schema import schema_specification_paths

if TYPE_CHECKING:
    from rules.project.project import Project

_SMALLEST_SHARE = 0.4
_SMALLEST_AGREEMENT = 0.5


@dataclass(frozen=True, slots=True)
class SchemaConformance:
    """What came of holding the models to the specifications."""

    mismatches: tuple[TableDifference, ...] = ()
    questions: tuple[Question, ...] = ()


def schema_conformance(project: Project) -> SchemaConformance:
    """Compare each specification with the models that it is about."""
    files = {path: source.data for path, source in project.files.items()}
    configured = project.options.schema_spec
    found: list[TableDifference] = []
    asked: list[Question] = []
    for path in schema_specification_paths(files, configured):
        try:
            specification = _read(path, files.get(path), is_configured=bool(configured))
        except Unreadable as problem:
            said = f"this specification was not read: {problem.reason}; the models were not held to it."
            asked += [Question(UNREAD, path, problem.line, said)] if configured else []
            continue
        found += _of(project, specification)
        asked += _asked(project, specification)
    unique = {(d.place, d.said): d for d in found}
    return SchemaConformance(tuple(unique.values()), tuple(asked))


def _read(path: str, data: bytes | None, *, is_configured: bool) -> SchemaSpecification:
    if data is None:
        raise Unreadable("the configuration names it, but no such file is read")
    tables = import_module("rules.project.conformance.table_readers").tables(path, data)
    loose = not path.endswith(".sql")
    return SchemaSpecification(path=path, tables=tables, is_loose=loose, is_configured=is_configured)


def _of(project: Project, specification: SchemaSpecification) -> Iterator[TableDifference]:
    pairs = [(wanted, _model(project, specification, wanted)) for wanted in specification.tables]
    matched = sum(table is not None for _, table in pairs)
    if not specification.is_configured and matched < max(1, _SMALLEST_SHARE * len(pairs)):
        return
    for wanted, table in pairs:
        if table is not None:
            comparison = TableComparison(wanted, table, specification.is_loose)
            yield from (_weighed(found, comparison) for found in comparison.differences())
        elif not (specification.is_loose and not specification.is_configured):
            yield _missing(project, wanted)


def _weighed(found: TableDifference, comparison: TableComparison) -> TableDifference:
    """Less sure where the specification is evidently of another state of the table."""
    if comparison.agreement >= _SMALLEST_AGREEMENT:
        return found
    return replace(found, confidence=min(found.confidence, Confidence.MEDIUM, key=lambda c: c.rank))


def _missing(project: Project, wanted: SpecifiedTable) -> TableDifference:
    sure = not project.tables.unnamed
    return TableDifference(
        subject=wanted.name,
        said=f"table `{wanted.name}` is specified, but no model declares it",
        place=wanted.place,
        specified=wanted.place,
        confidence=Confidence.MEDIUM if sure else Confidence.LOW,
    )


def _asked(project: Project, specification: SchemaSpecification) -> Iterator[Question]:
    """What a person should say: which models a specification is about, and what an unmatched entity is."""
    pairs = [(wanted, _model(project, specification, wanted)) for wanted in specification.tables]
    matched = sum(table is not None for _, table in pairs)
    if matched == 0 or specification.is_configured or not specification.tables:
        return
    if matched < _SMALLEST_SHARE * len(pairs):
        said = (
            f"{matched} of the {len(pairs)} tables specified here have a model; is it the specification of "
            "this application? Name it in `schema-spec` if it is."
        )
        yield Question(AMBIGUOUS, specification.path, 1, said)
    elif specification.is_loose:
        for wanted, table in pairs:
            if table is None and wanted.is_named_table:
                said = f"`{wanted.name}` is described here, but no model has this name; which one is meant?"
                yield Question(AMBIGUOUS, specification.path, wanted.place.line, said)


def _model(project: Project, specification: SchemaSpecification, wanted: SpecifiedTable) -> Table | None:
    """The model's table of that name; loosely also by its class, or in the singular or plural."""
    found = project.tables.find(wanted.name, specification.path)
    if found is not None:
        return found
    name = wanted.name.lower()
    names = {name, name.removesuffix("s"), f"{name}s"} if specification.is_loose else {name}
    for table in project.tables:
        own = {table.key.lower(), table.name.lower()}
        if specification.is_loose:
            own.add(table.model_name.lower())
        if own & names and not _is_foreign(table.place):
            return table
    return None


def _is_foreign(place: Place) -> bool:
    return any(part in {"test", "tests"} for part in place.path.split("/")[:-1])
