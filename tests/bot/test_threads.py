from __future__ import annotations

import dataclasses

import msgspec
import pytest

from bot.placement import Inline
from bot.render.markers import marked, marker
from bot.render.place import CodePage
from bot.report import Report
from bot.threads import Act, Thread, ThreadChange, Word, thread_changes, unfinished
from rules.finding import Finding, Suppression
from rules.rule import Confidence, Section, Severity
from rules.verdict import Conclusion, Coverage, RuleCrash, SkippedFile

BEFORE = CodePage("https://github.test/acme/shop", "a" * 40)
NOW = CodePage("https://github.test/acme/shop", "b" * 40)
PATH = "app/items.py"
CHANGED = frozenset({PATH})


def finding(fingerprint: str = "f1", line: int = 7) -> Finding:
    return Finding(
        rule="BA305",
        name="unscoped-object-access",
        section=Section.SECURITY,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        path=PATH,
        line=line,
        column=1,
        end_line=line,
        end_column=1,
        message="anybody may read it",
        fingerprint=fingerprint,
    )


def clean(**known: object) -> Report:
    return dataclasses.replace(Report(conclusion=Conclusion.SUCCESS, title="clean"), **known)  # type: ignore[arg-type]


def faulty(line: int = 7) -> Report:
    return clean(inline=(Inline(finding=finding(line=line), first=line, last=line),))


THREAD = Thread(
    id="T1",
    path=PATH,
    comment=11,
    comment_node="C1",
    body=f"**BA305**\n\nanybody may read it\n\n{marker('finding', 'f1', 'f2')}",
)


def only(thread: Thread, report: Report, page: CodePage = NOW) -> ThreadChange:
    (change,) = thread_changes([thread], report, page, changed=CHANGED)
    return change


def after(thread: Thread, change: ThreadChange) -> Thread:
    """The thread as GitHub shows it when the change was carried out by an App that may resolve."""
    resolved = {Act.CLOSE: True, Act.REOPEN: False}.get(change.act, thread.resolved)
    return dataclasses.replace(thread, body=change.body, resolved=resolved)


def test_a_thread_whose_finding_is_gone_is_closed_and_says_in_which_commit() -> None:
    change = only(THREAD, clean())
    assert change.act is Act.CLOSE
    assert f"**Fixed in** [`bbbbbbb`](<https://github.test/acme/shop/commit/{NOW.sha}>)" in change.body
    assert change.body.endswith(THREAD.body)
    assert marked(change.body, "finding") == ("f1", "f2")


def test_a_thread_of_which_one_finding_is_left_stays_open() -> None:
    assert thread_changes([THREAD], faulty(), NOW, changed=CHANGED) == ()


def test_what_is_closed_is_left_alone_and_reopened_when_the_finding_is_back() -> None:
    closed = after(THREAD, only(THREAD, clean()))
    assert thread_changes([closed], clean(), NOW, changed=CHANGED) == ()
    back = only(closed, faulty(9), BEFORE)
    assert back.act is Act.REOPEN
    assert "**Back in** [`aaaaaaa`]" in back.body
    assert "app/items.py:9" in back.body
    assert "Fixed" not in back.body
    assert back.body.endswith(THREAD.body)
    again = after(closed, back)
    assert thread_changes([again], faulty(9), BEFORE, changed=CHANGED) == ()
    assert only(again, clean()).act is Act.CLOSE


@pytest.mark.parametrize("report", [clean(), faulty()])
def test_what_a_person_resolved_is_left_alone(report: Report) -> None:
    dismissed = dataclasses.replace(THREAD, resolved=True, resolved_by_person=True)
    assert thread_changes([dismissed], report, NOW, changed=CHANGED) == ()


def test_a_thread_that_a_person_resolved_after_we_closed_it_is_reopened() -> None:
    closed = dataclasses.replace(
        after(THREAD, only(THREAD, clean())), minimized=True, resolved=True, resolved_by_person=True
    )
    assert only(closed, faulty()).act is Act.REOPEN


def test_a_crash_between_resolving_and_telling_is_made_good() -> None:
    half = dataclasses.replace(THREAD, resolved=True)
    assert only(half, clean()).act is Act.CLOSE
    assert thread_changes([half], faulty(), NOW, changed=CHANGED) == ()


def test_what_people_ignored_is_closed_with_their_reason() -> None:
    why = Suppression("person", "the gateway *checks* it", by="mira")
    change = only(THREAD, clean(suppressed=(msgspec.structs.replace(finding(), suppressed=why),)))
    assert change.act is Act.CLOSE
    assert "**Ignored** by mira: the gateway \\*checks\\* it" in change.body
    assert "Fixed" not in change.body


def test_what_stands_in_the_base_is_not_said_to_be_fixed() -> None:
    change = only(THREAD, clean(existing=(finding(),)))
    assert change.act is Act.CLOSE
    assert "stands in the base" in change.body
    assert "Fixed" not in change.body


@pytest.mark.parametrize(
    "coverage",
    [
        Coverage(rules_crashed=(RuleCrash("BA305", "KeyError"),)),
        Coverage(files_skipped=(SkippedFile(PATH, "syntax error"),)),
    ],
)
def test_nothing_is_said_to_be_fixed_that_was_not_looked_at(coverage: Coverage) -> None:
    assert thread_changes([THREAD], clean(coverage=coverage), NOW, changed=CHANGED) == ()
    other = frozenset({"other.py"})
    assert thread_changes([THREAD], clean(coverage=coverage), NOW, changed=other) == ()


def test_a_file_that_never_could_be_read_hides_nothing_of_the_others() -> None:
    held = clean(coverage=Coverage(files_skipped=(SkippedFile("vendor/broken.py", "syntax error"),)))
    assert only(THREAD, held).act is Act.CLOSE


def test_an_outdated_thread_says_once_where_its_finding_is_now() -> None:
    outdated = dataclasses.replace(THREAD, outdated=True)
    change = only(outdated, faulty(30))
    assert change.act is Act.TELL
    assert "**Still there**, now at" in change.body
    assert f"/blob/{NOW.sha}/app/items.py#L30" in change.body
    told = after(outdated, change)
    assert thread_changes([told], faulty(30), BEFORE, changed=CHANGED) == ()
    assert "#L31" in only(told, faulty(31)).body
    assert only(told, faulty(31)).body.count("Still there") == 1


def test_folded_threads_wait_for_the_permission_to_resolve_them() -> None:
    closed = dataclasses.replace(after(THREAD, only(THREAD, clean())), resolved=False, minimized=True)
    assert unfinished([closed, THREAD]) == (closed,)
    assert closed.word is Word.FIXED


def test_threads_without_a_finding_of_ours_are_none_of_our_business() -> None:
    other = dataclasses.replace(THREAD, body="just a remark")
    assert thread_changes([other], clean(), NOW, changed=CHANGED) == ()
