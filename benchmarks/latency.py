"""From a delivery to the completed check run, with warm mirrors; and the memory of an idle worker."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import processes
from benchmarks.deliveries import percentile
from bot.demo import sample
from bot.demo.github.checks import CheckRun
from bot.demo.github.pull_request import PullRequest
from bot.demo.narration import Narrator
from bot.demo.stage import Stage, github_with_app, service
from bot.service import Role

PUSHES = 25
WARMING = 3
APART_SECONDS = 2.2
"""Pushes that follow each other faster are reviewed together, and wait for it."""
PATIENCE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Seconds from a delivery to its completed check run, and the MB of a worker before it had work."""

    p50: float
    p95: float
    idle_megabytes: float


def measured(folder: Path) -> Way:
    """Push to the demo's pull request again and again, with the shipped settings."""
    narrator = Narrator()
    with github_with_app(folder, narrator) as stage, service(stage, folder, narrator):
        time.sleep(5)
        idle = max(map(processes.megabytes, processes.of_role(Role.WORKER.value)))
        pull = sample.open_pull_request(stage.github, stage.repository)
        _completed(stage, pull)
        took = [_pushed(stage, pull, number) for number in range(WARMING + PUSHES)][WARMING:]
    p50, p95 = percentile(took, 0.5), percentile(took, 0.95)
    return Way(p50=round(p50, 2), p95=round(p95, 2), idle_megabytes=idle)


def _pushed(stage: Stage, pull: PullRequest, number: int) -> float:
    time.sleep(APART_SECONDS)
    path = "app/services/notes.py"
    files = sample.overlay(sample.Stage.CHANGE)
    content = bytes(files[path] or b"") + f"\n# Looked at again: {number}\n".encode()
    stage.github.push(stage.repository, sample.CHANGE_BRANCH, {path: content}, f"look {number}")
    run = _completed(stage, pull)
    stage.github.wait_for_deliveries()
    delivered = max(
        each.delivered_at
        for each in stage.github.hub.deliveries
        if each.event == "pull_request" and each.action == "synchronize"
    )
    if run.completed_at is None:
        raise ValueError("a completed check run without its time")
    return (run.completed_at - delivered).total_seconds()


def _completed(stage: Stage, pull: PullRequest) -> CheckRun:
    """The completed check run on the head."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        done = [run for run in stage.github.check_runs(pull) if run.status == "completed"]
        if done:
            return done[-1]
        time.sleep(0.02)
    raise TimeoutError("no completed check run")
