"""What the page of a pull request shows, as plain data for its template."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from markupsafe import Markup

from bot.demo.github import changes, git
from bot.demo.github.actions.check_runs import latest_runs
from bot.demo.github.checks import CheckRun
from bot.demo.github.conversation import IssueComment, Reaction, Review, ReviewComment, Thread
from bot.demo.github.diff import FileDiff, Line
from bot.demo.github.log import Commit
from bot.demo.github.page.markdown import render
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.state import State

EMOJI = {
    "+1": "👍",
    "-1": "👎",
    "laugh": "😄",
    "confused": "😕",
    "heart": "❤️",
    "hooray": "🎉",
    "rocket": "🚀",
    "eyes": "👀",
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A comment ready to be shown."""

    id: int
    author: str
    is_bot: bool
    at: str
    body: Markup
    reactions: tuple[tuple[str, int], ...]
    minimized: str | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Discussion:
    """A thread ready to be shown; `resolved_by` is empty while it is open."""

    path: str
    line: int | None
    start_line: int | None
    is_outdated: bool
    resolved_by: str
    remarks: tuple[Remark, ...]
    excerpt: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a diff with the threads that hang below it."""

    line: Line
    discussions: tuple[Discussion, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ShownFile:
    """A changed file; `hunks` are pairs of header and rows."""

    diff: FileDiff
    discussions: tuple[Discussion, ...]
    hunks: tuple[tuple[str, tuple[Row, ...]], ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ShownRun:
    """A check run with its texts rendered."""

    run: CheckRun
    summary: Markup
    text: Markup


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing in the conversation: a comment, or a review with the threads that it opened."""

    id: int
    remark: Remark
    review_state: str
    discussions: tuple[Discussion, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The whole page."""

    pull: PullRequest
    body: Markup
    commits: tuple[Commit, ...]
    files: tuple[ShownFile, ...]
    entries: tuple[Entry, ...]
    runs: tuple[ShownRun, ...]


def view(state: State, pull: PullRequest) -> View:
    threads = [thread for thread in state.threads.values() if thread.pull is pull]
    runs = [run for run in state.runs.values() if run.suite.repository is pull.repository]
    latest = latest_runs([run for run in runs if run.head_sha == pull.head_sha])
    return View(
        pull=pull,
        body=render(pull.body),
        commits=changes.commits(pull),
        files=tuple(_file(file, threads) for file in changes.files(pull)),
        entries=tuple(sorted(_entries(state, pull, threads), key=lambda entry: entry.id)),
        runs=tuple(shown_run(run) for run in latest),
    )


def shown_run(run: CheckRun) -> ShownRun:
    return ShownRun(run=run, summary=render(run.summary or ""), text=render(run.text or ""))


def _entries(state: State, pull: PullRequest, threads: list[Thread]) -> Iterable[Entry]:
    for comment in state.issue_comments.values():
        if comment.pull is pull:
            yield Entry(id=comment.id, remark=_remark(comment, ()), review_state="", discussions=())
    for review in state.reviews.values():
        opened = [thread for thread in threads if thread.comments and thread.comments[0].review is review]
        if review.pull is pull and review.state != "PENDING" and (opened or review.body):
            shown = tuple(_discussion(thread) for thread in opened)
            yield Entry(id=review.id, remark=_review(review), review_state=review.state, discussions=shown)


def _review(review: Review) -> Remark:
    return Remark(
        id=review.id,
        author=review.author.login.removesuffix("[bot]"),
        is_bot=review.author.login.endswith("[bot]"),
        at=review.submitted_at.strftime("%d %b %Y %H:%M"),
        body=render(review.body),
        reactions=(),
        minimized=None,
    )


def _remark(comment: IssueComment | ReviewComment, replaced: tuple[str, ...]) -> Remark:
    return Remark(
        id=comment.id,
        author=comment.author.login.removesuffix("[bot]"),
        is_bot=comment.author.login.endswith("[bot]"),
        at=comment.created_at.strftime("%d %b %Y %H:%M"),
        body=render(comment.body, replaced=replaced),
        reactions=_counted(comment.reactions),
        minimized=comment.minimized_reason,
    )


def _counted(reactions: list[Reaction]) -> tuple[tuple[str, int], ...]:
    contents = [reaction.content for reaction in reactions]
    return tuple((EMOJI[content], contents.count(content)) for content in dict.fromkeys(contents))


def _discussion(thread: Thread) -> Discussion:
    place = thread.current or thread.original
    replaced = _replaced(thread)
    return Discussion(
        path=place.path,
        line=place.line,
        start_line=place.start_line,
        is_outdated=thread.current is None,
        resolved_by=thread.resolved_by.login if thread.resolved_by else "",
        remarks=tuple(_remark(comment, replaced) for comment in thread.comments),
        excerpt=tuple(thread.diff_hunk.split("\n")[-4:]),
    )


def _replaced(thread: Thread) -> tuple[str, ...]:
    """The lines that a suggestion in this thread would replace."""
    anchor = thread.original
    if anchor.line is None or anchor.side == "LEFT":
        return ()
    try:
        content = git.blob(thread.pull.repository.folder, thread.original_commit, anchor.path)
    except git.GitError:
        return ()
    lines = content.decode(errors="replace").split("\n")
    return tuple(lines[(anchor.start_line or anchor.line) - 1 : anchor.line])


def _file(file: FileDiff, threads: list[Thread]) -> ShownFile:
    here = [thread for thread in threads if thread.current and thread.current.path == file.path]
    whole = tuple(_discussion(thread) for thread in here if thread.current and thread.current.line is None)
    hunks = tuple((hunk.header, tuple(_row(line, here) for line in hunk.lines)) for hunk in file.hunks)
    return ShownFile(diff=file, discussions=whole, hunks=hunks)


def _row(line: Line, threads: list[Thread]) -> Row:
    def hangs_here(thread: Thread) -> bool:
        anchor = thread.current
        if anchor is None or anchor.line is None:
            return False
        return anchor.line == (line.old if anchor.side == "LEFT" else line.new)

    return Row(line=line, discussions=tuple(_discussion(thread) for thread in threads if hangs_here(thread)))
