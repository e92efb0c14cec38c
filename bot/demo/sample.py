"""The demo's repository: a sound backend with history, a change with six faults, and the repair."""

from __future__ import annotations

import dataclasses
import datetime
import enum
from collections.abc import Mapping
from pathlib import Path

from bot.demo.github import LocalGitHub
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.repository import Repository

FOLDER = Path(__file__).with_name("sample")
FULL_NAME = "octo-org/notebook"
CHANGE_BRANCH = "archive-and-share"
TITLE = "Archive, search and share notes"
DESCRIPTION = """\
Notes can be **archived**, found by their title and shared by a link; projects get a color.

- `GET /notes/archived`, `/notes/recent` and `/notes/search`
- `POST /notes/{note_id}/share` and `/archive`
- a maintenance switch that answers 503
"""


class Stage(enum.StrEnum):
    """The states of the sample; each lies over the one before."""

    BASE = "base"
    CHANGE = "change"
    FIX = "fix"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One commit of the history: the files of a stage whose paths start so, that no earlier step took."""

    message: str
    author: str
    at: datetime.datetime
    paths: tuple[str, ...]


def _day(month: int, day: int) -> datetime.datetime:
    return datetime.datetime(2026, month, day, 9, 30, tzinfo=datetime.UTC)


MIRA = "Mira Holm <mira@example.com>"
JON = "Jon Abara <jon@example.com>"
STEPS: Mapping[Stage, tuple[Step, ...]] = {
    Stage.BASE: (
        Step(
            message="Start with people who sign up and sign in",
            author=MIRA,
            at=_day(2, 3),
            paths=(
                "pyproject",
                "README",
                "alembic.ini",
                "alembic/env",
                "alembic/script",
                "alembic/versions/0001",
                "app/__init__",
                "app/core/",
                "app/models/user",
                "app/services/__init__",
                "app/services/users",
                "app/api/__init__",
                "app/api/deps",
                "app/api/routes/__init__",
                "app/api/routes/health",
                "app/api/routes/login",
                "app/api/routes/users",
            ),
        ),
        Step(
            message="Keep notes in projects",
            author=JON,
            at=_day(2, 17),
            paths=(
                "alembic/versions/0002",
                "app/models/note",
                "app/models/project",
                "app/services/notes",
                "app/services/projects",
                "app/api/routes/notes",
                "app/api/routes/projects",
            ),
        ),
        Step(message="Add labels and put the API together", author=MIRA, at=_day(3, 9), paths=("",)),
    ),
    Stage.CHANGE: (
        Step(
            message="Give projects a color and a search",
            author=JON,
            at=_day(4, 20),
            paths=(
                "alembic/versions/0004",
                "app/models/project",
                "app/services/projects",
                "app/api/routes/projects",
            ),
        ),
        Step(message="Archive, search and share notes", author=JON, at=_day(4, 21), paths=("",)),
    ),
    Stage.FIX: (Step(message="Follow the review", author=JON, at=_day(4, 22), paths=("",)),),
}


def overlay(stage: Stage) -> dict[str, bytes]:
    """The files that a stage adds or replaces, by path."""
    root = FOLDER / stage.value
    found = sorted(path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def tree(stage: Stage) -> dict[str, bytes]:
    """All files of the sample as they are at a stage."""
    whole: dict[str, bytes] = {}
    for each in Stage:
        whole |= overlay(each)
        if each is stage:
            break
    return whole


def create_repository(github: LocalGitHub, full_name: str = FULL_NAME) -> Repository:
    """A repository with the sound backend and its history on the default branch; `mira` maintains it."""
    repository = github.create_repository(full_name, roles={"mira": "maintain", "jon": "write"})
    _commit(github, repository, Stage.BASE, repository.default_branch)
    return repository


def open_pull_request(github: LocalGitHub, repository: Repository) -> PullRequest:
    """The change, pushed to its branch and opened as a pull request."""
    _commit(github, repository, Stage.CHANGE, CHANGE_BRANCH)
    return github.open_pull_request(repository, CHANGE_BRANCH, title=TITLE, body=DESCRIPTION, by="jon")


def push_fix(github: LocalGitHub, repository: Repository) -> str:
    """The repair, pushed to the change's branch. Answers the new head's sha."""
    return _commit(github, repository, Stage.FIX, CHANGE_BRANCH)


def _commit(github: LocalGitHub, repository: Repository, stage: Stage, branch: str) -> str:
    remaining, sha = overlay(stage), ""
    for step in STEPS[stage]:
        files = {path: content for path, content in remaining.items() if path.startswith(step.paths)}
        remaining = {path: content for path, content in remaining.items() if path not in files}
        sha = github.push(repository, branch, files, step.message, by="jon", author=step.author, when=step.at)
    return sha
