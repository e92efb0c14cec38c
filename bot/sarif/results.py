"""Findings as SARIF results: place, trail, identity, proved fix and suppression."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from bot.sarif.descriptors import level_of
from bot.sarif.log import (
    ROOT,
    Artifact,
    ArtifactChange,
    CodeFlow,
    FixPart,
    Flow,
    FlowStep,
    Location,
    Message,
    PhysicalLocation,
    Region,
    Replacement,
    Result,
    SuppressionPart,
    message,
)
from rules.finding import Edit, Finding, Fix, Suppression


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where paths lead: `prefix` is the reviewed folder in its repository, ending in `/` or empty."""

    prefix: str
    sources: Mapping[str, bytes]

    def artifact(self, path: str) -> Artifact:
        """The file as a URI."""
        return Artifact(uri=quote(f"{self.prefix}{path}", errors="replace"), uri_base_id=ROOT)

    def location(self, path: str, region: Region, words: str | None = None) -> Location:
        """A place, with what happens there."""
        physical = PhysicalLocation(artifact_location=self.artifact(path), region=region)
        return Location(physical_location=physical, message=None if words is None else message(words))

    def lines(self, edit: Edit) -> Region:
        """The whole lines of an edit; the last line of a file may have no end to go beyond."""
        held = self.sources.get(edit.path, b"").splitlines(keepends=True)
        if edit.creates or edit.end_line < len(held) or (held and held[-1].endswith((b"\n", b"\r"))):
            last = 1 if edit.creates else edit.end_line + 1
            return Region(start_line=edit.start_line, start_column=1, end_line=last, end_column=1)
        return Region(
            start_line=edit.start_line,
            start_column=1,
            end_line=edit.end_line,
            end_column=len(held[-1].decode("utf-8", "replace")) + 1 if held else 1,
        )


def result(finding: Finding, index: int, places: Places, *, compared: bool) -> Result:
    """One finding; `index` is its rule's, `compared` whether there was a base."""
    state = "new" if finding.introduced else "unchanged"
    suppressed = finding.suppressed
    return Result(
        rule_id=finding.rule,
        rule_index=index,
        level=level_of(finding.severity),
        message=message(finding.message),
        locations=(places.location(finding.path, _region(finding)),),
        partial_fingerprints={
            "backendArchitect/v1": finding.fingerprint,
            # The one that code scanning looks at.
            "primaryLocationLineHash": f"{finding.fingerprint}:1",
        },
        baseline_state=state if compared else None,
        code_flows=_flows(finding, places),
        fixes=(_fix(finding.fix, places),) if finding.fix is not None and finding.fix.proved else (),
        suppressions=() if suppressed is None else (_suppression(suppressed),),
        properties={"severity": finding.severity.value, "confidence": finding.confidence.value},
    )


def _region(finding: Finding) -> Region:
    last = max(finding.line, finding.end_line)
    before = last == finding.line and finding.end_column < finding.column
    column = finding.column if before else max(finding.end_column, 1)
    return Region(start_line=finding.line, start_column=finding.column, end_line=last, end_column=column)


def _flows(finding: Finding, places: Places) -> tuple[CodeFlow, ...]:
    if not finding.trail:
        return ()
    steps = [
        places.location(step.path, Region(start_line=max(step.line, 1)), step.note) for step in finding.trail
    ]
    if (finding.trail[-1].path, finding.trail[-1].line) != (finding.path, finding.line):
        steps.append(places.location(finding.path, _region(finding), finding.message))
    return (CodeFlow(thread_flows=(Flow(locations=tuple(FlowStep(location=step) for step in steps)),)),)


def _fix(fix: Fix, places: Places) -> FixPart:
    by_path: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        by_path.setdefault(edit.path, []).append(edit)
    return FixPart(
        description=message(fix.title),
        artifact_changes=tuple(
            ArtifactChange(artifact_location=places.artifact(path), replacements=_replacements(edits, places))
            for path, edits in by_path.items()
        ),
    )


def _replacements(edits: Sequence[Edit], places: Places) -> tuple[Replacement, ...]:
    return tuple(
        Replacement(deleted_region=places.lines(edit), inserted_content=Message(text=edit.replacement))
        for edit in sorted(edits, key=lambda edit: edit.start_line)
    )


def _suppression(suppressed: Suppression) -> SuppressionPart:
    kind = "inSource" if suppressed.kind == "inline" else "external"
    by = f" ({suppressed.by})" if suppressed.by else ""
    return SuppressionPart(kind=kind, status="accepted", justification=f"{suppressed.reason}{by}")
