"""`make bench`: set up, measure, and write `docs/performance.md`, its chart and the figures behind them."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks import peers, project
from benchmarks.chart import chart
from benchmarks.contestants import (
    REFERENCE,
    ROOT,
    Contestant,
    Resident,
    cold,
    parsing,
    plain,
    warm,
)
from benchmarks.page import page
from benchmarks.report import (
    AT_LINES,
    COLD,
    GROWTH,
    MIGRATIONS,
    RESIDENT,
    WARM,
    WORKER,
    Report,
    Size,
    all_versions,
    machine,
    targets,
    today,
)
from benchmarks.rounds import Figure, measured

WORK = ROOT / "build" / "bench"
DOCS = ROOT / "docs"
COPIES = (1, 4, 16)
_SAMPLE = "libcst on fixit's share"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How often what is measured: `ours` for us and the parsers, `theirs` for peers; 0 leaves them out."""

    ours: int
    theirs: int
    copies: tuple[int, ...]


def main() -> int:
    """Measure as the command line says; return 1 where a target is missed."""
    plan = _plan(sys.argv[1:])
    wheel = project.download(WORK / "download")
    every = project.python_files(wheel)
    files = project.without_migrations(every)
    part = project.of_lines(files)
    replicated = project.of_lines(files, project.GROWTH_LINES)
    report = Report(
        date=today(),
        machine=machine(),
        versions=all_versions(),
        project=project.name_and_version(),
        sizes={
            "project": _size(files),
            "project with its migrations": _size(every),
            "85,000 lines of it": _size(part),
            GROWTH: _size(replicated),
        },
        figures=_figures(plan, every, files, part),
        scaling=[],
    )
    write(report)
    report = msgspec.structs.replace(report, scaling=_scaling(plan, replicated))
    write(report)
    for target in targets(report):
        sys.stdout.write(f"{'reached' if target.met else 'MISSED ':8} {target.name}: {target.reached}\n")
    return int(not all(target.met for target in targets(report)))


def write(report: Report) -> None:
    """Write the page, the chart and the figures."""
    libcst = report.named(REFERENCE)
    limits = {WARM: 0.5, RESIDENT: 0.2} | ({COLD: 0.25 * libcst.cpu} if libcst else {})
    title = f"CPU seconds on {report.sizes['project'].files} files, and against {REFERENCE}"
    shown = [found for found in report.figures if found.name not in (MIGRATIONS, AT_LINES, _SAMPLE, "fixit")]
    (DOCS / "performance.svg").write_text(chart(shown, limits, title), encoding="utf-8")
    (DOCS / "performance.md").write_text(page(report), encoding="utf-8")
    figures = msgspec.json.format(msgspec.json.encode(report)) + b"\n"
    (DOCS / "performance.json").write_bytes(figures)


def _plan(arguments: list[str]) -> Plan:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of ours and the parsers")
    parser.add_argument("--peer-rounds", type=int, default=2, help="rounds of the peers; 0 leaves them out")
    parser.add_argument("--copies", type=int, default=COPIES[-1], help="the largest number of copies")
    given = parser.parse_args(arguments)
    copies = tuple(times for times in COPIES if times <= given.copies)
    return Plan(ours=given.rounds, theirs=given.peer_rounds, copies=copies)


def _figures(
    plan: Plan, every: dict[str, bytes], files: dict[str, bytes], part: dict[str, bytes]
) -> list[Figure]:
    whole = project.unpack(files, WORK / "project")
    contestants = [
        *_parsers(plan, whole),
        Contestant(name=COLD, run=cold(whole, WORK), rounds=plan.ours),
        Contestant(
            name=WARM, run=warm(files, project.unpack(files, WORK / "changing"), WORK), rounds=plan.ours
        ),
        Contestant(name=MIGRATIONS, run=cold(project.unpack(every, WORK / "migrations"), WORK), rounds=1),
        Contestant(name=AT_LINES, run=cold(project.unpack(part, WORK / "part"), WORK), rounds=1),
    ]
    with _resident("memory", whole) as memory, _resident("worker", whole) as worker:
        contestants.append(Contestant(name=RESIDENT, run=memory.run, rounds=plan.ours))
        contestants.append(Contestant(name=WORKER, run=worker.run, rounds=plan.ours))
        if plan.theirs:
            contestants += _peers(plan, files, whole)
        return measured(contestants)


def _parsers(plan: Plan, whole: Path) -> list[Contestant]:
    return [
        plain("ast.parse", parsing("ast", whole), WORK, rounds=plan.ours),
        plain(REFERENCE, parsing("libcst", whole), WORK, rounds=plan.ours),
    ]


def _peers(plan: Plan, files: dict[str, bytes], whole: Path) -> list[Contestant]:
    share = {path: files[path] for path in sorted(files)[:: peers.FIXIT_SHARE]}
    sample = project.unpack(share, WORK / "sample")
    home = WORK / "home"
    home.mkdir(exist_ok=True)
    commands = peers.commands(peers.set_up(WORK / "peers"), whole, sample, home)
    return [
        plain(_SAMPLE, parsing("libcst", sample), WORK, rounds=plan.theirs),
        *(
            plain(
                name, command, WORK, rounds=plan.theirs, reference=_SAMPLE if name == "fixit" else REFERENCE
            )
            for name, command in commands.items()
        ),
    ]


def _scaling(plan: Plan, files: dict[str, bytes]) -> list[Figure]:
    contestants = [
        Contestant(
            name=f"{times}×",
            run=cold(project.unpack(project.copies(files, times), WORK / f"copies-{times}"), WORK),
            rounds=1 if times == COPIES[-1] else 3,
        )
        for times in plan.copies
    ]
    return measured(contestants)


@contextlib.contextmanager
def _resident(kind: str, folder: Path) -> Iterator[Resident]:
    process = Resident(kind, folder, WORK)
    try:
        yield process
    finally:
        process.close()


def _size(files: dict[str, bytes]) -> Size:
    return Size(files=len(files), lines=project.count_lines(files))


if __name__ == "__main__":
    sys.exit(main())
