"""Findings that share a comment."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.grouping import MOST_OF_A_RULE, MOST_TOGETHER, grouped
from bot.placement import Inline
from tests.bot.reported import finding


def item(number: int, *, rule: str = "BA305", path: str = "app/items.py", function: str = "") -> Inline:
    found = finding(fingerprint=f"f{number}", rule=rule, path=path, function=function, line=number + 1)
    return Inline(finding=found, first=number + 1, last=number + 1)


def of_function(number: int, function: str) -> Inline:
    return item(number, function=function)


def fingerprints(items: tuple[Inline, ...]) -> list[list[str]]:
    return [[found.fingerprint for found in each.findings] for each in items]


def test_of_a_rule_in_a_function_one_comment() -> None:
    items = [of_function(0, "read"), of_function(1, "write"), of_function(2, "read"), item(3), item(4)]
    assert fingerprints(grouped(items)) == [["f0", "f2"], ["f1"], ["f3"], ["f4"]]


def test_other_rules_and_other_files_stay_apart() -> None:
    items = [
        item(0, function="read"),
        item(1, function="read", rule="BA306"),
        item(2, function="read", path="app/notes.py"),
    ]
    assert len(grouped(items)) == 3


def test_five_of_a_rule_stay_and_six_are_one() -> None:
    assert len(grouped(item(number) for number in range(MOST_OF_A_RULE))) == MOST_OF_A_RULE
    (one,) = grouped(item(number) for number in range(MOST_OF_A_RULE + 1))
    assert (one.first, len(one.others)) == (1, MOST_OF_A_RULE)


@given(
    st.lists(
        st.tuples(st.sampled_from(("BA1", "BA2", "BA3")), st.sampled_from(("", "read", "write"))),
        max_size=200,
    )
)
def test_nothing_is_lost_doubled_or_without_bounds(kinds: list[tuple[str, str]]) -> None:
    items = [item(number, rule=rule, function=function) for number, (rule, function) in enumerate(kinds)]
    comments = grouped(items)
    told = [found.fingerprint for comment in comments for found in comment.findings]
    assert sorted(told) == sorted(f"f{number}" for number in range(len(kinds)))
    assert all(len({found.rule for found in comment.findings}) == 1 for comment in comments)
    assert all(len(comment.findings) <= MOST_TOGETHER for comment in comments)
    assert grouped(comments) == comments
