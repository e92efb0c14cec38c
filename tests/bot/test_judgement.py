"""What counts of a snapshot: the base's configuration and baseline, people's decisions, and the preview."""

from __future__ import annotations

import pytest

import rules
from bot.dismissals import Decision
from bot.judgement import Judgement, compare, judge
from bot.repository.blobs import Files
from bot.repository.snapshot import Snapshot
from rules.configuration import places
from rules.verdict import Conclusion
from tests.bot.reviewed import MAIN, SHADOWED

YAML = ".github/backend-architect.yml"
NAMED = f"public: ['/**']\nbaseline: {rules.BASELINE_PATH}\n"
EMPTY = b'{"version": 1}'
FAULTY = (MAIN + SHADOWED).encode()
Trees = tuple[dict[str, bytes], dict[str, bytes]]


def tree(
    main: bytes, configuration: str = "public: ['/**']\n", baseline: bytes | None = None
) -> dict[str, bytes]:
    held = {} if baseline is None else {rules.BASELINE_PATH: baseline}
    return {"app/__init__.py": b"", "app/main.py": main, YAML: configuration.encode(), **held}


def snapshot(base: dict[str, bytes], head: dict[str, bytes]) -> Snapshot:
    return Snapshot(
        merge_base="b" * 40,
        head_sha="a" * 40,
        base=Files(base),
        head=Files(head),
        diff="",
        changed=frozenset(path for path in head if head[path] != base.get(path)),
        renames={},
    )


def judged(base: dict[str, bytes], head: dict[str, bytes], *decisions: Decision) -> Judgement:
    return judge(snapshot(base, head), rules.NoCache(), decisions)


@pytest.fixture(scope="module")
def accepted() -> bytes:
    """The baseline that has the finding of the change."""
    made = compare(snapshot(tree(MAIN.encode()), tree(FAULTY)), rules.NoCache())
    return rules.baseline_of(made.head)


def test_the_bases_baseline_counts(accepted: bytes) -> None:
    report = judged(tree(MAIN.encode(), NAMED, accepted), tree(FAULTY, NAMED, accepted)).report
    assert report.conclusion is Conclusion.SUCCESS
    assert [found.suppressed and found.suppressed.kind for found in report.suppressed] == ["baseline"]
    assert report.notices == ()


def test_a_change_does_not_accept_its_own_findings_and_is_told_so(accepted: bytes) -> None:
    report = judged(tree(MAIN.encode(), NAMED, EMPTY), tree(FAULTY, NAMED, accepted)).report
    assert report.conclusion is Conclusion.FAILURE
    assert report.notices == ("The baseline of this change accepts 1 more: that counts once it is merged.",)


def test_a_baseline_that_cannot_be_read_fails_in_place() -> None:
    report = judged(tree(MAIN.encode(), NAMED, EMPTY), tree(MAIN.encode(), NAMED, b"{")).report
    assert report.conclusion is Conclusion.FAILURE
    assert [(problem.path, problem.line) for problem in report.problems] == [(rules.BASELINE_PATH, 1)]


def test_an_edited_configuration_is_previewed_on_the_same_head() -> None:
    softer = tree(FAULTY, "public: ['/**']\nignore: [BA204]\n")
    report = judged(tree(MAIN.encode()), softer).report
    assert report.conclusion is Conclusion.FAILURE
    assert report.notices[-1] == ("With the configuration of this change: +0/-1 findings; fewer: BA204 ×1.")


def test_what_a_person_decided_is_suppressed_and_what_lapsed_is_named() -> None:
    base, head = tree(MAIN.encode()), tree(FAULTY)
    (found,) = judged(base, head).report.introduced
    words = [
        Decision(
            ignored=True, findings=(named,), reason="meant", by="mira", at=at, link="https://example.com"
        )
        for named, at in ((found.fingerprint[:8], "2026-11-22T10:00:00Z"), ("0" * 8, "2026-11-22T10:00:01Z"))
    ]
    report = judged(base, head, *words).report
    assert report.conclusion is Conclusion.SUCCESS
    assert [each.suppressed and each.suppressed.by for each in report.suppressed] == ["mira"]
    assert report.introduced == ()
    assert report.notices == (
        "`00000000`, ignored by mira, is not here any more: its code changed or it is mended.",
    )


def test_each_key_is_placed_in_its_file() -> None:
    assert places({YAML: NAMED.encode()}) == {"public": (YAML, 1), "baseline": (YAML, 2)}
    tables = "[tool.backend-architect]\nbudget = 3\n\n[tool.backend-architect.auth]\nmode = 'app'\n"
    table = f"[project]\nname = 'x'\n\n{tables}".encode()
    assert places({"pyproject.toml": table}) == {
        "budget": ("pyproject.toml", 5),
        "auth": ("pyproject.toml", 7),
    }
    assert places({YAML: b"["}) == {}
    assert places({}) == {}


def test_a_base_that_cannot_be_read_is_told_and_a_head_that_cannot_be_mends_nothing() -> None:
    broken = FAULTY + b"def broken(:\n"
    report = judged(tree(broken), tree(FAULTY)).report
    assert report.notices == ("Of the base 1 file could not be read: what stands there counts as new.",)
    assert report.title == "1 new, 0 fixed, 0 remaining"
    report = judged(tree(FAULTY), tree(broken)).report
    assert report.notices == ()
    assert report.fixed == ()
    assert report.conclusion is Conclusion.FAILURE
    assert report.title.endswith("; partly analysed: 1 file not read")
