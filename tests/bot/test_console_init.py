from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

import rules
from bot.console.configuration_draft import draft
from bot.console.working_tree import read_tree
from rules.configuration.loading import YAML_PATH, read
from rules.configuration.options import Application, Layer
from rules.discovery import Discovery, FoundDependency, FoundEndpoint
from tests.bot.console_run import run
from tests.bot.test_console_trees import write

DEPENDENCIES = b"""\
from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Session, create_engine

from app.models import Account

engine = create_engine("sqlite://")
scheme = OAuth2PasswordBearer(tokenUrl="/login")


def get_session():
    with Session(engine) as session:
        yield session


def get_account(
    token: Annotated[str, Depends(scheme)], session: Annotated[Session, Depends(get_session)]
) -> Account:
    account = session.get(Account, token)
    if account is None:
        raise HTTPException(401)
    return account
"""
MODELS = b"""\
from sqlmodel import Field, SQLModel


class Account(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    keeper_id: int = Field(foreign_key="account.id")
"""
ROUTES = b"""\
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlmodel import Session, select

from app.deps import get_account, get_session
from app.models import Account, Note

router = APIRouter()


@router.get("/health")
def health() -> str:
    return "ok"


@router.get("/notes")
def notes(
    account: Annotated[Account, Depends(get_account)], session: Annotated[Session, Depends(get_session)]
) -> list[Note]:
    return session.exec(select(Note)).all()
"""
MAIN = b"""\
from fastapi import FastAPI

from app.routes import router

api = FastAPI()
api.include_router(router)
"""
OPENAPI = b"""\
openapi: 3.1.0
info: {title: Notes, version: "1"}
paths:
  /health: {get: {responses: {"200": {description: ok}}}}
  /notes: {get: {responses: {"200": {description: ok}}}}
"""
PROJECT = {
    "backend/app/__init__.py": b"",
    "backend/app/deps.py": DEPENDENCIES,
    "backend/app/models.py": MODELS,
    "backend/app/routes.py": ROUTES,
    "backend/app/main.py": MAIN,
    "docs/openapi.yaml": OPENAPI,
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, PROJECT)
    return tmp_path


def activated(text: str) -> str:
    """The file with everything taken in that is only proposed."""
    return re.sub(r"^# ", "", text, flags=re.MULTILINE)


def verdict(folder: Path) -> list[tuple[str, str, bool]]:
    tree = read_tree(folder, rules.interesting)
    found = rules.review(tree, rules.load_options(tree)).findings
    return [(one.rule, one.fingerprint, one.suppressed is None) for one in found]


def test_the_draft_names_what_is_there_and_changes_nothing(project: Path) -> None:
    before = verdict(project)
    answer = run("init", project)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.startswith(f"wrote {YAML_PATH}\n")
    written = (project / YAML_PATH).read_text()
    assert yaml.safe_load(written) is None
    proposed = yaml.safe_load(activated(written))
    assert proposed["applications"] == [{"root": "backend", "app": "app.main:api"}]
    assert proposed["public"] == ["GET /health"]
    assert proposed["auth"] == {"mode": "app", "authenticating": ["app.deps.get_account"]}
    assert proposed["user-tables"] == ["account"]
    assert proposed["owner-columns"] == ["note.keeper_id"]
    assert proposed["api-spec"] == ["docs/openapi.yaml"]
    layers = {layer["name"]: layer["paths"] for layer in proposed["layers"]}
    assert layers["routes"] == ["/backend/app/routes.py"]
    assert layers["models"] == ["/backend/app/models.py"]
    assert verdict(project) == before != []


def test_what_is_proposed_can_be_taken_in_and_says_the_same(project: Path) -> None:
    before = verdict(project)
    run("init", project)
    path = project / YAML_PATH
    taken = activated(path.read_text())
    # A specification that is named is held to more strictly than one that was found.
    path.write_text(taken[: taken.index("## API specifications")])
    assert verdict(project) == before
    path.write_text(taken)
    assert run("check", project).stderr == ""


def test_nothing_is_overwritten_unless_forced(project: Path) -> None:
    write(project, {YAML_PATH: b"budget: 7\n"})
    answer = run("init", project)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert f"{YAML_PATH} is there already; --force overwrites it" in answer.stderr
    assert (project / YAML_PATH).read_bytes() == b"budget: 7\n"
    assert run("init", project, "--force").returncode == 0
    assert b"budget: 7" not in (project / YAML_PATH).read_bytes()


def test_with_a_baseline_the_gate_passes_and_only_what_is_new_counts(project: Path) -> None:
    assert run("init", project, "--baseline").returncode == 0
    assert [counts for *_, counts in verdict(project) if counts] == []
    assert run("check", project).returncode == 0
    routes = project / "backend/app/routes.py"
    routes.write_bytes(ROUTES + ROUTES[ROUTES.index(b'@router.get("/notes")') :].replace(b"notes", b"others"))
    answer = run("check", project)
    assert "BA306 unscoped-list-query" in answer.stdout
    assert "`GET /others` lists" in answer.stdout
    assert "`GET /notes` lists" not in answer.stdout


def test_a_configured_project_gets_the_baseline_alone(project: Path) -> None:
    write(project, {"pyproject.toml": b"[tool.backend-architect]\nbudget = 7\n"})
    assert "the project is configured" in run("init", project).stderr
    answer = run("init", project, "--baseline")
    assert answer.returncode == 0
    assert "add `baseline: .github/backend-architect-baseline.json` to pyproject.toml" in answer.stdout
    assert not (project / YAML_PATH).exists()


def test_a_baseline_that_is_configured_and_missing_can_be_written(project: Path) -> None:
    write(project, {YAML_PATH: b"baseline: accepted-baseline.json\n"})
    assert run("check", project).returncode == 2
    assert run("init", project, "--baseline").stdout.startswith("wrote accepted-baseline.json\n")
    assert run("check", project).returncode == 0
    assert run("init", project, "--baseline").returncode == 2


def test_a_broken_configuration_is_named(project: Path) -> None:
    write(project, {YAML_PATH: b"budgt: 7\n"})
    answer = run("init", project, "--baseline")
    assert answer.returncode == 2
    assert f"{YAML_PATH}:1: `budgt` is not a key" in answer.stderr


def test_hostile_names_stay_in_their_lines() -> None:
    found = Discovery(
        applications=(Application(root="a\nbudget: 9", app="app.main:app"),),
        public=(FoundEndpoint("GET /x\nbudget: 9", "operations"),),
        authenticating=(FoundDependency("a\x1b[2Jb: [", 1),),
        layers=(Layer(name="l\n- x", paths=("p\nbudget: 9",)),),
    )
    text = draft(found, None).decode()
    assert yaml.safe_load(text) is None
    assert all(line.startswith("#") or not line for line in text.splitlines())
    assert "\x1b" not in text
    taken = yaml.safe_load(activated(text))
    assert taken["public"] == ["GET /x\nbudget: 9"]
    assert "budget" not in taken


def test_an_empty_project_gets_a_valid_file() -> None:
    text = draft(Discovery(), None).decode()
    assert "no application was found" in text
    assert read("x.yml", text.encode()) == rules.Options()
    assert read("x.yml", activated(text).encode()).applications == ()
