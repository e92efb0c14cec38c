"""Keeping the App's threads true over pushes: read from GitHub, closed, reopened, never deleted."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import structlog

from bot.github.connection import Connection
from bot.github.pulls import PullRequest
from bot.github.refusal import GitHubUnavailable
from bot.github.threads import change_thread, edit_comment, may_resolve, own_threads
from bot.render.place import CodePage
from bot.report import Report
from bot.threads import MISSING_PERMISSION, Act, Thread, ThreadChange, thread_changes, unfinished

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadPlan:
    """What is to be done, and whether the App `may_resolve` threads; `folded` ones wait for that alone.

    `unread`: GitHub did not say what there is.
    """

    changes: tuple[ThreadChange, ...] = ()
    folded: tuple[Thread, ...] = ()
    may_resolve: bool = True
    unread: bool = False

    @property
    def degraded(self) -> bool:
        """Whether threads stay open for want of a permission."""
        closing = any(change.act is Act.CLOSE for change in self.changes)
        return not self.may_resolve and (closing or bool(self.folded))


NOTHING = ThreadPlan()


def plan_threads(
    connection: Connection, pull: PullRequest, report: Report, page: CodePage, changed: frozenset[str]
) -> ThreadPlan:
    """Read the App's threads and see what is to be done with them; nothing on a draft.

    Where they cannot be read that is for `keep_threads` to say: the check run does not wait for them.
    """
    if pull.draft:
        return NOTHING
    try:
        threads = own_threads(connection, pull.number)
    except GitHubUnavailable as unavailable:
        log.warning("threads not read", reason=str(unavailable))
        return ThreadPlan(unread=True)
    changes = thread_changes(threads, report, page, changed=changed)
    reopened = {change.thread.id for change in changes}
    folded = tuple(thread for thread in unfinished(threads) if thread.id not in reopened)
    if not folded and all(change.act is Act.TELL for change in changes):
        return ThreadPlan(changes=changes)
    return ThreadPlan(changes=changes, folded=folded, may_resolve=may_resolve(connection))


def with_notice(report: Report, plan: ThreadPlan) -> Report:
    """The report, naming the permission that is missed."""
    if not plan.degraded:
        return report
    return dataclasses.replace(report, notices=(*report.notices, MISSING_PERMISSION))


def keep_threads(connection: Connection, plan: ThreadPlan) -> None:
    """Do what the plan says. What a thread says comes last: until then it is looked at again.

    Raises `GitHubUnavailable` where the threads could not be read: the next try does nothing but this.
    """
    if plan.unread:
        raise GitHubUnavailable("the threads could not be read")
    for change in plan.changes:
        _carry_out(connection, change, plan)
    for thread in plan.folded if plan.may_resolve else ():
        change_thread(connection, "resolve", thread.id)


def _carry_out(connection: Connection, change: ThreadChange, plan: ThreadPlan) -> None:
    thread = change.thread
    if change.act is Act.CLOSE and not thread.resolved:
        resolved = plan.may_resolve and change_thread(connection, "resolve", thread.id)
        if not resolved and not thread.minimized:
            change_thread(connection, "minimize", thread.comment_node)
    if change.act is Act.REOPEN:
        if thread.minimized:
            change_thread(connection, "unminimize", thread.comment_node)
        if thread.resolved and plan.may_resolve:
            change_thread(connection, "unresolve", thread.id)
    if not edit_comment(connection, thread.comment, change.body):
        log.warning("comment not edited", comment=thread.comment)
