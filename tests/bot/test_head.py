from __future__ import annotations

import datetime

import pytest

from bot.github.installations import TimedRun
from bot.healing.head import Head, Verdict, judge

NOW = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def run(number: int, status: str, conclusion: str | None = None, minutes: int = 0) -> TimedRun:
    return TimedRun(
        id=number,
        head_sha="a" * 40,
        status=status,
        conclusion=conclusion,
        started_at=NOW - datetime.timedelta(minutes=minutes),
    )


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([], Head(verdict=Verdict.MISSING)),
        ([run(1, "completed", "success", 500)], Head(verdict=Verdict.REVIEWED)),
        ([run(1, "completed", "timed_out")], Head(verdict=Verdict.REVIEWED)),
        ([run(1, "completed", "cancelled")], Head(verdict=Verdict.MISSING)),
        ([run(1, "queued", None, 59)], Head(verdict=Verdict.UNDER_WAY)),
        ([run(1, "in_progress", None, 60)], Head(verdict=Verdict.STUCK, run=1)),
        ([run(2, "in_progress", None, 90), run(1, "queued", None, 99)], Head(verdict=Verdict.STUCK, run=2)),
        (
            [run(1, "completed", "success", 99), run(2, "in_progress", None, 3)],
            Head(verdict=Verdict.UNDER_WAY),
        ),
        (
            [run(1, "completed", "success", 99), run(2, "in_progress", None, 99)],
            Head(verdict=Verdict.STUCK, run=2),
        ),
    ],
)
def test_a_head_is_judged_by_its_runs(runs: list[TimedRun], expected: Head) -> None:
    assert judge(runs, NOW, HOUR) == expected
