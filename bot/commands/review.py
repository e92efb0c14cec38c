"""`/architect review`: a fresh review with a check run of its own."""

from __future__ import annotations

from bot.triggers import CommandRequest, ReviewRequest


def review_request(command: CommandRequest, head: str) -> ReviewRequest:
    """The review that a comment asks for; the same comment always names the same attempt."""
    return ReviewRequest(
        key=command.key,
        owner=command.owner,
        name=command.name,
        head=head,
        reason="issue_comment.created",
        attempt=f"comment-{command.comment_id}",
        fresh=True,
    )
