"""Fixes of many findings at once, proved with few reviews, over rules that say how an edit turns out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from rules.configuration import Options
from rules.engine import review_here
from rules.finding import Edit, Finding, Fix, Hit, Place, Safety
from rules.fixes import apply_edits
from rules.proving import Proof, ProofBounds, proof_of
from rules.tree import Tree
from rules.verdict import Review
from tests.rules.sources import NO_BAD_CALLS, Sources, engine, rule


def _lines_with(project: Sources, text: str) -> Iterator[Hit]:
    for source in project.files.values():
        for number, line in enumerate(source.lines, 1):
            if text in line:
                yield Hit(
                    place=Place(source.path, number, 1, number, len(line) + 1), message=f"`{text}` is there."
                )


MARKS = rule("marks", lambda project: _lines_with(project, "mark"), code="BA198")


def _crash(project: Sources) -> Iterable[Hit]:
    if any("crash" in source.text for source in project.files.values()):
        raise ValueError("crash")
    return ()


CRASHING = rule("crashing", _crash, code="BA197")


class _Reviewer:
    """Reviews, and counts how often."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, tree: Tree) -> Review:
        self.count += 1
        return review_here(engine(NO_BAD_CALLS, MARKS, CRASHING), tree, Options())


def _bad(review: Review, replacements: dict[int, str], path: str = "a.py") -> list[Finding]:
    """The findings of the lines, each with the fix that replaces its line."""
    by_line = {f.line: f for f in review.findings if f.rule == "BA199" and f.path == path}
    return [
        msgspec.structs.replace(by_line[line], fix=Fix("t", Safety.SUGGEST, (Edit(path, line, line, text),)))
        for line, text in replacements.items()
    ]


def _prove(text: str, replacements: dict[int, str], bounds: ProofBounds | None = None) -> tuple[Proof, int]:
    tree, reviewer = {"a.py": text.encode()}, _Reviewer()
    before = reviewer(tree)
    proof = proof_of(tree, before, _bad(before, replacements), reviewer, bounds or ProofBounds())
    return proof, reviewer.count - 1


MANY = "".join(f"bad({n})\n" for n in range(1, 9))


def test_all_that_hold_are_proved_in_one_review() -> None:
    proof, reviews = _prove(MANY, {n: f"good({n})\n" for n in range(1, 9)})
    assert reviews == 1
    assert [f.fix is not None and f.fix.proved for f in proof.findings] == [True] * 8
    assert proof.tree["a.py"] == MANY.replace("bad", "good").encode()
    assert len(proof.applied) == 8
    assert [f for f in proof.review.findings if f.rule == "BA199"] == []


def test_the_one_that_brings_another_is_found_by_halves_and_the_others_stand() -> None:
    proof, reviews = _prove(MANY, {n: f"{'mark' if n == 6 else 'good'}({n})\n" for n in range(1, 9)})
    assert [(u.finding.line, u.reason) for u in proof.unproved] == [(6, "it would bring BA198")]
    assert [f.line for f in proof.findings if f.fix is None] == [6]
    assert proof.tree["a.py"] == MANY.replace("bad", "good").replace("good(6)", "bad(6)").encode()
    assert reviews <= 8


def test_those_that_do_not_cure_are_told_by_the_first_review() -> None:
    proof, reviews = _prove(MANY, {n: f"good({n})\n" if n != 3 else "bad(3)  # same\n" for n in range(1, 9)})
    assert [(u.finding.line, u.reason) for u in proof.unproved] == [(3, "BA199 would still stand")]
    assert reviews == 2
    assert len(proof.applied) == 7


def test_what_the_bounds_leave_untried_is_not_proved() -> None:
    wrong = {n: f"mark({n})\n" for n in range(1, 9)}
    proof, reviews = _prove(MANY, wrong, ProofBounds(reviews=3))
    assert reviews == 3
    assert [f.fix for f in proof.findings] == [None] * 8
    assert proof.tree["a.py"] == MANY.encode()
    assert "there was no time left to prove it" in {u.reason for u in proof.unproved}
    none, reviews = _prove(MANY, wrong, ProofBounds(seconds=0.0, reviews=0))
    assert (reviews, none.applied) == (0, ())


def test_fixes_of_the_same_lines_are_each_proved_and_one_is_applied() -> None:
    tree, reviewer = {"a.py": b"bad(1)\nbad(2)\nx = 1\n"}, _Reviewer()
    before = reviewer(tree)
    one, two = (f for f in before.findings if f.rule == "BA199")
    whole = Fix("t", Safety.SUGGEST, (Edit("a.py", 1, 2, "bad(2)\n"),))
    findings = [
        msgspec.structs.replace(one, fix=whole),
        msgspec.structs.replace(two, fix=Fix("t", Safety.SAFE, (Edit("a.py", 2, 2, "good(2)\n"),))),
    ]
    proof = proof_of(tree, before, findings, reviewer, ProofBounds())
    assert [f.fix is not None for f in proof.findings] == [True, True]
    assert [f.line for f in proof.applied] == [2], "the safe one comes first"
    assert proof.tree["a.py"] == b"bad(1)\ngood(2)\nx = 1\n"


def test_one_fix_of_several_findings_is_applied_once() -> None:
    tree, reviewer = {"a.py": b"bad(1)\nbad(2)\n"}, _Reviewer()
    before = reviewer(tree)
    fix = Fix("t", Safety.SUGGEST, (Edit("a.py", 1, 2, "good()\n"),))
    proof = proof_of(
        tree, before, [msgspec.structs.replace(f, fix=fix) for f in before.findings], reviewer, ProofBounds()
    )
    assert (len(proof.applied), proof.tree["a.py"]) == (2, b"good()\n")


def test_another_finding_of_an_edited_line_is_no_new_one() -> None:
    """Its fingerprint is of the statement, which the fix changes."""
    proof, _ = _prove("def f():\n    mark = bad(1)\n", {2: "    mark = good(1)\n"})
    assert proof.unproved == ()
    assert [(f.rule, f.line) for f in proof.review.findings] == [("BA198", 2)]


def test_a_finding_that_goes_does_not_hide_one_that_comes_elsewhere() -> None:
    text = "def f():\n    mark = bad(1)\n\n\ndef g():\n    x = bad(2)\n"
    proof, _ = _prove(text, {2: "    x = 1\n", 6: "    mark = 2\n"})
    assert [(u.finding.line, u.reason) for u in proof.unproved] == [(6, "it would bring BA198")]


def test_a_review_that_sees_less_proves_nothing() -> None:
    crashed, _ = _prove("bad(1)\n", {1: "crash = 1\n"})
    assert [u.reason for u in crashed.unproved] == ["BA197 would not run to the end"]
    broken, _ = _prove("bad(1)\n", {1: "good(\n"})
    assert [u.reason for u in broken.unproved] == ["a.py would not parse"]


def test_what_cannot_be_applied_is_told_and_keeps_nobody_from_the_proof() -> None:
    tree, reviewer = {"a.py": b"bad(1)\nbad(2)\n"}, _Reviewer()
    before = reviewer(tree)
    first, second = before.findings
    findings = [
        msgspec.structs.replace(first, fix=Fix("t", Safety.SAFE, (Edit("a.py", 7, 7, ""),))),
        msgspec.structs.replace(second, fix=Fix("t", Safety.SAFE, (Edit("a.py", 2, 2, ""),))),
    ]
    proof = proof_of(tree, before, findings, reviewer, ProofBounds())
    assert [u.reason for u in proof.unproved] == ["a.py: an edit of lines 7 to 7 does not fit"]
    assert proof.tree == {"a.py": b"bad(1)\n"}


def test_revisions_after_the_same_one_come_one_after_the_other() -> None:
    def revision(own: str) -> Edit:
        text = f'"""Revision ID: {own}\nRevises: base\n"""\nrevision = "{own}"\ndown_revision = "base"\n'
        return Edit(f"versions/{own}.py", 1, 0, text)

    tree = apply_edits({}, (revision("a1"), revision("b2"), revision("c3")))
    assert b'down_revision = "base"' in tree["versions/a1.py"]
    assert b"Revises: a1\n" in tree["versions/b2.py"]
    assert b'down_revision = "a1"' in tree["versions/b2.py"]
    assert b'down_revision = "b2"' in tree["versions/c3.py"]


def test_line_ends_of_a_file_are_kept() -> None:
    assert apply_edits({"a.py": b"x\r\ny\r\n"}, (Edit("a.py", 1, 1, "z\nw\n"),)) == {
        "a.py": b"z\r\nw\r\ny\r\n"
    }
