from __future__ import annotations

import pytest

from rules import NoCache, baseline_of, compare, gate, interesting, load_options, review_trusted
from rules.configuration import ConfigurationError, load
from rules.verdict import Conclusion, Review

YAML, PATH = ".github/backend-architect.yml", ".github/backend-architect-baseline.json"
NAMED = f"public: ['/**']\nfail-on: low\nfail-confidence: low\nbaseline: {PATH}\n"
MAIN = """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/items/{item_id}")
def read_item(item_id: int) -> int:
    return item_id
"""
SHADOWED = """

@app.get("/items/latest")
def read_latest() -> int:
    return 0
"""
SHADOWED_TOO = SHADOWED.replace("latest", "oldest")
EMPTY = b'{"version": 1}'


def tree(main: str, baseline: bytes = EMPTY) -> dict[str, bytes]:
    return {"app/main.py": main.encode(), YAML: NAMED.encode(), PATH: baseline}


def reviewed(files: dict[str, bytes]) -> Review:
    return review_trusted(files, load_options(files), cache=NoCache())


def shadowed(review: Review) -> list[str | None]:
    about = [found for found in review.findings if "latest" in found.message]
    return [None if found.suppressed is None else found.suppressed.kind for found in about]


def test_a_baseline_is_a_file_that_a_review_reads() -> None:
    assert interesting(PATH)
    assert interesting("backend/baseline.json")
    assert not interesting("package.json")


def test_what_was_accepted_is_suppressed_and_nothing_else() -> None:
    accepted = baseline_of(reviewed(tree(MAIN + SHADOWED)))
    found = reviewed(tree(MAIN + SHADOWED + SHADOWED_TOO, accepted)).findings
    old = [each for each in found if "latest" in each.message]
    new = [each for each in found if "oldest" in each.message]
    assert old
    assert new
    assert {each.suppressed.kind for each in old if each.suppressed} == {"baseline"}
    assert {each.suppressed for each in new} == {None}


def test_a_change_does_not_accept_its_own_findings() -> None:
    accepted = baseline_of(reviewed(tree(MAIN + SHADOWED)))
    base, head = reviewed(tree(MAIN)), reviewed(tree(MAIN + SHADOWED, accepted))
    assert set(shadowed(head)) == {"baseline"}
    comparison = compare(base, head)
    assert set(shadowed(comparison.head)) == {None}
    options = load_options(tree(MAIN))
    assert gate(comparison, options, ["app/main.py"]).conclusion is Conclusion.FAILURE


def test_what_the_base_accepts_passes() -> None:
    accepted = baseline_of(reviewed(tree(MAIN + SHADOWED)))
    base, head = reviewed(tree(MAIN, accepted)), reviewed(tree(MAIN + SHADOWED, accepted))
    comparison = compare(base, head)
    options = load_options(tree(MAIN))
    assert set(shadowed(comparison.head)) == {"baseline"}
    assert gate(comparison, options, ["app/main.py"]).conclusion is Conclusion.SUCCESS


def test_what_a_change_takes_off_the_baseline_counts_again() -> None:
    accepted = baseline_of(reviewed(tree(MAIN + SHADOWED)))
    comparison = compare(reviewed(tree(MAIN + SHADOWED, accepted)), reviewed(tree(MAIN + SHADOWED)))
    again = [found for found in comparison.head.findings if "latest" in found.message]
    assert again
    assert {(found.suppressed, found.introduced) for found in again} == {(None, True)}


def test_a_wrong_file_of_the_head_accepts_nothing() -> None:
    options = load_options(tree(MAIN))
    head = review_trusted(tree(MAIN + SHADOWED, b"{"), options, cache=NoCache())
    assert set(shadowed(head)) == {None}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "no baseline"),
        (b'{"version": 2}', "version 2"),
        (b'{"version": 1, "findings": [{"rule": "BA1"}]}', "no baseline"),
        (b"\xff\xfe", "no baseline"),
    ],
)
def test_a_wrong_baseline_is_named_in_place(content: bytes, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as raised:
        load({YAML: NAMED.encode(), PATH: content})
    assert [(problem.path, problem.line) for problem in raised.value.problems] == [(PATH, 1)]


def test_a_missing_baseline_is_named_where_it_is_asked_for() -> None:
    with pytest.raises(ConfigurationError, match="init --baseline") as raised:
        load({YAML: NAMED.encode()})
    assert [(problem.path, problem.line) for problem in raised.value.problems] == [(YAML, 4)]
