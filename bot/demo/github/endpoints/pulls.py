"""REST operations on pull requests, their files, reviews and review comments."""

from __future__ import annotations

from bot.demo.github import changes, git, limits, log
from bot.demo.github.actions import comments, reviews
from bot.demo.github.call import Answer, Call, Endpoint, paged
from bot.demo.github.conversation import ReviewComment
from bot.demo.github.refusal import not_accessible, not_found
from bot.demo.github.shapes import commits, conversation, pulls

READ, WRITE = "pull_requests:read", "pull_requests:write"
MOST_FILES = 3_000


def list_pulls(call: Call) -> Answer:
    state, base = call.query.get("state", "open"), call.query.get("base")
    head = call.query.get("head")
    found = [
        pull
        for pull in call.state.pulls_of(call.repository())
        if state in ("all", pull.state)
        and base in (None, pull.base_branch)
        and head in (None, f"{pull.head_repository.owner.login}:{pull.head_branch}")
    ]
    order = call.query.get("sort", "created")
    newest_first = sorted(found, key=lambda pull: pull.number)[::-1]
    if order == "updated":
        newest_first.sort(key=lambda pull: pull.updated_at, reverse=True)
    if call.query.get("direction", "desc" if order == "created" else "asc") == "asc":
        newest_first.reverse()
    return paged(call, newest_first, lambda pull: pulls.simple(call.hub.url, pull))


def show_pull(call: Call) -> Answer:
    return Answer(body=pulls.full(call.hub.url, call.state, call.pull()))


def list_files(call: Call) -> Answer:
    pull = call.pull()
    return paged(call, changes.files(pull)[:MOST_FILES], lambda file: pulls.file(call.hub.url, pull, file))


def list_commits(call: Call) -> Answer:
    pull = call.pull()
    folder = pull.repository.folder
    meeting = git.merge_base(folder, pull.base_sha, pull.head_sha)
    found = log.commits(folder, f"{meeting}..{pull.head_sha}")
    return paged(call, found, lambda each: commits.commit(call.hub.url, pull.repository, each))


def list_reviews(call: Call) -> Answer:
    pull = call.pull()
    found = [
        review
        for review in call.state.reviews.values()
        if review.pull is pull and (review.state != "PENDING" or review.author is call.actor())
    ]
    return paged(call, found, lambda review: conversation.review(call.hub.url, review))


def create_review(call: Call) -> Answer:
    review = reviews.submit(call.state, call.hub, call.pull(), call.actor(), call.body)
    return Answer(body=conversation.review(call.hub.url, review))


def list_comments(call: Call) -> Answer:
    found = call.state.review_comments_of(call.pull())
    return paged(call, found, lambda comment: conversation.review_comment(call.hub.url, comment))


def create_comment(call: Call) -> Answer:
    pull = call.pull()
    if isinstance(call.body.get("in_reply_to"), int):
        first = call.state.review_comment(call.body["in_reply_to"])
        written = reviews.reply(call.state, call.hub, first, call.actor(), call.text("body"))
    else:
        written = reviews.comment(call.state, call.hub, pull, call.actor(), call.body)
    return Answer(body=conversation.review_comment(call.hub.url, written), status=201)


def reply(call: Call) -> Answer:
    pull, first = call.pull(), call.state.review_comment(call.number("comment_id"))
    if first.thread.pull is not pull:
        raise not_found()
    written = reviews.reply(call.state, call.hub, first, call.actor(), call.text("body"))
    return Answer(body=conversation.review_comment(call.hub.url, written), status=201)


def _comment(call: Call) -> ReviewComment:
    repository = call.repository()
    comment = call.state.review_comment(call.number("comment_id"))
    if comment.thread.pull.repository is not repository:
        raise not_found()
    return comment


def show_comment(call: Call) -> Answer:
    return Answer(body=conversation.review_comment(call.hub.url, _comment(call)))


def edit_comment(call: Call) -> Answer:
    comment, text = _comment(call), call.text("body")
    if comment.author is not call.actor():
        raise not_accessible()
    limits.check_comment("PullRequestReviewComment", text)
    comment.body, comment.updated_at = text, call.state.clock()
    return Answer(body=conversation.review_comment(call.hub.url, comment))


def delete_comment(call: Call) -> Answer:
    comment = _comment(call)
    thread = comment.thread
    thread.comments.remove(comment)
    if not thread.comments:
        del call.state.threads[thread.id]
    return Answer(status=204)


def list_reactions(call: Call) -> Answer:
    return paged(call, _comment(call).reactions, lambda each: conversation.reaction(call.hub.url, each))


def react(call: Call) -> Answer:
    content = call.text("content")
    reaction, is_new = comments.react(call.state, _comment(call), call.actor(), content)
    return Answer(body=conversation.reaction(call.hub.url, reaction), status=201 if is_new else 200)


def delete_reaction(call: Call) -> Answer:
    comment, wanted = _comment(call), call.number("reaction_id")
    comment.reactions[:] = [each for each in comment.reactions if each.id != wanted]
    return Answer(status=204)


PULLS = "/repos/{owner}/{repo}/pulls"
PULL = f"{PULLS}/{{number}}"
COMMENT = f"{PULLS}/comments/{{comment_id}}"
ENDPOINTS = (
    Endpoint(method="GET", path=PULLS, answer=list_pulls, permission=READ),
    Endpoint(method="GET", path=COMMENT, answer=show_comment, permission=READ),
    Endpoint(method="PATCH", path=COMMENT, answer=edit_comment, permission=WRITE),
    Endpoint(method="DELETE", path=COMMENT, answer=delete_comment, permission=WRITE),
    Endpoint(method="GET", path=f"{COMMENT}/reactions", answer=list_reactions, permission=READ),
    Endpoint(method="POST", path=f"{COMMENT}/reactions", answer=react, permission=WRITE),
    Endpoint(
        method="DELETE", path=f"{COMMENT}/reactions/{{reaction_id}}", answer=delete_reaction, permission=WRITE
    ),
    Endpoint(method="GET", path=PULL, answer=show_pull, permission=READ),
    Endpoint(method="GET", path=f"{PULL}/commits", answer=list_commits, permission=READ),
    Endpoint(method="GET", path=f"{PULL}/files", answer=list_files, permission=READ),
    Endpoint(method="GET", path=f"{PULL}/reviews", answer=list_reviews, permission=READ),
    Endpoint(method="POST", path=f"{PULL}/reviews", answer=create_review, permission=WRITE),
    Endpoint(method="GET", path=f"{PULL}/comments", answer=list_comments, permission=READ),
    Endpoint(method="POST", path=f"{PULL}/comments", answer=create_comment, permission=WRITE),
    Endpoint(method="POST", path=f"{PULL}/comments/{{comment_id}}/replies", answer=reply, permission=WRITE),
)
