"""The demo's sample runs at every stage; its holes are real and its repair closes them."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from bot.demo import sample
from bot.demo.github import LocalGitHub, changes, git
from bot.demo.sample import Stage
from tests.github.fixtures import github

__all__ = ["github"]

PROBE = Path(__file__).with_name("sample_probe.py")


@functools.cache
def behaviour(stage: Stage) -> dict[str, Any]:
    """What the application of this stage does when it runs."""
    with tempfile.TemporaryDirectory() as folder:
        for path, content in sample.tree(stage).items():
            target = Path(folder) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        secret = {"NOTEBOOK_SECRET_KEY": "a secret of thirty-two characters!"}
        completed = subprocess.run(
            [sys.executable, str(PROBE)],
            cwd=folder,
            env={"PATH": os.environ["PATH"], **secret},
            capture_output=True,
            text=True,
            check=False,
        )
    assert completed.returncode == 0, completed.stderr
    report: dict[str, Any] = json.loads(completed.stdout.splitlines()[-1])
    return report


@pytest.mark.parametrize("stage", list(Stage))
def test_what_is_sound_stays_sound(stage: Stage) -> None:
    seen = behaviour(stage)
    assert seen["bob_reads_note"] == 404
    assert seen["bob_reads_project"] == 404
    assert seen["bob_lists_notes"] == []
    assert seen["bob_archives_note"] in (404, 405)
    assert seen["bob_lists_users"] == 403
    assert seen["stranger_reads_notes"] == 401


def test_base_is_sound() -> None:
    seen = behaviour(Stage.BASE)
    assert seen["missing_columns"] == []
    assert seen["stranger_reads_labels"] == 401
    assert seen["stranger_adds_label"] == 401
    assert seen["refusals_without_cors"] == []


def test_change_has_a_hole_for_each_rule() -> None:
    seen = behaviour(Stage.CHANGE)
    assert seen["refusals_without_cors"] == [503], "BA108"
    assert seen["missing_columns"] == ["note.archived_at"], "BA151"
    assert seen["ada_searches"] == 422, "BA204"
    assert (seen["stranger_reads_labels"], seen["stranger_adds_label"]) == (200, 201), "BA301"
    assert seen["bob_shares_note"] == 200, "BA305"
    assert seen["bob_sees_recent"] == ["Secret of Ada"], "BA306"
    assert seen["projects_search"] == 200


def test_fix_closes_every_hole() -> None:
    seen = behaviour(Stage.FIX)
    assert seen["refusals_without_cors"] == []
    assert seen["missing_columns"] == []
    assert seen["ada_searches"] == ["Secret of Ada"]
    assert (seen["stranger_reads_labels"], seen["stranger_adds_label"]) == (401, 401)
    assert seen["bob_shares_note"] == 404
    assert seen["bob_sees_recent"] == []


def test_history_is_the_same_every_time_and_one_cause_is_elsewhere(github: LocalGitHub) -> None:
    repositories = [sample.create_repository(github, name) for name in ("octo-org/one", "octo-org/two")]
    pulls = [sample.open_pull_request(github, repository) for repository in repositories]
    assert pulls[0].head_sha == pulls[1].head_sha
    assert len(changes.commits(pulls[0])) == len(sample.STEPS[Stage.CHANGE])
    changed = {file.path for file in changes.files(pulls[0])}
    assert "app/api/router.py" in changed
    assert "app/api/routes/labels.py" not in changed
    folder = repositories[0].folder
    assert git.blob(folder, "main", "app/main.py") == sample.tree(Stage.BASE)["app/main.py"]
    sample.push_fix(github, repositories[0])
    assert git.blob(folder, pulls[0].head_sha, "app/main.py") == sample.tree(Stage.FIX)["app/main.py"]
