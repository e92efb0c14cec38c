"""What becomes of the App's review threads when a pull request was reviewed again. Pure.

GitHub is the only ledger: the last line of a thread's first comment names its findings, and the first line,
once something became of them, what did.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.render.markdown import code, link, plain, prose
from bot.render.markers import headed, marked, marker
from bot.render.place import CodePage
from bot.report import Report
from rules.finding import Finding

_STATE = "thread"
MISSING_PERMISSION = (
    "Threads whose problem is gone are edited and folded, not resolved: GitHub lets an App resolve threads "
    "only with the permission `contents: write`, which this installation does not grant. Where conversations "
    "must be resolved before merging, somebody has to press the button."
)


class Word(StrEnum):
    """What a thread says of its findings, on its first line."""

    FIXED = "fixed"
    IGNORED = "ignored"
    BASE = "base"
    BACK = "back"
    MOVED = "moved"


CLOSED = frozenset({Word.FIXED, Word.IGNORED, Word.BASE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A thread that the App opened; `comment`, `comment_node` and `body` are its first comment's."""

    id: str
    path: str
    comment: int
    comment_node: str
    body: str
    resolved: bool = False
    resolved_by_person: bool = False
    outdated: bool = False
    minimized: bool = False
    replies: int = 0

    @property
    def findings(self) -> frozenset[str]:
        """The fingerprints that it is about."""
        return frozenset(marked(self.body, "finding"))

    @property
    def word(self) -> Word | None:
        """What we said last of its findings."""
        said = headed(self.body, _STATE)
        return Word(said[0]) if said and said[0] in set(Word) else None

    @property
    def closed(self) -> bool:
        """Whether we said that its findings are gone."""
        return self.word in CLOSED


class Act(StrEnum):
    """What is done with a thread, beside its new text."""

    CLOSE = "close"
    REOPEN = "reopen"
    TELL = "tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadChange:
    """One thread, what is done with it, and the text that its first comment gets."""

    act: Act
    thread: Thread
    body: str


def thread_changes(
    threads: Iterable[Thread], report: Report, page: CodePage, *, changed: frozenset[str]
) -> tuple[ThreadChange, ...]:
    """What is to be done with the threads of earlier reviews; what a person resolved stays as it is.

    Nothing is said to be gone where a rule failed or a file of the change (`changed`: their paths) could not
    be analysed: what is not seen may still be there.
    """
    skipped = frozenset(file.path for file in report.coverage.files_skipped)
    certain = not report.coverage.rules_crashed and not skipped & changed
    changes = [
        _change(thread, report, page, certain=certain and thread.path not in skipped)
        for thread in threads
        if thread.findings
    ]
    return tuple(change for change in changes if change is not None)


def unfinished(threads: Iterable[Thread]) -> tuple[Thread, ...]:
    """Threads that are folded for want of the permission to resolve them."""
    return tuple(thread for thread in threads if thread.closed and thread.minimized and not thread.resolved)


def _change(thread: Thread, report: Report, page: CodePage, *, certain: bool) -> ThreadChange | None:
    live = next((found for found in report.introduced if found.fingerprint in thread.findings), None)
    if live is not None:
        return _of_live(thread, live, page)
    if thread.closed or thread.resolved_by_person or not certain:
        return None
    word, sentence = _end(thread, report, page)
    return ThreadChange(act=Act.CLOSE, thread=thread, body=_headed(thread, sentence, word, page.sha))


def _of_live(thread: Thread, finding: Finding, page: CodePage) -> ThreadChange | None:
    place = page.lines(finding.path, finding.line, finding.end_line)
    if thread.closed:
        body = _headed(thread, f"**Back in** {_commit(page)}: {place}", Word.BACK, page.sha)
        return ThreadChange(act=Act.REOPEN, thread=thread, body=body)
    if thread.resolved or not thread.outdated:
        return None
    where = f"{finding.path}:{finding.line}"
    mark = marker(_STATE, Word.MOVED, where)
    if thread.body.startswith(mark):
        return None
    body = _headed(thread, f"**Still there**, now at {place}", Word.MOVED, where)
    return ThreadChange(act=Act.TELL, thread=thread, body=body)


def _end(thread: Thread, report: Report, page: CodePage) -> tuple[Word, str]:
    for finding in report.suppressed:
        if finding.fingerprint in thread.findings and finding.suppressed is not None:
            by = f" by {plain(finding.suppressed.by)}" if finding.suppressed.by else ""
            why = f": {prose(finding.suppressed.reason, 300)}" if finding.suppressed.reason else ""
            return Word.IGNORED, f"**Ignored**{by}{why}"
    if any(finding.fingerprint in thread.findings for finding in report.existing):
        return Word.BASE, "**No problem of this change any more**: it stands in the base as well."
    return Word.FIXED, f"**Fixed in** {_commit(page)}"


def _commit(page: CodePage) -> str:
    return link(code(page.sha[:7]), f"{page.repository_url}/commit/{page.sha}")


def _headed(thread: Thread, sentence: str, word: Word, detail: str) -> str:
    said = headed(thread.body, _STATE)
    original = thread.body.partition("\n\n")[2] if said else thread.body
    return f"{marker(_STATE, word, detail)}\n{sentence}\n\n{original}"
