"""The SARIF file of one review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

import rules
from bot.registration import HOMEPAGE
from bot.sarif.descriptors import CWE, descriptor, weaknesses
from bot.sarif.log import (
    ROOT,
    SCHEMA,
    VERSION,
    AutomationDetails,
    Component,
    Descriptor,
    Invocation,
    Log,
    Message,
    Notification,
    Reference,
    Region,
    Run,
    Tool,
    message,
)
from bot.sarif.results import Places, result
from rules.finding import Finding
from rules.verdict import Review

NAME = "backend-architect"
MOST_RESULTS = 25_000
"""What code scanning takes of one run."""


def sarif(review: Review, places: Places, *, version: str, compared: bool) -> bytes:
    """The file: every finding, those that are suppressed or older too, the most severe first."""
    catalogue = rules.declared_rules()
    index = {declared.code: number for number, declared in enumerate(catalogue)}
    findings = sorted(review.findings, key=_weight)
    dropped = len(findings) - MOST_RESULTS
    run = Run(
        tool=Tool(driver=_driver(catalogue, version)),
        taxonomies=(weaknesses(catalogue),),
        automation_details=AutomationDetails(id=f"{NAME}/{places.prefix}"),
        invocations=(
            Invocation(
                execution_successful=not review.coverage.rules_crashed,
                tool_execution_notifications=(*_notifications(review, places), *_too_many(dropped)),
            ),
        ),
        original_uri_base_ids={ROOT: {"description": Message(text="The root of the reviewed repository.")}},
        results=tuple(
            result(finding, index.get(finding.rule, -1), places, compared=compared)
            for finding in findings[:MOST_RESULTS]
        ),
        column_kind="unicodeCodePoints",
    )
    log = Log(schema=SCHEMA, version=VERSION, runs=(run,))
    return msgspec.json.format(msgspec.json.encode(log), indent=2) + b"\n"


def _driver(catalogue: Sequence[rules.Declaration], version: str) -> Component:
    return Component(
        name=NAME,
        semantic_version=version,
        information_uri=HOMEPAGE,
        short_description=Message(text="Reviews FastAPI and SQLModel backends."),
        supported_taxonomies=(Reference(name=CWE),),
        notifications=tuple(
            Descriptor(id=one, short_description=Message(text=words)) for one, words in _NOTIFICATIONS.items()
        ),
        rules=tuple(descriptor(declared) for declared in catalogue),
    )


_NOTIFICATIONS = {
    "not-analysed": "A file could not be analysed.",
    "rule-failed": "A rule could not be run to its end.",
    "question": "A person should decide.",
    "left-out": "There were more results than one file may hold.",
}


def _notifications(review: Review, places: Places) -> Iterator[Notification]:
    for skipped in review.coverage.files_skipped:
        where = (places.location(skipped.path, Region(start_line=1)),)
        said = message(f"Not analysed: {skipped.reason}")
        yield Notification(
            descriptor=Reference(id="not-analysed"), level="warning", message=said, locations=where
        )
    for crash in review.coverage.rules_crashed:
        said = message(f"{crash.rule}: {crash.reason}")
        yield Notification(descriptor=Reference(id="rule-failed"), level="error", message=said)
    for question in review.questions:
        at = Region(start_line=max(question.line, 1))
        where = (places.location(question.path, at),)
        said = message(question.message)
        yield Notification(descriptor=Reference(id="question"), level="note", message=said, locations=where)


def _too_many(dropped: int) -> Iterator[Notification]:
    if dropped > 0:
        said = Message(text=f"{dropped} less severe results were left out.")
        yield Notification(descriptor=Reference(id="left-out"), level="warning", message=said)


def _weight(finding: Finding) -> tuple[int, int, str, int, str]:
    return (-finding.severity.rank, -finding.confidence.rank, finding.path, finding.line, finding.rule)
