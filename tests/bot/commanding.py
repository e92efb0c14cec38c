"""People who give commands on the pull request of `reviewed.World`, and all that comes of it."""

from __future__ import annotations

import dataclasses
import uuid
from pathlib import Path

import rules
from bot.demo.github import git
from bot.demo.github.checks import CheckRun
from bot.demo.github.conversation import IssueComment, ReviewComment
from bot.ledger import intake, scripts
from bot.reviewer import GitHubReviewer
from bot.triggers import CommandRequest
from tests.bot.reviewed import MAIN, World

PUSHING = {
    "metadata": "read",
    "contents": "write",
    "pull_requests": "write",
    "checks": "write",
    "issues": "write",
}
DELETING = """

@app.delete("/items/{item_id}", status_code=204)
def delete_item(item_id: int):
    return {"ok": True}
"""
"""Has a safe fix; the route of `reviewed.SHADOWED` has a suggested one."""
FIXED = DELETING.replace('return {"ok": True}', "return None")
STRICT = ".github/backend-architect.yml"


def remembering(place: World, folder: Path) -> World:
    """The same, with what is known of files from other tests: they begin with the same commits."""
    facts = rules.FactCache(folder / "facts-of-commands")
    services = dataclasses.replace(place.reviewer.services, facts=facts)
    return dataclasses.replace(place, reviewer=GitHubReviewer(services))


def said(place: World, login: str, line: str) -> IssueComment:
    """A comment in the conversation."""
    comment = place.github.person(login).comment(place.pull, line)
    obey(place, requested(place, comment, "issue"))
    return comment


def replied(place: World, login: str, line: str) -> ReviewComment:
    """An answer in the latest thread."""
    first = opening(place)
    comment = place.github.person(login).reply(first, line)
    obey(place, requested(place, comment, "review", thread=first.id))
    return comment


def pressed(place: World, login: str, identifier: str, run: CheckRun | None = None) -> CommandRequest:
    """A button of the latest check run, or of `run`."""
    run = run or place.check_runs()[-1]
    place.github.person(login).request_action(run, identifier)
    request = CommandRequest(
        key=place.key,
        owner=place.repository.owner.login,
        name=place.repository.name,
        comment_id=uuid.uuid4().int >> 80,
        comment_kind="button",
        author=login,
        line=identifier,
        attempt="delivery",
        head=run.head_sha,
    )
    obey(place, request)
    return request


def requested(
    place: World, comment: IssueComment | ReviewComment, kind: str, thread: int | None = None
) -> CommandRequest:
    return CommandRequest(
        key=place.key,
        owner=place.repository.owner.login,
        name=place.repository.name,
        comment_id=comment.id,
        comment_kind=kind,
        author=comment.author.login,
        line=comment.body.splitlines()[0],
        attempt="delivery",
        thread=thread,
    )


def obey(place: World, request: CommandRequest) -> None:
    """As a delivery does: record, then work until nothing is left."""
    call = intake.call(f"delivery-{request.comment_id}", request)
    scripts.run(place.redis, call.script, call.keys, call.args)
    place.drain()


def reactions(comment: IssueComment | ReviewComment) -> list[str]:
    return [held.content for held in comment.reactions]


def answers(place: World) -> list[str]:
    """What the App said in the conversation."""
    return [held.body for held in place.github.issue_comments(place.pull) if held.app_id is not None]


def opening(place: World) -> ReviewComment:
    """The comment of ours that opened the latest thread."""
    return place.github.threads(place.pull)[-1].comments[0]


def fingerprint(place: World) -> str:
    """Of the finding in the latest thread."""
    body = opening(place).body
    return body.rpartition("finding=")[2].partition(" ")[0].partition(",")[0]


def conclusion(place: World) -> str | None:
    return place.check_runs()[-1].conclusion


def content(place: World, path: str = "app/main.py") -> str:
    return git.blob(place.repository.folder, "refs/heads/feature", path).decode()


def change(place: World, text: str) -> None:
    """Another change on the feature branch."""
    place.push({"app/main.py": MAIN + text})
