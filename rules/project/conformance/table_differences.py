"""How a model's table differs from the specified one: columns, types, null, keys; silence is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.finding import Place
from rules.project.comparison.type_differences import Aspect, type_difference
from rules.project.conformance.specified_tables import SpecifiedTable
from rules.project.schema.columns import Column, ColumnType, ForeignKey
from rules.project.schema.stored_types import stored_type
from rules.project.schema.tables import Table
from rules.rule import Confidence, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDifference:
    """One difference. `place` is the model's side, `specified` the specification's."""

    subject: str
    said: str
    place: Place
    specified: Place
    severity: Severity = Severity.HIGH
    confidence: Confidence = Confidence.HIGH


@dataclass(frozen=True, slots=True)
class TableComparison:
    """A specified table beside the model's; a loose specification tells types and names less exactly."""

    specified: SpecifiedTable
    table: Table
    is_loose: bool

    def differences(self) -> Iterator[TableDifference]:
        """Every difference in what the specification mentions."""
        for name, wanted in self.specified.columns.items():
            made = self._column(name)
            if made is not None:
                yield from self._of_column(wanted, made)
            elif self._is_expected(wanted):
                yield TableDifference(
                    subject=f"{self.table.key}.{name}",
                    said=f"column `{self.table.key}.{name}` is specified, but the model does not have it",
                    place=self.table.place,
                    specified=wanted.place,
                )
        yield from self._primary_key()
        yield from self._unique_keys()

    @property
    def agreement(self) -> float:
        """The share of the specified columns that the model has."""
        wanted = self.specified.columns
        return sum(self._column(name) is not None for name in wanted) / max(len(wanted), 1)

    def _column(self, name: str) -> Column | None:
        found = self.table.columns.get(name)
        if found is not None:
            return found
        folded = {n.lower(): c for n, c in self.table.columns.items()}
        return folded.get(name.lower()) or (self.table.of_attribute(name) if self.is_loose else None)

    def _is_expected(self, wanted: Column) -> bool:
        """Whether a missing column is one: in loose words, what is of no known type may be a relationship."""
        if not self.table.complete:
            return False
        related = {relationship.name for relationship in self.table.relationships}
        return not self.is_loose or (wanted.type is not None and wanted.name not in related)

    def _of_column(self, wanted: Column, made: Column) -> Iterator[TableDifference]:
        yield from self._type(wanted, made)
        if wanted.nullable is not None and made.nullable is not None and wanted.nullable != made.nullable:
            words = {True: "may be null", False: "is never null"}
            said = f"{words[wanted.nullable]} by the specification, in the model it {words[made.nullable]}"
            if wanted.nullable:
                yield self._told(wanted, made, said, Severity.MEDIUM, Confidence.MEDIUM)
            elif not (self.is_loose and made.primary_key):
                yield self._told(wanted, made, said)
        yield from self._reference(wanted, made)
        if wanted.unique and made.unique is False and not self._is_unique((made.name,)):
            yield self._told(
                wanted, made, "is unique by the specification, but not in the model", Severity.MEDIUM
            )

    def _type(self, wanted: Column, made: Column) -> Iterator[TableDifference]:
        found = type_difference(made.type, wanted.type)
        if found is None or found.aspect is Aspect.SPELLING or wanted.type is None:
            return
        if self.is_loose and found.aspect is not Aspect.CLASS and found.aspect is not Aspect.LENGTH:
            return
        if found.aspect is Aspect.CLASS and _is_text(wanted.type) and _is_textual(made.type):
            return
        severity = Severity.HIGH if found.aspect is Aspect.CLASS else Severity.MEDIUM
        kind = " with time zone" if found.aspect is Aspect.TIMEZONE and wanted.type.timezone else ""
        said = f"is specified as {wanted.type}{kind}, in the model it is {made.type}"
        if found.aspect is Aspect.TIMEZONE and not kind:
            said += " with time zone"
        confidence = Confidence.HIGH if found.certain else Confidence.MEDIUM
        yield self._told(wanted, made, said, severity, confidence)

    def _reference(self, wanted: Column, made: Column) -> Iterator[TableDifference]:
        targets = [*wanted.foreign_keys, *_references(self.specified, wanted.name)]
        declared = [*made.foreign_keys, *_references_of_model(self.table, made.name)]
        for key in targets:
            same = [d for d in declared if d.target.lower() == key.target.lower()]
            if not declared:
                yield self._told(
                    wanted, made, f"refers to `{key.target}` by the specification, in the model to nothing"
                )
            elif not same and not self.is_loose:
                said = (
                    f"refers to `{key.target}` by the specification, in the model to `{declared[0].target}`"
                )
                yield self._told(wanted, made, said)
            elif same and key.ondelete and (same[0].ondelete or "").upper() != key.ondelete.upper():
                given = same[0].ondelete or "nothing"
                said = f"has ON DELETE {key.ondelete} by the specification, in the model {given}"
                yield self._told(wanted, made, said, Severity.MEDIUM)

    def _primary_key(self) -> Iterator[TableDifference]:
        wanted = {name for name, column in self.specified.columns.items() if column.primary_key}
        wanted |= {n for key in self.specified.keys if key.kind == "primary" for n in key.columns}
        made = {c.name for c in self.table.columns.values() if c.primary_key}
        known = all(c.primary_key is not None for c in self.table.columns.values()) and self.table.complete
        if wanted and known and {n.lower() for n in wanted} != {n.lower() for n in made}:
            said = f"the primary key is specified as {_listed(wanted)}, in the model it is {_listed(made)}"
            place, subject = self.table.place, self.table.key
            yield TableDifference(subject=subject, said=said, place=place, specified=self.specified.place)

    def _unique_keys(self) -> Iterator[TableDifference]:
        for key in self.specified.keys:
            has_all = all(self._column(name) is not None for name in key.columns)
            if key.kind != "unique" or not key.columns or not has_all or self._is_unique(key.columns):
                continue
            said = f"{_listed(set(key.columns))} is unique by the specification, but not in the model"
            place, subject = self.table.place, self.table.key
            severity = Severity.MEDIUM
            yield TableDifference(
                subject=subject, said=said, place=place, specified=key.place, severity=severity
            )

    def _is_unique(self, columns: tuple[str, ...]) -> bool:
        wanted = set(columns)
        made = [c for c in self.table.columns.values() if {c.name} == wanted]
        if any(c.unique is not False or c.primary_key for c in made):
            return True
        names = [
            {found.name if (found := self.table.of_attribute(n)) is not None else n for n in key.columns}
            for key in self.table.keys
            if key.kind in {"unique", "primary"} or key.unique
        ]
        primary = {c.name for c in self.table.columns.values() if c.primary_key}
        return wanted in names or wanted == primary

    def _told(
        self,
        wanted: Column,
        made: Column,
        said: str,
        severity: Severity = Severity.HIGH,
        confidence: Confidence = Confidence.HIGH,
    ) -> TableDifference:
        return TableDifference(
            subject=f"{self.table.key}.{made.name}",
            said=f"column `{self.table.key}.{made.name}` {said}",
            place=made.place,
            specified=wanted.place,
            severity=severity,
            confidence=confidence,
        )


def _is_text(declared: ColumnType) -> bool:
    return stored_type(declared).kind in {"string", "text"}


def _is_textual(declared: ColumnType | None) -> bool:
    """Whether a type is kept as text, or may be: enums are often specified as the text that they are."""
    return stored_type(declared).kind in {"string", "text", "enum", ""}


def _references(table: SpecifiedTable, column: str) -> Iterator[ForeignKey]:
    for key in table.keys:
        if key.kind == "foreign" and key.columns == (column,) and key.targets:
            yield ForeignKey(key.targets[0], key.ondelete)


def _references_of_model(table: Table, column: str) -> Iterator[ForeignKey]:
    for key in table.keys:
        if key.kind == "foreign" and key.targets:
            pairs = zip(key.columns, key.targets, strict=False)
            yield from (ForeignKey(target, key.ondelete) for name, target in pairs if name == column)


def _listed(names: set[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "nothing"
