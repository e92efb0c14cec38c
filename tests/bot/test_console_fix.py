from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from bot.console.failure import CommandFailure
from bot.console.writing import write_files
from tests.bot.console_run import run
from tests.bot.test_console_trees import commit, git, write

# BA108, safe: CORS stands inside another middleware that answers by itself.
MAIN = b"""\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse

from app import items

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://example.com"])


@app.middleware("http")
async def refuse(request, call_next):
    if request.headers.get("x-closed"):
        return JSONResponse({"detail": "closed"}, status_code=503)
    return await call_next(request)


app.include_router(items.router)
"""

# BA204, suggested: the second route is never reached.
ITEMS = b"""\
from fastapi import APIRouter

router = APIRouter()


@router.get("/items/{name}")
def read_item(name: str) -> dict[str, str]:
    return {"name": name}


@router.get("/items/special")
def read_special() -> dict[str, str]:
    return {"name": "special"}
"""
CHECK = ("check", "--select", "BA108,BA204", "--format", "json")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, {"app/__init__.py": b"", "app/main.py": MAIN, "app/items.py": ITEMS})
    return folder


def rules_found(stdout: str) -> list[str]:
    return sorted(finding["rule"] for finding in json.loads(stdout)["findings"])


def test_only_the_safe_fix_is_applied_unasked_and_the_verdict_is_of_what_is_left(project: Path) -> None:
    assert rules_found(run(*CHECK, project).stdout) == ["BA108", "BA204"]
    answer = run(*CHECK, "--fix", project)
    assert rules_found(answer.stdout) == ["BA204"]
    assert answer.returncode == 1
    assert answer.stderr.startswith("fixed app/main.py:")
    assert (project / "app/items.py").read_bytes() == ITEMS
    assert rules_found(run(*CHECK, project).stdout) == ["BA204"]


def test_suggested_fixes_are_applied_when_asked_for(project: Path) -> None:
    (project / "app/items.py").chmod(0o755)
    git(project, "commit", "--all", "--quiet", "--message", "mode")
    answer = run(*CHECK, "--fix", "--suggested", project)
    assert (rules_found(answer.stdout), answer.returncode) == ([], 0)
    items = (project / "app/items.py").read_text()
    assert items.index("/items/special") < items.index("/items/{name}")
    assert stat.S_IMODE((project / "app/items.py").stat().st_mode) == 0o755
    assert sorted(path.name for path in (project / "app").iterdir()) == ["__init__.py", "items.py", "main.py"]


def test_a_file_that_git_could_not_restore_is_left_alone(project: Path) -> None:
    edited = MAIN + b"\n# under way\n"
    write(project, {"app/main.py": edited})
    answer = run(*CHECK, "--fix", project)
    assert "not fixed app/main.py:8 BA108: app/main.py has changes that git has not staged" in answer.stderr
    assert (project / "app/main.py").read_bytes() == edited
    git(project, "add", "--all")
    assert "\nnot fixed" not in run(*CHECK, "--fix", project).stderr
    assert (project / "app/main.py").read_bytes() != edited


def test_dirty_files_are_mended_on_demand_and_only_what_the_change_brought(project: Path) -> None:
    write(project, {"app/main.py": MAIN + b"\n# under way\n"})
    old = run(*CHECK, "--fix", "--base", "main", "--allow-dirty", project)
    assert old.stderr == "there is nothing that could be fixed\n"
    assert run(*CHECK, "--fix", "--allow-dirty", project).stderr.startswith("fixed app/main.py:")


def test_how_to_mend_without_mending_is_refused(project: Path) -> None:
    answer = run("check", "--suggested", project)
    assert answer.returncode == 2
    assert "give --fix with them" in answer.stderr


def test_files_are_written_all_or_none(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": b"old\n", "b.py": b"changed meanwhile\n"})
    with pytest.raises(CommandFailure, match=r"b\.py changed while it was reviewed"):
        write_files(tmp_path, {"a.py": b"old\n", "b.py": b"old\n"}, {"a.py": b"new\n", "b.py": b"new\n"})
    assert (tmp_path / "a.py").read_bytes() == b"old\n"
    write_files(tmp_path, {"a.py": b"old\n"}, {"a.py": b"new\n", "made/c.py": b"c\n"})
    assert (tmp_path / "a.py").read_bytes() == b"new\n"
    assert (tmp_path / "made/c.py").read_bytes() == b"c\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.py", "b.py", "made"]


def test_a_file_to_be_made_must_not_be_there(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": b"mine\n"})
    with pytest.raises(CommandFailure, match="changed while"):
        write_files(tmp_path, {}, {"a.py": b"new\n"})
    assert (tmp_path / "a.py").read_bytes() == b"mine\n"


@pytest.mark.parametrize("path", ["../out.py", "link/out.py", "leaf.py"])
def test_nothing_is_written_outside_the_project(tmp_path: Path, path: str) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "link").symlink_to(outside)
    (root / "leaf.py").symlink_to(outside / "leaf.py")
    with pytest.raises(CommandFailure, match="leads out of"):
        write_files(root, {}, {path: b"new\n"})
    assert list(outside.iterdir()) == []
    assert not (tmp_path / "out.py").exists()
