"""The check run's summary and the comments beside it, as they stand on a pull request."""

from __future__ import annotations

import pytest

from bot.render.markers import marked
from tests.bot.rendering import Rendered, harmless
from tests.service.running import Service
from tests.service.subject import FAULTY, LATEST, MAIN, OLDEST, START, opened
from tests.stories.stage import Standing, next_review, standing, told

pytestmark = pytest.mark.thorough

NEWEST = LATEST.replace("latest", "newest")
REFUSING = """

from fastapi import HTTPException


@app.get("/old/{number}")
def read_old(number: int) -> dict[str, int]:
    if number < 0:
        raise HTTPException(status_code=200)
    if number > 9:
        raise HTTPException(status_code=201)
    return {"number": number}
"""
ACCEPTED = LATEST.replace('latest")', 'latest")  # architect: ignore[BA204] kept for old clients')
HOSTILE = """

@app.get("/items/@octocat <img src=x> www.evil.test #1")
def read_hostile() -> int:
    return 0
"""


def test_the_title_tells_what_is_new_fixed_and_remaining(service: Service) -> None:
    start = {**START, "app/main.py": MAIN + LATEST + OLDEST}
    subject = opened(service, {"app/main.py": MAIN + LATEST + NEWEST}, start=start)
    (run,) = subject.reviewed()
    assert run.title == "1 new, 1 fixed, 1 remaining"
    summary = run.summary or ""
    assert "Analysed: 2 files, 3 of 3 endpoints resolved, " in summary
    assert "API surface: 1 added, 1 removed" in summary
    for folded in ("1 fixed by this change", "1 remaining from before", "Endpoint by endpoint"):
        assert f"<details><summary>{folded}</summary>" in summary
    assert standing(subject) == Standing(threads=1, open=1, reviews=1, said=0)


def test_what_was_accepted_is_told_with_who_and_why(service: Service) -> None:
    subject = opened(service, {"app/main.py": MAIN + ACCEPTED + OLDEST})
    (run,) = subject.reviewed()
    assert run.title == "1 new, 0 fixed, 0 remaining, 1 accepted"
    assert "by a comment in the code: kept for old clients" in told(run)
    (fingerprint,) = marked(subject.comments()[0].body, "finding")
    service.github.person("mira").comment(
        subject.pull, f"/architect ignore {fingerprint[:8]} the oldest stays"
    )
    run = subject.reviewed(2)[-1]
    assert run.title == "0 new, 0 fixed, 0 remaining, 2 accepted"
    assert "2 accepted" in told(run)
    assert "by mira on " in told(run)
    assert "the oldest stays" in told(run)


def test_findings_of_one_rule_share_comments(service: Service) -> None:
    subject = opened(service, {"app/main.py": MAIN + REFUSING})
    subject.reviewed()
    (comment,) = [each for each in subject.comments() if "BA211" in each.body]
    assert len(marked(comment.body, "finding")) == 2
    many = "".join(LATEST.replace("latest", f"other{number}") for number in range(7))
    next_review(subject, {"app/main.py": MAIN + REFUSING + many})
    (comment,) = [each for each in subject.comments() if "BA204" in each.body]
    assert len(marked(comment.body, "finding")) == 7
    assert all(f"/items/other{number}" in comment.body for number in range(7))
    next_review(subject, FAULTY)
    assert standing(subject) == Standing(threads=3, open=1, reviews=3, said=0)


def test_what_a_pull_request_says_stays_text(service: Service) -> None:
    subject = opened(service, {"app/main.py": MAIN + HOSTILE})
    (run,) = subject.reviewed()
    texts = [run.summary or "", *(comment.body for comment in subject.comments())]
    assert len(texts) == 2
    for text in texts:
        rendered = Rendered(text)
        assert "/items/@octocat" in rendered.code
        assert harmless(rendered)
        assert "img" not in rendered.tags
        assert not any("evil.test" in link for link in rendered.links)
