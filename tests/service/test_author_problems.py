"""What the author sees of repositories that are not, or not wholly, what the engine reads."""

from __future__ import annotations

import pytest

from bot.grouping import MOST_TOGETHER
from bot.render.markers import marked
from tests.service.running import Service
from tests.service.subject import CONFIGURATION, FAULTY, LATEST, MAIN, START, Files, opened

pytestmark = pytest.mark.thorough

NO_FASTAPI: Files = {
    "README.md": "# A library\n",
    "library.py": "def double(x: int) -> int:\n    return 2 * x\n",
}
MANY = 60


def shadowed(number: int) -> str:
    return LATEST.replace("latest", f"other{number}")


def test_a_repository_without_fastapi_succeeds_and_says_so(service: Service) -> None:
    subject = opened(
        service, {"library.py": "def treble(x: int) -> int:\n    return 3 * x\n"}, start=NO_FASTAPI
    )
    (run,) = subject.reviewed()
    assert run.conclusion == "success"
    assert "No FastAPI" in (run.title or "")
    assert subject.comments() == []


def test_a_repository_without_python_succeeds_and_says_so(service: Service) -> None:
    subject = opened(service, {"index.js": "alert(1)\n"}, start={"README.md": "# A page\n"})
    (run,) = subject.reviewed()
    assert run.conclusion == "success"
    assert "No FastAPI" in (run.title or "")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("def broken(:\n", "does not parse"),
        (b"\xff\xfe\x00 not text", ""),
        ("x = 1\n" * 400_000, "larger than"),
        ("x = " + "(" * 5_000 + ")" * 5_000 + "\n", ""),
        ("x = " + "-" * 50_000 + "1\n", ""),
    ],
    ids=["broken", "binary", "large", "deep", "deep without brackets"],
)
def test_a_file_that_cannot_be_analysed_is_named_and_the_others_are_reviewed(
    service: Service, content: str | bytes, reason: str
) -> None:
    subject = opened(service, {**FAULTY, "app/odd.py": content})
    (run,) = subject.reviewed()
    assert run.conclusion == "failure"
    summary = run.summary or ""
    assert (run.title or "").endswith("; partly analysed: 1 file not read")
    assert "app/odd.py" in summary
    assert reason in summary
    assert len(subject.comments()) == 1
    assert "BA204" in subject.comments()[0].body


def test_a_wrong_configuration_fails_the_check_at_its_line(service: Service) -> None:
    subject = opened(service, {".github/backend-architect.yml": CONFIGURATION + "budgit: 3\n"})
    (run,) = subject.reviewed()
    assert run.conclusion == "failure"
    (mark,) = run.annotations
    assert (mark["path"], mark["start_line"]) == (".github/backend-architect.yml", 2)
    assert "budgit" in mark["message"]


def test_more_than_fifty_annotations_go_in_batches(service: Service) -> None:
    subject = opened(service, {"app/main.py": MAIN + "".join(map(shadowed, range(MANY)))})
    (run,) = subject.reviewed()
    assert len(run.annotations) == MANY
    assert f"{MANY} new" in (run.title or "")
    together = [len(marked(comment.body, "finding")) for comment in subject.comments()]
    assert together == [MOST_TOGETHER, MANY - MOST_TOGETHER]
    assert subject.reviews() == 1
    assert all(f"other{number}" in (run.summary or "") for number in range(MANY))


def test_the_budget_of_comments_is_for_the_life_of_a_pull_request(service: Service) -> None:
    start = {**START, ".github/backend-architect.yml": CONFIGURATION + "budget: 3\n"}
    first = MAIN + "".join(map(shadowed, range(2)))
    subject = opened(service, {"app/main.py": first}, start=start)
    subject.reviewed()
    assert len(subject.comments()) == 2
    subject.push({"app/main.py": first + "".join(map(shadowed, range(2, 6)))})
    (run,) = subject.reviewed()
    assert len(subject.comments()) == 3
    assert len(run.annotations) == 6
    assert run.conclusion == "failure"
    subject.push({"app/main.py": first + "".join(map(shadowed, range(2, 9)))})
    subject.reviewed()
    assert len(subject.comments()) == 3


PACKAGE = """\
from fastapi import FastAPI

from app import first, second

app = FastAPI()
"""
ROUTER = """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/items/{}")
def read({}: str = "latest") -> str:
    return {}
"""


def included(*names: str) -> str:
    return PACKAGE + "".join(f"app.include_router({name}.router)\n" for name in names)


def test_findings_outside_the_diff_stand_at_the_file_that_causes_them(service: Service) -> None:
    start = {
        **START,
        "app/first.py": ROUTER.format("{item}", "item", "item"),
        "app/second.py": ROUTER.format("latest", "item", "item"),
        "app/main.py": included("second", "first"),
    }
    subject = opened(service, {"app/main.py": included("first", "second")}, start=start)
    (run,) = subject.reviewed()
    assert run.conclusion == "failure"
    assert "BA204" in (run.summary or "")
    assert [mark["path"] for mark in run.annotations] == ["app/second.py"]
    (comment,) = subject.comments()
    anchor = comment.thread.original
    assert (anchor.path, anchor.subject_type) == ("app/main.py", "file")
    assert "app/second.py" in comment.body
    subject.push({"README.md": "# More\n"})
    subject.reviewed()
    assert len(subject.comments()) == 1
