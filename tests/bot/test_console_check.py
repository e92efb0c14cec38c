from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.bot.test_console_main import run
from tests.bot.test_console_trees import commit, git, write

APPLICATION = b"""\
from fastapi import FastAPI

app = FastAPI()


@app.get("/items/{id}", status_code=200)
def read_item(id: int) -> dict[str, int]:
    return {"id": id}
"""

MODELS = b"""\
from sqlmodel import Field, SQLModel


class Item(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=40)
"""

# Shadowed: the route above it matches every path that it matches.
SHADOWED = b"""

@app.get("/items/special")
def read_special() -> dict[str, str]:
    return {"id": "special"}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, {"app/__init__.py": b"", "app/main.py": APPLICATION, "app/models.py": MODELS})
    return folder


def test_check_of_a_project_gives_the_document_of_the_contract(project: Path) -> None:
    answer = run("check", project, "--format", "json")
    told = json.loads(answer.stdout)
    assert answer.stderr == ""
    assert set(told) == {"tool", "findings", "questions", "coverage", "gate"}
    assert told["tool"] == {"name": "backend-architect", "version": "0.1.0"}
    assert told["coverage"]["files_skipped"] == []
    assert told["coverage"]["routes"] == 1
    assert answer.returncode == int(told["gate"]["conclusion"] == "failure")


def test_only_what_the_change_introduces_counts(project: Path) -> None:
    write(project, {"app/main.py": APPLICATION + SHADOWED})
    answer = run("check", "--base", "main", "--format", "json", "--select", "BA204", cwd=project)
    (found,) = [finding for finding in json.loads(answer.stdout)["findings"] if finding["introduced"]]
    assert (found["rule"], found["path"]) == ("BA204", "app/main.py")
    assert answer.returncode == 1
    commit(project, {})
    again = run("check", "--base", "main", "--format", "json", "--select", "BA204", cwd=project)
    assert [finding["introduced"] for finding in json.loads(again.stdout)["findings"]] == [False]
    assert again.returncode == 0


def test_the_same_finding_in_each_format(project: Path) -> None:
    write(project, {"app/main.py": APPLICATION + SHADOWED})
    text = run("check", "--select", "route-shadowed", cwd=project)
    commands = run("check", "--select", "BA204", "--format", "github", cwd=project)
    assert (text.returncode, commands.returncode) == (1, 1)
    assert "BA204 route-shadowed [high]" in text.stdout
    assert "\x1b" not in text.stdout
    assert commands.stdout.startswith("::error file=app/main.py,line=")


def test_markdown_is_the_summary_of_the_check_run(project: Path) -> None:
    write(project, {"app/main.py": APPLICATION + SHADOWED})
    answer = run("check", "--select", "BA204", "--format", "markdown", cwd=project, GITHUB_SERVER_URL="")
    assert answer.returncode == 1
    for title in ("Backend Architecture Validation", "API Correctness Confirmation", "Security"):
        assert f"## {title}" in answer.stdout
    assert re.search(r"BA204 route\\?-shadowed", answer.stdout)
    assert "`app/main.py:12`" in answer.stdout


def test_in_an_action_the_places_are_links(project: Path) -> None:
    write(project, {"app/main.py": APPLICATION + SHADOWED})
    told = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "a/b", "GITHUB_SHA": "c0ffee"}
    answer = run("check", "--select", "BA204", "--format", "markdown", cwd=project, **told)
    assert "(<https://github.com/a/b/blob/c0ffee/app/main.py#L12>)" in answer.stdout


def test_places_stand_below_the_repository(project: Path) -> None:
    write(project, {"app/main.py": APPLICATION + SHADOWED})
    inner = project / "app"
    sarif = json.loads(run("check", inner, "--select", "BA204", "--format", "sarif").stdout)
    (place,) = sarif["runs"][0]["results"][0]["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "app/main.py"
    commands = run("check", inner, "--select", "BA204", "--format", "github")
    assert commands.stdout.startswith("::error file=app/main.py,line=")


def test_an_ignored_rule_or_a_higher_bar_passes(project: Path) -> None:
    write(project, {"app/main.py": APPLICATION + SHADOWED})
    assert run("check", "--select", "BA204", "--fail-on", "critical", cwd=project).returncode == 0
    assert run("check", "--select", "BA2", "--ignore", "BA204", cwd=project).returncode == 0


def test_the_gate_reads_the_configuration_of_the_base(project: Path) -> None:
    commit(project, {".github/backend-architect.yml": b"select: [BA204]\n"})
    write(
        project,
        {
            "app/main.py": APPLICATION + SHADOWED,
            ".github/backend-architect.yml": b"ignore: [BA204]\nselect: [BA204]\n",
        },
    )
    answer = run("check", "--base", "main", cwd=project)
    assert answer.returncode == 1
    assert answer.stderr.startswith("note: the configuration differs from the base's")
    assert run("check", cwd=project).returncode == 0


def test_a_mistake_in_a_changed_configuration_is_named_beside_the_verdict(project: Path) -> None:
    write(project, {".github/backend-architect.yml": b"budgt: 1\n"})
    answer = run("check", "--base", "main", "--select", "BA204", cwd=project)
    assert answer.returncode == 0
    assert answer.stderr.startswith("note: .github/backend-architect.yml:1: `budgt` is not a key")


def test_a_file_that_does_not_parse_is_named_and_fails(project: Path) -> None:
    write(project, {"app/broken.py": b"def broken(:\n"})
    answer = run("check", cwd=project)
    assert answer.returncode == 1
    assert "not analysed app/broken.py" in answer.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--select", "BA999"], "`BA999` names no rule"),
        (["--config", "absent.yml"], "--config absent.yml: No such file or directory"),
        (["--config", "wrong.yml"], "wrong.yml:2: `budgte` is not a key (did you mean `budget`?)"),
        (["--base", "nowhere"], "`nowhere` is no commit of this repository"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_2(project: Path, arguments: list[str], words: str) -> None:
    write(project, {"wrong.yml": b"budget: 1\nbudgte: 2\n"})
    answer = run("check", *arguments, cwd=project)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert words in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_a_mistake_in_the_configuration_has_its_place(project: Path) -> None:
    write(project, {".github/backend-architect.yml": b"\nfail-on: worst\n"})
    answer = run("check", cwd=project)
    assert answer.returncode == 2
    assert answer.stderr.startswith("backend-architect: .github/backend-architect.yml:2: `fail-on` must be")


def test_no_fastapi_passes_and_says_so(tmp_path: Path) -> None:
    write(tmp_path, {"main.py": b"print('hello')\n"})
    answer = run("check", tmp_path)
    assert (answer.returncode, answer.stdout) == (
        0,
        "No file imports FastAPI: there is nothing here to judge.\n",
    )


def test_routes_in_each_format(project: Path) -> None:
    (route,) = json.loads(run("routes", project, "--format", "json").stdout)["routes"]
    assert (route["app"], route["methods"], route["path"]) == ("app.main:app", ["GET"], "/items/{id}")
    assert (route["handler"], route["file"], route["status_code"]) == (
        "app.main.read_item",
        "app/main.py",
        200,
    )
    text = run("routes", project).stdout.splitlines()
    assert text[0].split()[:4] == ["METHODS", "PATH", "AUTH", "SCOPE"]
    assert text[1].split()[:2] == ["GET", "/items/{id}"]
    table = run("routes", project, "--format", "markdown").stdout.splitlines()
    assert table[2].startswith("| `GET` | `/items/{id}` |")


def test_the_change_of_the_surface(project: Path) -> None:
    assert run("routes", "--base", "main", cwd=project).stdout == "The API's surface did not change.\n"
    write(project, {"app/main.py": APPLICATION.replace(b"status_code=200", b"status_code=203") + SHADOWED})
    change = json.loads(run("routes", "--base", "main", "--format", "json", cwd=project).stdout)
    assert [one["after"]["path"] for one in change["added"]] == ["/items/special"]
    (changed,) = change["changed"]
    assert changed["breaking"] is True
    assert (changed["before"]["statuses"][0], changed["after"]["statuses"][0]) == ("200", "203")
    assert change["removed"] == []
    text = run("routes", "--base", "main", cwd=project).stdout
    assert "changed  GET /items/{id}     breaking     status: was 200, is 203\n" in text
    assert text.endswith("\n2 operations, 1 breaking.\n")
    table = run("routes", "--base", "main", "--format", "markdown", cwd=project).stdout
    assert table.startswith("API surface: 1 added, 1 changed, **1 breaking**.\n")
    assert "`app/main.py:7`" in table


def test_schema_in_each_format(project: Path) -> None:
    told = json.loads(run("schema", project, "--format", "json").stdout)
    assert set(told) == {"tables", "migrated", "unknown"}
    (table,) = told["tables"]
    assert (table["name"], table["model"], table["file"]) == ("item", "app.models.Item", "app/models.py")
    assert [column["name"] for column in table["columns"]] == ["id", "title"]
    text = run("schema", project).stdout
    assert text.startswith("item  app.models.Item app/models.py:4\n")
    assert "no such table" in text


def test_explain_shows_a_rule_by_code_or_name() -> None:
    by_code, by_name = run("explain", "ba204"), run("explain", "route-shadowed")
    assert by_code.stdout == by_name.stdout
    assert by_code.stdout.startswith("BA204 route-shadowed  api, high")
    assert "## Why" in by_code.stdout
    assert "BA204  route-shadowed" in run("explain", "--list").stdout


def test_explain_of_no_rule_names_a_near_one() -> None:
    answer = run("explain", "route-shadwed")
    assert answer.returncode == 2
    assert "did you mean `route-shadowed`?" in answer.stderr
