"""The composite Action and the pre-commit hooks, run as GitHub and pre-commit run them."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.bot.test_console_fix import ITEMS, MAIN
from tests.bot.test_console_main import PROGRAM
from tests.bot.test_console_trees import commit, git, write

ROOT = Path(__file__).resolve().parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
SOUND = {"app/__init__.py": b"", "app/items.py": ITEMS[: ITEMS.index(b'\n\n@router.get("/items/special")')]}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, {**SOUND, "app/main.py": MAIN.replace(b"app.add_middleware(CORS", b"print(CORS")})
    return folder


def environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}"}


def step(name: str) -> dict[str, Any]:
    (found,) = [one for one in ACTION["runs"]["steps"] if one["name"] == name]
    return dict(found)


def reviewed(project: Path, tmp_path: Path, **inputs: str) -> tuple[int, str, dict[str, str], str]:
    """Exit code, log, outputs and summary of the Action's review, in the shell that GitHub uses."""
    given = {name: str(value.get("default", "")) for name, value in ACTION["inputs"].items()} | inputs
    review = step("Review")
    values = {
        key: re.sub(r"\${{ inputs\.([\w-]+) }}", lambda found: given[found[1]], text)
        for key, text in review["env"].items()
    }
    output, summary, script = (tmp_path / name for name in ("output", "summary", "script.sh"))
    script.write_text(review["run"])
    files = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
    answer = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
        cwd=project,
        env={**environment(), **values, **files},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    lines = output.read_text().splitlines() if output.exists() else []
    told = dict(line.split("=", 1) for line in lines)
    return answer.returncode, answer.stdout, told, summary.read_text() if summary.exists() else ""


def test_the_action_follows_the_schema_of_actions() -> None:
    schemas = resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    validator = jsonschema.Draft7Validator(json.loads((schemas / "github-actions.json").read_text()))
    assert [error.message for error in validator.iter_errors(ACTION)] == []
    assert list(validator.iter_errors({**ACTION, "runs": {"using": "composite"}}))


def test_no_input_of_the_action_is_pasted_into_a_script() -> None:
    for one in ACTION["runs"]["steps"]:
        assert "${{" not in one["run"]
        assert subprocess.run(["bash", "-n", "-c", one["run"]], check=False).returncode == 0


def test_the_action_installs_what_is_locked() -> None:
    script = step("Set up")["run"]
    for name in re.findall(r"[\w-]+\.lock", script):
        assert (ROOT / name).is_file()
    assert script.count("--require-hashes") == 2


@pytest.mark.thorough
def test_the_action_annotates_sums_up_and_fails_with_the_gate(project: Path, tmp_path: Path) -> None:
    write(project, {"app/items.py": ITEMS.replace(b'"special"', b'"::forged::"')})
    told = reviewed(project, tmp_path, base="main", **{"sarif-file": "found.sarif"})
    code, log, outputs, summary = told
    assert (code, outputs) == (1, {"sarif-file": "found.sarif", "conclusion": "failure"})
    assert "BA204 route-shadowed [high]" in log
    quoted, annotations = re.split(r"::[0-9a-f]{32}::\n", log)
    assert re.match(r"::stop-commands::[0-9a-f]{32}\n", quoted)
    assert annotations.startswith("::error file=app/items.py,line=")
    assert "::forged::" in quoted
    assert "::forged::" not in annotations
    assert "## API Correctness Confirmation" in summary
    sarif = json.loads((project / "found.sarif").read_text())
    assert "BA204" in {result["ruleId"] for result in sarif["runs"][0]["results"]}


@pytest.mark.thorough
def test_the_action_passes_with_the_gate_and_stops_on_a_mistake(project: Path, tmp_path: Path) -> None:
    code, log, outputs, _ = reviewed(project, tmp_path, base="main", annotations="false")
    assert (code, outputs) == (0, {"conclusion": "success"})
    assert "::error" not in log
    (tmp_path / "again").mkdir()
    code, _, outputs, summary = reviewed(project, tmp_path / "again", base="nowhere")
    assert (code, outputs, summary) == (2, {}, "")


def hook(project: Path, name: str) -> subprocess.CompletedProcess[str]:
    """What pre-commit runs in the repository once everything is staged."""
    return subprocess.run(
        shlex.split(HOOKS[name]["entry"]),
        cwd=project,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_the_hooks_need_no_file_names_and_come_with_the_program() -> None:
    for one in HOOKS.values():
        assert (one["language"], one["pass_filenames"], one["require_serial"]) == ("python", False, True)
        assert one["entry"].split()[0] == PROGRAM.name


@pytest.mark.thorough
def test_a_commit_that_brings_something_is_stopped(project: Path) -> None:
    assert hook(project, "backend-architect").returncode == 0
    write(project, {"app/items.py": ITEMS})
    git(project, "add", "--all")
    stopped = hook(project, "backend-architect")
    assert stopped.returncode == 1
    assert "BA204" in stopped.stdout


@pytest.mark.thorough
def test_the_fixing_hook_changes_what_is_staged(project: Path) -> None:
    write(project, {"app/main.py": MAIN})
    git(project, "add", "--all")
    answer = hook(project, "backend-architect-fix")
    assert "fixed app/main.py:" in answer.stderr
    assert git(project, "diff", "--name-only").strip() == "app/main.py"
