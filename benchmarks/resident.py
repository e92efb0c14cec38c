"""A program: a process that stays, as a worker does, and reviews the project again and again.

`memory` reviews the head in this process with a cache kept in memory. `worker` does what a job of the
worker does: it forks, judges base and head, each in a process of its own, with the cache on disk.
It answers each line of standard input, which numbers a change of three files, with a line of JSON:
CPU seconds (all processes), wall seconds, peak MB of the largest process, files, routes, problem.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import rules
from benchmarks import project
from bot.jobs import warm
from bot.judgement import judge
from bot.repository.blobs import Files
from bot.repository.snapshot import Snapshot

Reviewed = tuple[int, int, str]
"""Files analysed, routes, and what went wrong if anything did."""


class MemoryCache:
    """Keeps everything, in this process."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}

    def load(self, keys: Collection[str]) -> dict[str, bytes]:
        """The entries that are held."""
        return {key: self._held[key] for key in keys if key in self._held}

    def store(self, entries: Mapping[str, bytes]) -> None:
        """Hold the entries."""
        self._held.update(entries)


def in_memory(base: dict[str, bytes]) -> Callable[[int], Reviewed]:
    """Review the head alone."""
    cache = MemoryCache()

    def work(number: int) -> Reviewed:
        head = {**base, **project.changed(base, number)}
        review = rules.review_trusted(head, rules.Options(), cache=cache)
        return _reviewed(
            review.coverage.files_analysed, review.coverage.routes, review.coverage.rules_crashed
        )

    return work


def as_worker(base: dict[str, bytes], facts: Path) -> Callable[[int], Reviewed]:
    """Judge base and head in a forked process."""

    def work(number: int) -> Reviewed:
        edited = project.changed(base, number)
        snapshot = Snapshot(
            merge_base="base",
            head_sha="head",
            base=Files(base),
            head=Files({**base, **edited}),
            diff="",
            changed=frozenset(edited),
            renames={},
        )
        return _forked(lambda: _judged(snapshot, facts))

    return work


def _judged(snapshot: Snapshot, facts: Path) -> Reviewed:
    coverage = judge(snapshot, rules.FactCache(facts)).report.coverage
    return _reviewed(coverage.files_analysed, coverage.routes, coverage.rules_crashed)


def _reviewed(files: int, routes: int, crashed: Collection[object]) -> Reviewed:
    return files, routes, "; ".join(map(str, crashed))


def _forked(work: Callable[[], Reviewed]) -> Reviewed:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, json.dumps(work()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    files, routes, problem = json.loads(answer) if answer else (0, 0, "the job ended without an answer")
    return files, routes, problem


def main(kind: str, folder: str, facts: str) -> None:
    """Serve until standard input ends."""
    root = Path(folder)
    base = {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*.py"))}
    warm()
    work = in_memory(base) if kind == "memory" else as_worker(base, Path(facts))
    for line in sys.stdin:
        wall, cpu = time.perf_counter(), _cpu()
        files, routes, problem = work(int(line))
        cpu, wall = _cpu() - cpu, time.perf_counter() - wall
        sys.stdout.write(json.dumps([cpu, wall, _peak(), files, routes, problem]) + "\n")
        sys.stdout.flush()


def _cpu() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _peak() -> float:
    here, below = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return max(here.ru_maxrss, below.ru_maxrss) * 1024 / 1_000_000


if __name__ == "__main__":
    main(*sys.argv[1:])
