"""What people complain about with review bots, told as stories; `complaints.py` says which story is whose."""

from __future__ import annotations

import re

import pytest

from tests.service.running import Service
from tests.service.subject import CONFIGURATION, FAULTIER, FAULTY, LATEST, MAIN, MENDED, START, opened
from tests.stories.stage import Standing, next_review, own_thread, standing, threads, told

pytestmark = pytest.mark.thorough

SILENCE = Standing(threads=0, open=0, reviews=0, said=0)
ONE_OPEN = Standing(threads=1, open=1, reviews=1, said=0)
DATED = """\
import datetime

from fastapi import FastAPI
from pydantic import BaseModel, Field

app = FastAPI()


class Note(BaseModel):
    made: datetime.datetime = Field(default=datetime.datetime.now(datetime.UTC))


@app.get("/notes")
def read_note() -> Note:
    return Note()
"""


def test_a_clean_change_hears_nothing_and_pushes_add_nothing(service: Service) -> None:
    subject = opened(service, MENDED)
    assert [run.conclusion for run in subject.reviewed()] == ["success"]
    next_review(subject, {"README.md": "one\n"})
    assert standing(subject) == SILENCE
    next_review(subject, FAULTY)
    next_review(subject, {"README.md": "two\n"})
    next_review(subject, {"README.md": "three\n"})
    assert standing(subject) == ONE_OPEN


def test_what_stands_on_the_second_page_is_read_too(service: Service) -> None:
    subject = opened(service, is_draft=True)
    subject.reviewed()
    jon = service.github.person("jon")
    for number in range(101):
        jon.review_comment(subject.pull, f"remark {number}", path="app/main.py", line=11)
    jon.mark_ready(subject.pull)
    subject.reviewed(2)
    assert standing(subject) == ONE_OPEN
    next_review(subject, MENDED)
    assert standing(subject) == Standing(threads=1, open=0, reviews=1, said=0)
    next_review(subject, FAULTY)
    assert standing(subject) == ONE_OPEN
    assert len(threads(subject)) == 102


def test_a_finding_outside_of_the_diff_costs_the_others_nothing(service: Service) -> None:
    router = MAIN.replace("app = FastAPI()", "app = APIRouter()").replace(
        "import FastAPI", "import APIRouter"
    )
    before = "from fastapi import FastAPI\n\nfrom app import items\n\napp = FastAPI()\n"
    include = "\napp.include_router(items.app)\n"
    start = {
        **START,
        "app/items.py": router.replace("/items/{item_id}", "/items/latest").replace("item_id: int", ""),
        "app/main.py": before + include,
    }
    taking = '\n\n@app.get("/items/{item_id}")\ndef take(item_id: int) -> int:\n    return item_id\n'
    change = {"app/main.py": before + taking + LATEST.replace("latest", "oldest") + include}
    subject = opened(service, {**change}, start={**start})
    (run,) = subject.reviewed()
    assert "app/items.py" in told(run)
    assert "app/main.py" in [thread.original.path for thread in threads(subject)]
    assert [thread for thread in threads(subject) if thread.original.path == "app/items.py"] == []
    refused = service.github.log.entries("POST", f"{subject.path}/pulls/")
    assert [entry.status for entry in refused if entry.status >= 400] == []


def test_all_comments_of_a_round_come_in_one_review_and_have_a_place(service: Service) -> None:
    subject = opened(service, FAULTIER)
    subject.reviewed()
    assert standing(subject) == Standing(threads=2, open=2, reviews=1, said=0)
    assert [thread.current and thread.current.path for thread in threads(subject)] == ["app/main.py"] * 2


def test_what_was_not_analysed_is_said_and_fails_where_the_change_hides_it(service: Service) -> None:
    start = {**START, "app/broken.py": "def (:\n"}
    subject = opened(service, MENDED, start=start)
    (run,) = subject.reviewed()
    assert "app/broken.py" in told(run)
    assert run.conclusion == "success"
    run = next_review(subject, {"app/hidden.py": "def (:\n"})
    assert run.conclusion == "failure"
    assert "app/hidden.py" in told(run)


def test_many_findings_are_one_review_of_few_comments(service: Service) -> None:
    many = "".join(LATEST.replace("latest", f"latest{number}") for number in range(65))
    subject = opened(service, {"app/main.py": MAIN + many})
    (run,) = subject.reviewed()
    assert standing(subject).reviews == 1
    assert 1 <= standing(subject).threads <= 30
    assert len(run.annotations) == 65


def test_a_change_of_hundreds_of_files_is_reviewed(service: Service) -> None:
    modules = {f"app/part{number}.py": f"NUMBER = {number}\n" for number in range(320)}
    subject = opened(service, {**FAULTY, **modules})
    (run,) = subject.reviewed()
    assert run.conclusion == "failure"
    assert standing(subject) == ONE_OPEN
    assert service.github.log.entries("GET", f"{subject.path}/pulls/1/files") == []


def test_threads_that_a_force_push_makes_unreachable_block_nobody(service: Service) -> None:
    subject = opened(service, FAULTIER)
    subject.reviewed()
    service.github.push(subject.repository, "feature", MENDED, "all anew", onto="main")
    subject.reviewed()
    assert standing(subject) == Standing(threads=2, open=0, reviews=1, said=0)
    assert [thread.current for thread in threads(subject)] == [None, None]


def test_an_accepted_suggestion_mends_what_it_is_about(service: Service) -> None:
    subject = opened(service, {"app/main.py": DATED})
    subject.reviewed()
    thread = own_thread(subject)
    suggested = re.search(r"```suggestion\n(.*?)```", thread.comments[0].body, re.DOTALL)
    assert suggested is not None
    first = thread.original.start_line or thread.original.line
    assert first is not None
    assert thread.original.line is not None
    lines = DATED.splitlines(keepends=True)
    lines[first - 1 : thread.original.line] = [suggested.group(1)]
    assert next_review(subject, {"app/main.py": "".join(lines)}).conclusion == "success"
    assert standing(subject).open == 0


def test_title_annotations_and_threads_count_the_same(service: Service) -> None:
    subject = opened(service, FAULTIER)
    (run,) = subject.reviewed()
    assert (run.title or "").startswith("2 new")
    assert len(run.annotations) == standing(subject).threads == 2


def test_the_bot_does_not_obey_itself(service: Service) -> None:
    subject = opened(service, MENDED)
    subject.reviewed()
    mira = service.github.person("mira")
    mira.comment(subject.pull, "/architect help")
    service.settle()
    mira.comment(subject.pull, "> /architect review\n\nwhat does that do?")
    service.settle()
    assert standing(subject).said == 1
    assert len(subject.runs()) == 1


def test_a_change_that_touches_no_backend_still_gets_its_check_run(service: Service) -> None:
    subject = opened(service, {"frontend/index.html": "<p>hello</p>\n"})
    assert [run.conclusion for run in subject.reviewed()] == ["success"]
    bare = opened(service, {"README.md": "more\n"}, start={"README.md": "a library\n"})
    assert [run.conclusion for run in bare.reviewed()] == ["success"]
    assert CONFIGURATION not in told(bare.runs()[0])
