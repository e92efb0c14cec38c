"""REST operations on the conversation of a pull request."""

from __future__ import annotations

from bot.demo.github.actions import comments
from bot.demo.github.call import Answer, Call, Endpoint, paged
from bot.demo.github.conversation import IssueComment
from bot.demo.github.refusal import Refusal, not_accessible, not_found
from bot.demo.github.shapes import conversation

PERMISSIONS = ("issues", "pull_requests")


def _require(call: Call, level: str) -> None:
    """On a pull request either of two permissions will do."""
    token = call.token
    if token is None or not any(token.allows(f"{name}:{level}") for name in PERMISSIONS):
        raise not_accessible()


def list_comments(call: Call) -> Answer:
    pull = call.pull()
    _require(call, "read")
    found = [comment for comment in call.state.issue_comments.values() if comment.pull is pull]
    return paged(call, found, lambda each: conversation.issue_comment(call.hub.url, call.state, each))


def create_comment(call: Call) -> Answer:
    pull = call.pull()
    _require(call, "write")
    written = comments.comment(
        call.state, call.hub, pull, call.actor(), call.text("body"), app_id=call.own_app().id
    )
    return Answer(body=conversation.issue_comment(call.hub.url, call.state, written), status=201)


def _comment(call: Call, level: str) -> IssueComment:
    repository = call.repository()
    _require(call, level)
    comment = call.state.issue_comments.get(call.number("comment_id"))
    if comment is None or comment.pull.repository is not repository:
        raise not_found()
    return comment


def show_comment(call: Call) -> Answer:
    return Answer(body=conversation.issue_comment(call.hub.url, call.state, _comment(call, "read")))


def edit_comment(call: Call) -> Answer:
    comment = _comment(call, "write")
    if comment.author is not call.actor():
        raise Refusal(403, "Resource not accessible by integration")
    comments.edit(call.state, call.hub, comment, call.text("body"), call.actor())
    return Answer(body=conversation.issue_comment(call.hub.url, call.state, comment))


def delete_comment(call: Call) -> Answer:
    del call.state.issue_comments[_comment(call, "write").id]
    return Answer(status=204)


def list_reactions(call: Call) -> Answer:
    return paged(
        call, _comment(call, "read").reactions, lambda each: conversation.reaction(call.hub.url, each)
    )


def react(call: Call) -> Answer:
    content = call.text("content")
    reaction, is_new = comments.react(call.state, _comment(call, "write"), call.actor(), content)
    return Answer(body=conversation.reaction(call.hub.url, reaction), status=201 if is_new else 200)


def delete_reaction(call: Call) -> Answer:
    comment, wanted = _comment(call, "write"), call.number("reaction_id")
    comment.reactions[:] = [each for each in comment.reactions if each.id != wanted]
    return Answer(status=204)


ISSUES = "/repos/{owner}/{repo}/issues"
COMMENT = f"{ISSUES}/comments/{{comment_id}}"
ENDPOINTS = (
    Endpoint(method="GET", path=f"{ISSUES}/{{number}}/comments", answer=list_comments),
    Endpoint(method="POST", path=f"{ISSUES}/{{number}}/comments", answer=create_comment),
    Endpoint(method="GET", path=COMMENT, answer=show_comment),
    Endpoint(method="PATCH", path=COMMENT, answer=edit_comment),
    Endpoint(method="DELETE", path=COMMENT, answer=delete_comment),
    Endpoint(method="GET", path=f"{COMMENT}/reactions", answer=list_reactions),
    Endpoint(method="POST", path=f"{COMMENT}/reactions", answer=react),
    Endpoint(method="DELETE", path=f"{COMMENT}/reactions/{{reaction_id}}", answer=delete_reaction),
)
