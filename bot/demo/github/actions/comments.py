"""Issue comments and reactions."""

from __future__ import annotations

from bot.demo.github import limits
from bot.demo.github.accounts import User
from bot.demo.github.conversation import REACTIONS, IssueComment, Reaction, ReviewComment
from bot.demo.github.hooks.hub import Event, Hub
from bot.demo.github.pull_request import PullRequest
from bot.demo.github.refusal import Refusal, validation_failed
from bot.demo.github.shapes import conversation
from bot.demo.github.state import State

MOST_COMMENTS = 2_500


def comment(
    state: State, hub: Hub, pull: PullRequest, author: User, body: str, *, app_id: int | None = None
) -> IssueComment:
    """Say something in the conversation of a pull request."""
    limits.check_comment("IssueComment", body)
    if pull.is_locked and author.login not in pull.repository.roles:
        raise Refusal(403, "Unable to create comment because issue is locked.")
    if sum(each.pull is pull for each in state.issue_comments.values()) >= MOST_COMMENTS:
        raise validation_failed(
            "IssueComment", "data", "Commenting is disabled on issues with more than 2500 comments"
        )
    now = state.clock()
    record = IssueComment(
        id=state.new_id(), pull=pull, author=author, body=body, created_at=now, updated_at=now, app_id=app_id
    )
    state.issue_comments[record.id] = record
    announce(state, hub, record, "created", author)
    return record


def edit(state: State, hub: Hub, record: IssueComment, body: str, sender: User) -> None:
    limits.check_comment("IssueComment", body)
    before, record.body, record.updated_at = record.body, body, state.clock()
    announce(state, hub, record, "edited", sender, changes={"body": {"from": before}})


def announce(
    state: State, hub: Hub, record: IssueComment, action: str, sender: User, **details: object
) -> None:
    own = {
        "issue": conversation.issue(hub.url, state, record.pull),
        "comment": conversation.issue_comment(hub.url, state, record),
    }
    event = Event(
        name="issue_comment",
        action=action,
        repository=record.pull.repository,
        sender=sender,
        details={**own, **details},
    )
    hub.emit(event)


def react(
    state: State, record: IssueComment | ReviewComment, author: User, content: str
) -> tuple[Reaction, bool]:
    """The person's reaction with this content, and whether it is new: a second one is the first."""
    if content not in REACTIONS:
        raise validation_failed("Reaction", "content", f"content is not included in the list: {content}")
    for reaction in record.reactions:
        if reaction.user is author and reaction.content == content:
            return reaction, False
    reaction = Reaction(id=state.new_id(), user=author, content=content, created_at=state.clock())
    record.reactions.append(reaction)
    return reaction, True
