"""Everything that is measured: how one measurement of each is made, and in how many rounds it takes part."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from benchmarks import project
from benchmarks.measurement import Command, Run, measure

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = "libcst.parse_module"


class Contestant(msgspec.Struct, frozen=True, kw_only=True):
    """`run(number)` makes one measurement; `reference` is the contestant that it is divided by."""

    name: str
    run: Callable[[int], Run]
    rounds: int
    reference: str = REFERENCE


def plain(name: str, command: Command, work: Path, *, rounds: int, reference: str = REFERENCE) -> Contestant:
    """A command that is the same in every round."""
    output = work / "output"
    return Contestant(name=name, run=lambda _: measure(command, output), rounds=rounds, reference=reference)


def parsing(parser: str, folder: Path) -> Command:
    """Parse the folder with `ast` or `libcst`."""
    return Command(arguments=[sys.executable, "-m", "benchmarks.parse_all", parser, folder], folder=ROOT)


def checked(folder: Path, cache: Path, work: Path) -> Run:
    """Measure `backend-architect check` on a folder, with the cache in `cache`."""
    arguments: list[str | Path] = [
        Path(sys.executable).with_name("backend-architect"),
        "check",
        folder,
        "--format",
        "json",
    ]
    command = Command(arguments=arguments, folder=ROOT, environment={"XDG_CACHE_HOME": str(cache)})
    return measure(command, work / "check.json", unfinished)


def unfinished(output: Path) -> str | None:
    """Say why a review does not count: rules or files that it gave up on."""
    try:
        coverage: dict[str, Any] = json.loads(output.read_bytes())["coverage"]
    except (ValueError, KeyError):
        return "no verdict was written"
    if coverage["rules_crashed"]:
        return "; ".join(f"{crash['rule']}: {crash['reason']}" for crash in coverage["rules_crashed"])
    return None if coverage["files_analysed"] and coverage["routes"] else "nothing was found"


def cold(folder: Path, work: Path) -> Callable[[int], Run]:
    """The command line with an empty cache."""

    def run(_: int) -> Run:
        cache = work / "cache-cold"
        shutil.rmtree(cache, ignore_errors=True)
        return checked(folder, cache, work)

    return run


def warm(files: dict[str, bytes], folder: Path, work: Path) -> Callable[[int], Run]:
    """The command line with the project in its cache but for three changed files."""
    cache = work / "cache-warm"

    def run(number: int) -> Run:
        project.write(project.changed(files, number), folder)
        return checked(folder, cache, work)

    sys.stderr.write("    preparing a warm cache\n")
    shutil.rmtree(cache, ignore_errors=True)
    checked(folder, cache, work)
    return run


class Resident:
    """A process of `benchmarks.resident` that stays; each number it is given is a change of three files."""

    def __init__(self, kind: str, folder: Path, work: Path) -> None:
        """Start it and let it make its first reviews, which fill its cache."""
        sys.stderr.write(f"    preparing a resident process ({kind})\n")
        facts = work / f"facts-{kind}"
        shutil.rmtree(facts, ignore_errors=True)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.resident", kind, folder, facts],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.run(0)

    def run(self, number: int) -> Run:
        """Review after the change of that number."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{number}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            return Run(cpu=0, wall=0, peak=0, failure="the process ended")
        cpu, wall, peak, files, routes, problem = json.loads(answer)
        failure = problem or (None if files and routes else "nothing was found")
        return Run(cpu=cpu, wall=wall, peak=peak, failure=failure)

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
