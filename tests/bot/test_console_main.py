from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("backend-architect")


def run(
    *arguments: str | Path, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "bot", *map(str, arguments)]
    given = {**os.environ, **environment}
    return subprocess.run(command, cwd=cwd, env=given, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Missing command"),
        (["chekc"], "No such command"),
        (["check", "--formt", "json"], "--format"),
        (["check", "--format", "yaml"], "is not one of"),
        (["check", "--fail-on", "severe"], "is not one of"),
        (["explain"], "name one rule"),
        (["explain", "BA305", "--list"], "name one rule"),
        (["check", "/absent/folder"], "is not a folder; name the project's folder"),
        (["routes", "/absent/folder"], "is not a folder; name the project's folder"),
        (["schema", "/absent/folder"], "is not a folder; name the project's folder"),
        (["serve", "--role", "cook"], "is not one of"),
    ],
)
def test_wrong_use_is_one_line_on_standard_error(arguments: list[str], words: str) -> None:
    answer = run(*arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith("backend-architect: ")
    assert answer.stderr.count("\n") == 1
    assert words in answer.stderr


def test_help_names_every_command_of_the_contract() -> None:
    answer = run("--help")
    commands = [line.split()[0] for line in answer.stdout.partition("Commands:\n")[2].splitlines()]
    assert answer.returncode == 0
    assert set(commands) == {
        "check",
        "init",
        "routes",
        "schema",
        "openapi",
        "explain",
        "completion",
        "serve",
        "worker",
        "demo",
        "replay",
        "doctor",
    }


def test_the_reviewed_folder_is_never_imported(tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    for name in ("bot/__init__.py", "bot/__main__.py", "rules.py", "typer.py", "sitecustomize.py"):
        (tmp_path / name).write_text("raise SystemExit('the reviewed repository ran')\n")
    answer = subprocess.run(
        [PROGRAM, "--help"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert (answer.returncode, answer.stderr) == (0, "")


def test_a_project_that_did_not_change_is_told_of_without_loading_what_reviews(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "main.py").write_text("from fastapi import FastAPI\napp = FastAPI()\n")
    project, cache = tmp_path / "project", str(tmp_path / "cache")
    first = run("check", project, XDG_CACHE_HOME=cache, PYTHONPROFILEIMPORTTIME="1")
    again = run("check", project, XDG_CACHE_HOME=cache, PYTHONPROFILEIMPORTTIME="1")
    assert (first.returncode, again.returncode, again.stdout) == (0, 0, first.stdout)
    loaded = [{line.split()[-1] for line in answer.stderr.splitlines()} for answer in (first, again)]
    reviewing = {"rules.project.project", "rules.evaluation.machine"}
    assert reviewing <= loaded[0]
    assert not (reviewing | {"libcst", "sqlglot", "yaml", "jinja2", "redis"}) & loaded[1]


def test_a_rule_is_explained_without_loading_it() -> None:
    answer = run("explain", "BA305", PYTHONPROFILEIMPORTTIME="1")
    assert answer.stdout.startswith("BA305 ")
    assert "rules.declarations" in answer.stderr
    assert "rules.evaluation" not in answer.stderr


def test_the_command_line_leaves_the_service_unimported() -> None:
    script = "import sys, bot.__main__, bot.console.check; print('\\n'.join(sys.modules))"
    imported = subprocess.run(
        [sys.executable, "-P", "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"fastapi", "githubkit", "rq", "redis", "pydantic", "rich", "uvicorn"} & set(imported)
