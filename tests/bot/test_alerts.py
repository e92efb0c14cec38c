"""Reviews as alerts of code scanning, through the local GitHub; the SARIF as it arrived there."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis

from bot.demo.github.local import PERMISSIONS
from bot.github.code_scanning import MOST_BYTES, TooLarge, upload_sarif
from bot.github.refusal import GitHubRefused
from bot.reviewer import GitHubReviewer
from tests.bot.reviewed import World, ended, world

pytestmark = pytest.mark.thorough
NOISE = random.Random(1).randbytes(MOST_BYTES)
GRANTED = {**PERMISSIONS, "security_events": "write"}


@contextmanager
def uploading(folder: Path, redis: Redis, permissions: dict[str, str]) -> Iterator[World]:
    with world(folder, redis, permissions=permissions) as made:
        services = dataclasses.replace(made.reviewer.services, code_scanning=True)
        yield dataclasses.replace(made, reviewer=GitHubReviewer(services))


def test_a_review_becomes_alerts_of_the_head(tmp_path: Path, redis: Redis) -> None:
    with uploading(tmp_path, redis, GRANTED) as place:
        place.repository.code_scanning = True
        place.review()
        ((ref, sha, sarif),) = place.repository.analyses
        assert (ref, sha) == (f"refs/pull/{place.pull.number}/head", place.pull.head_sha)
        found = {result["ruleId"]: result for result in sarif["runs"][0]["results"]}
        assert found["BA204"]["baselineState"] == "new"
        assert found["BA204"]["locations"][0]["physicalLocation"]["region"]["startLine"] == 11
        assert ended(place) == [("completed", "failure")]


@pytest.mark.parametrize(("permissions", "enabled"), [(GRANTED, False), (PERMISSIONS, True)])
def test_where_github_takes_none_the_review_stands_all_the_same(
    tmp_path: Path, redis: Redis, permissions: dict[str, str], *, enabled: bool
) -> None:
    with uploading(tmp_path, redis, permissions) as place:
        place.repository.code_scanning = enabled
        place.review()
        assert place.repository.analyses == []
        assert ended(place) == [("completed", "failure")]
        assert len(place.github.review_comments(place.pull)) == 1


def test_nothing_is_uploaded_unless_asked_for(tmp_path: Path, redis: Redis) -> None:
    with world(tmp_path, redis, permissions=GRANTED) as place:
        place.repository.code_scanning = True
        place.review()
        assert place.repository.analyses == []


def test_a_commit_that_is_not_there_is_refused_and_noise_is_too_large(tmp_path: Path, redis: Redis) -> None:
    with world(tmp_path, redis, permissions=GRANTED) as place, place.connection() as connection:
        place.repository.code_scanning = True
        with pytest.raises(GitHubRefused):
            upload_sarif(connection, sha="0" * 40, ref="refs/pull/1/head", sarif=b"{}")
        with pytest.raises(TooLarge):
            upload_sarif(connection, sha=place.pull.head_sha, ref="refs/pull/1/head", sarif=NOISE)
        assert place.repository.analyses == []
