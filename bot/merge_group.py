"""The story of a merge group: fetch what would be merged, judge what comes of it together, conclude."""

from __future__ import annotations

import dataclasses

import rules
from bot.attempt import CANCELLED, UNFINISHED, Attempt
from bot.conversation import decisions
from bot.errors import Superseded
from bot.github.checks import (
    CheckRun,
    check_runs,
    complete_check_run,
    create_check_run,
    shown_annotations,
    start_check_run,
)
from bot.github.connection import Connection
from bot.github.pulls import PullRequest, pull_request
from bot.github.refusal import GitHubRefused
from bot.group_judgement import judge_group
from bot.ledger.fence import Fence
from bot.measurements import timed
from bot.posting import conclude
from bot.posts import Output, Shown, Voice, plan
from bot.render.place import CodePage
from bot.repository.mirror import CommitMissing
from bot.repository.snapshot import Revisions, Snapshot
from bot.review import Outcome, Services, failure, fetch
from bot.triggers import GroupKey, GroupRequest, LookupBySha

_VERSION = "group1"
_NO_PULL = 0
_GONE = Output(
    title="The merge group is gone", summary="The queue let go of this group before it was reviewed."
)
_ABSENT = (404, 410, 422, 451)


def review_group(request: GroupRequest, services: Services, fence: Fence) -> Outcome:
    """Review the group and conclude its check run; a group that is gone is let go of quietly."""
    with services.connect(request, fence.check) as connection:
        try:
            attempt = _begin(connection, request)
        except GitHubRefused as refused:
            if refused.status in _ABSENT:
                return Outcome.GONE
            raise
        if attempt.run.completed:
            return Outcome.REVIEWED
        try:
            _review(connection, services, request, attempt)
        except (CommitMissing, Superseded):
            complete_check_run(connection, attempt.run.id, CANCELLED, _GONE)
            return Outcome.GONE
    return Outcome.REVIEWED


def groups_of(lookup: LookupBySha, services: Services) -> tuple[GroupRequest, ...]:
    """The merge group that a commit heads, by the check run that we gave it."""
    key = lookup.key
    with services.connect(lookup, lambda: None) as connection:
        known = [_named(run) for run in check_runs(connection, key.sha)]
    for repository, number, base in [name for name in known if name is not None]:
        if repository == key.repository:
            return (
                GroupRequest(
                    key=GroupKey(key.host, key.app, key.installation, key.repository, key.sha),
                    owner=lookup.owner,
                    name=lookup.name,
                    base=base,
                    number=number or None,
                    reason=lookup.reason,
                    attempt=lookup.attempt,
                ),
            )
    return ()


def conclude_failed_group(request: GroupRequest, services: Services, fence: Fence, reason: str) -> None:
    """After the last try: the queue must not wait for ever for a check run that nobody completes."""
    with services.connect(request, fence.check_lease) as connection:
        attempt = _begin(connection, request)
        if not attempt.run.completed:
            complete_check_run(connection, attempt.run.id, UNFINISHED, failure(reason))


def _review(connection: Connection, services: Services, request: GroupRequest, attempt: Attempt) -> None:
    with timed("fetch"):
        together = _fetch(connection, services, request)
        pull = _pull(connection, request)
        alone = None if pull is None else fetch(connection, services, pull)
    with timed("read-back"):
        said = () if pull is None else decisions(connection, pull.number)
    with timed("judge"):
        report = judge_group(together, alone, services.facts, said)
    page = CodePage(f"{services.web_url}/{connection.full_name}", request.key.group)
    shown = Shown(annotations=shown_annotations(connection, attempt.run.id))
    todo = plan(report, shown, page, key=attempt.key, budget=0, voice=Voice.CHECK_ONLY)
    with timed("post"):
        conclude(connection, attempt, dataclasses.replace(todo, buttons=()))


def _begin(connection: Connection, request: GroupRequest) -> Attempt:
    place = f"{_VERSION}:{request.key.repository}:{request.number or _NO_PULL}:{request.base}:"
    key = f"{place}{request.attempt}"
    held = check_runs(connection, request.key.group)
    mine = next((run for run in held if run.external_id == key), None)
    for run in held:
        if run != mine and not run.completed and (run.external_id or "").startswith(place):
            complete_check_run(connection, run.id, CANCELLED, _GONE)
    if mine is None:
        mine = create_check_run(connection, request.key.group, key)
    if mine.status == "queued":
        start_check_run(connection, mine.id)
    return Attempt(key=key, run=mine)


def _fetch(connection: Connection, services: Services, request: GroupRequest) -> Snapshot:
    revisions = Revisions(number=_NO_PULL, base=request.base, head=request.key.group)
    with services.remote(connection) as remote:
        return services.repositories.take(
            connection.repository,
            remote,
            revisions,
            interesting=rules.interesting,
            merge_base=lambda: request.base,
        )


def _pull(connection: Connection, request: GroupRequest) -> PullRequest | None:
    if request.number is None:
        return None
    try:
        found = pull_request(connection, request.number)
    except GitHubRefused as refused:
        if refused.status in _ABSENT:
            return None
        raise
    ours = found.base.repo is not None and found.base.repo.id == request.key.repository
    return found if ours else None


def _named(run: CheckRun) -> tuple[int, int, str] | None:
    version, *place = (run.external_id or "").split(":")
    if version != _VERSION or len(place) < 3 or not (place[0].isdigit() and place[1].isdigit()):
        return None
    return int(place[0]), int(place[1]), place[2]
