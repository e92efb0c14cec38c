"""`docs/reliability.md`, from `docs/reliability.json`, which `make faults` and `make bench-service` write."""

from __future__ import annotations

import json
from typing import Any

from tools.documentation.page import ROOT, Page, cell, written

INTRODUCTION = """\
What was done to a running service, and what came of it. `make faults` does all of it again, in the long form,
beside the local GitHub (at most 40 minutes); a short form runs with `make thorough` at every change.
`make bench-service` measures the receiver, the way from a delivery to the completed check run, and memory.
Leases and intervals are shortened by settings; where a criterion speaks of the shipped ones, it is computed
from the settings' defaults. GitHub's side is held against GitHub's published descriptions, and at the end of
each test no check run may be open and nothing there twice."""
ABSENT = "Nothing was measured yet: run `make faults` and `make bench-service`."
Entry = dict[str, Any]


def reliability_page() -> Page:
    """Return the page: faults, threats, benchmarks."""
    source = ROOT / "docs" / "reliability.json"
    parts = (
        _parts(json.loads(source.read_text(encoding="utf-8"))) if source.is_file() else (INTRODUCTION, ABSENT)
    )
    return Page("reliability.md", written("Reliability", "`docs/reliability.json`", *parts))


def _parts(document: Entry) -> tuple[str, ...]:
    faults = [entry for entry in document["faults"] if entry["number"].startswith("R")]
    threats = [entry for entry in document["faults"] if entry["number"].startswith("T")]
    return (
        INTRODUCTION,
        f"Machine: {document['machine']}; shared with other work, so times are upper bounds.",
        "## Faults",
        _table("| fault | criterion | met | figures | date |", faults, _fault),
        "## Threats",
        _table("| threat | how it is met | met | proof | date |", threats, _threat),
        "## Speed and memory",
        _table("| what | target | met | measured | date |", document["benchmarks"], _benchmark),
    )


def _table(head: str, entries: list[Entry], row: Any) -> str:  # noqa: ANN401 - a function of an entry
    rule = "|" + "---|" * (head.count("|") - 1)
    return "\n".join([head, rule, *(row(entry) for entry in entries)])


def _fault(entry: Entry) -> str:
    form = "" if entry["form"] == "long" else f" ({entry['form']} form)"
    figures = _figures(entry) + f"; {entry['tests']} tests in {entry['seconds']:.0f} s{form}"
    name, criterion = f"`{entry['number']}`", cell(entry["criterion"])
    return f"| {name} | {criterion} | {_met(entry)} | {cell(figures)} | {entry['date']} |"


def _threat(entry: Entry) -> str:
    name, _, handling = entry["criterion"].partition(": ")
    return f"| {cell(name)} | {cell(handling)} | {_met(entry)} | {cell(_figures(entry))} | {entry['date']} |"


def _benchmark(entry: Entry) -> str:
    target, value = (
        f"{entry['sense']} {entry['limit']:g} {entry['unit']}",
        f"{entry['value']:g} {entry['unit']}",
    )
    return f"| {cell(entry['name'])} | {target} | {_met(entry)} | {value} | {entry['date']} |"


def _figures(entry: Entry) -> str:
    counted = [f"{name} {value}" for name, value in entry["counted"].items()]
    most = [f"{name} {value:g} (≤ {entry['limits'][name]:g})" for name, value in entry["most"].items()]
    return ", ".join(counted + most)


def _met(entry: Entry) -> str:
    return "yes" if entry["passed"] else "**no**"
