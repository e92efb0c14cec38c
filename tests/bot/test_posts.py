from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from bot.placement import AtFile, Inline
from bot.posts import PostPlan, Shown, Voice, plan
from bot.render.markers import marked
from bot.render.place import CodePage
from bot.report import Report
from rules import Problem
from rules.finding import Finding
from rules.rule import Confidence, Section, Severity
from rules.verdict import Conclusion

PAGE = CodePage("https://github.test/acme/shop", "a" * 40)
KEY = "ba1:1:2:abcdef:guid"


def finding(fingerprint: str, line: int = 1, rule: str = "BA305", function: str = "") -> Finding:
    return Finding(
        rule=rule,
        name="unscoped-object-access",
        section=Section.SECURITY,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        path="app/items.py",
        line=line,
        column=1,
        end_line=line,
        end_column=1,
        function=function,
        message=f"message {line}",
        fingerprint=fingerprint,
    )


def report(inline: int, elsewhere: int = 0) -> Report:
    return Report(
        conclusion=Conclusion.FAILURE,
        title="problems",
        inline=tuple(
            Inline(
                finding=finding(f"i{number}", number + 1, f"BA{number}"), first=number + 1, last=number + 1
            )
            for number in range(inline)
        ),
        elsewhere=tuple(finding(f"e{number}", 1_000 + number) for number in range(elsewhere)),
        at_files=tuple(
            AtFile(path=f"app/{number}.py", findings=(finding(f"e{number}", 1_000 + number),))
            for number in range(elsewhere)
        ),
    )


def after(shown: Shown, todo: PostPlan) -> Shown:
    """What GitHub shows when a plan was carried out."""
    posted = todo.review
    bodies = [draft.body for draft in posted.comments] if posted else []
    bodies += [draft.body for draft in todo.file_comments]
    marks = [mark for body in bodies for mark in marked(body, "finding")]
    return Shown(
        completed=shown.completed or todo.complete,
        annotations=(*shown.annotations, *(remark for batch in todo.annotate for remark in batch)),
        reviews=shown.reviews | ({posted.marker} if posted else set()),
        fingerprints=shown.fingerprints | set(marks),
        comments=shown.comments + len(bodies),
        file_comments=shown.file_comments + len(todo.file_comments),
    )


@given(st.integers(0, 70), st.integers(0, 70), st.integers(0, 40), st.sampled_from(Voice))
def test_what_was_posted_is_not_planned_again(inline: int, elsewhere: int, budget: int, voice: Voice) -> None:
    told = report(inline, elsewhere)
    first = plan(told, Shown(), PAGE, key=KEY, budget=budget, voice=voice)
    second = plan(told, after(Shown(), first), PAGE, key=KEY, budget=budget, voice=voice)
    assert first.complete
    assert second.empty


@given(
    st.lists(
        st.tuples(st.sampled_from(("BA1", "BA2", "BA3")), st.sampled_from(("", "read", "write"))), max_size=40
    ),
    st.sets(st.integers(0, 39)),
    st.integers(0, 12),
)
def test_each_finding_is_told_once_however_comments_are_shared(
    kinds: list[tuple[str, str]], known: set[int], budget: int
) -> None:
    items = tuple(
        Inline(finding=finding(f"i{number}", number + 1, rule, function), first=number + 1, last=number + 1)
        for number, (rule, function) in enumerate(kinds)
    )
    told = Report(conclusion=Conclusion.FAILURE, title="t", inline=items)
    held = frozenset(f"i{number}" for number in known)
    shown = Shown(fingerprints=held, comments=len(held))
    todo = plan(told, shown, PAGE, key=KEY, budget=budget)
    drafts = todo.review.comments if todo.review else ()
    posted = [mark for draft in drafts for mark in marked(draft.body, "finding")]
    left = [found.fingerprint for item in todo.left_out for found in item.findings]
    assert len(drafts) <= max(0, budget - len(held))
    assert sorted((*posted, *left)) == sorted({f"i{number}" for number in range(len(kinds))} - held)
    later = plan(told, after(shown, todo), PAGE, key="later", budget=1_000).review
    again = [mark for draft in later.comments for mark in marked(draft.body, "finding")] if later else []
    assert sorted(again) == sorted(left)


@given(st.integers(0, 120), st.integers(0, 120))
def test_annotations_go_in_batches_and_each_once(number: int, held: int) -> None:
    todo = plan(report(0, number), Shown(), PAGE, key=KEY, budget=30)
    sent = [remark for batch in todo.annotate for remark in batch]
    assert all(0 < len(batch) <= 50 for batch in todo.annotate)
    assert len(sent) == len(set(sent)) == number
    resumed = plan(report(0, number), Shown(annotations=tuple(sent[:held])), PAGE, key=KEY, budget=30)
    assert [remark for batch in resumed.annotate for remark in batch] == sent[held:]


def test_a_later_attempt_posts_new_findings_alone() -> None:
    shown = Shown(fingerprints=frozenset({"i0", "i1"}))
    review = plan(report(3), shown, PAGE, key=KEY, budget=30).review
    assert review is not None
    assert [mark for draft in review.comments for mark in marked(draft.body, "finding")] == ["i2"]
    assert review.commit == PAGE.sha
    assert review.marker in review.body


def test_a_completed_run_is_never_touched_again() -> None:
    todo = plan(report(1, 60), Shown(completed=True), PAGE, key=KEY, budget=30)
    assert not todo.complete
    assert todo.annotate == ()
    assert todo.review is not None


def test_the_budget_counts_over_the_pull_requests_life() -> None:
    shown = Shown(fingerprints=frozenset(f"old{number}" for number in range(40)), comments=28)
    todo = plan(report(5), shown, PAGE, key=KEY, budget=30)
    assert todo.review is not None
    assert len(todo.review.comments) == 2
    assert len(todo.left_out) == 3
    assert "3 more stand in the check run" in todo.review.body


def test_the_budget_counts_comments_at_files_too() -> None:
    todo = plan(report(5, 9), Shown(comments=26), PAGE, key=KEY, budget=30)
    assert todo.review is not None
    assert (len(todo.file_comments), len(todo.review.comments)) == (3, 1)
    assert "13 more stand in the check run" in todo.review.body


def test_few_comments_stand_at_files_over_the_pull_requests_life() -> None:
    todo = plan(report(0, 9), Shown(comments=2, file_comments=2), PAGE, key=KEY, budget=30)
    (comment,) = todo.file_comments
    assert (comment.path, comment.commit) == ("app/0.py", PAGE.sha)
    assert marked(comment.body, "finding") == ("e0",)
    assert comment.marker in comment.body


def test_what_is_light_gets_no_comment_at_a_file() -> None:
    light = msgspec.structs.replace(finding("e"), severity=Severity.LOW)
    told = Report(
        conclusion=Conclusion.SUCCESS, title="t", at_files=(AtFile(path="a.py", findings=(light,)),)
    )
    assert plan(told, Shown(), PAGE, key=KEY, budget=30).file_comments == ()


def test_findings_of_one_rule_in_one_function_are_one_comment() -> None:
    items = tuple(
        Inline(finding=finding(f"i{line}", line, function="read"), first=line, last=line) for line in (3, 5)
    )
    told = Report(conclusion=Conclusion.FAILURE, title="t", inline=items)
    review = plan(told, Shown(fingerprints=frozenset({"i3"})), PAGE, key=KEY, budget=30).review
    assert review is not None
    assert [marked(comment.body, "finding") for comment in review.comments] == [("i5",)]
    review = plan(told, Shown(), PAGE, key=KEY, budget=30).review
    assert review is not None
    assert [(comment.line, marked(comment.body, "finding")) for comment in review.comments] == [
        (3, ("i3", "i5"))
    ]
    assert "found 2 problems" in review.body


def test_a_draft_gets_its_check_run_without_comments() -> None:
    todo = plan(report(2), Shown(), PAGE, key=KEY, budget=30, voice=Voice.CHECK_ONLY)
    assert todo.review is None
    assert todo.file_comments == ()
    assert todo.complete
    assert len(todo.annotate[0]) == 2


def test_start_line_is_left_out_where_it_is_the_line() -> None:
    several = Inline(finding=finding("m", 3), first=3, last=5)
    told = Report(conclusion=Conclusion.FAILURE, title="t", inline=(several, *report(1).inline))
    review = plan(told, Shown(), PAGE, key=KEY, budget=30).review
    assert review is not None
    drafts = msgspec.to_builtins(review.comments)
    assert (drafts[0]["start_line"], drafts[0]["start_side"], drafts[0]["line"]) == (3, "RIGHT", 5)
    assert "start_line" not in drafts[1]
    assert drafts[1]["line"] == 1


def test_a_mistake_in_the_configuration_is_annotated() -> None:
    told = Report(
        conclusion=Conclusion.FAILURE, title="t", problems=(Problem("pyproject.toml", 9, "unknown key"),)
    )
    remark = plan(told, Shown(), PAGE, key=KEY, budget=30).annotate[0][0]
    assert (remark.path, remark.start_line, remark.annotation_level) == ("pyproject.toml", 9, "failure")
