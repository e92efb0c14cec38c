"""Runs mutants, each in a process of its own that is forked from one with everything imported."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor

from tests.mutations.applications import application
from tests.mutations.judgement import Judgement, judged
from tests.mutations.mutants import Mutant
from tests.mutations.probing import opened_by
from tests.mutations.serving import Observation, observe

PROCESSES = 2


def run(mutants: Iterable[Mutant], *, processes: int = PROCESSES) -> Iterator[Judgement]:
    """The judgements, in the order of the mutants."""
    with _pool(processes) as pool:
        for judgements in pool.map(_judged, mutants):
            yield from judgements


def probed(name: str) -> list[Observation]:
    """How the probes of the unmutated application go."""
    with _pool(1) as pool:
        return pool.submit(_probed, name).result()


def _pool(processes: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.mutations.judgement", "rules.project.project", "jwt"])
    return ProcessPoolExecutor(processes, mp_context=context, max_tasks_per_child=1)


def _judged(mutant: Mutant) -> tuple[Judgement, ...]:
    sound = application(mutant.application)
    return judged(sound, mutant, opened_by(sound, mutant))


def _probed(name: str) -> list[Observation]:
    sound = application(name)
    return observe(sound.files, sound.description, sound.probes, forged=False)
