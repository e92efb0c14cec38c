"""What a command acts with: who asked, about which pull request, in which thread; and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation import decisions, findings_of
from bot.dismissals import matching
from bot.github.comments import Comment, comment, is_own
from bot.github.connection import Connection
from bot.github.pulls import PullRequest
from bot.judgement import Compared, compare
from bot.repository.snapshot import Snapshot
from bot.review import Services, fetch
from bot.triggers import CommandRequest, ReviewRequest
from rules.finding import Finding

CLOSED = "This pull request is closed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The command was obeyed: `text` is to be said, `marks` closes it, `review` is to be done next."""

    text: str = ""
    marks: str = ""
    review: ReviewRequest | None = None


@dataclass(frozen=True, slots=True)
class Declined:
    """The command cannot be obeyed; `why` is one line for the person."""

    why: str


Outcome = Done | Declined


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One command at work. `login` is who asked, `link` where they did."""

    request: CommandRequest
    services: Services
    connection: Connection
    pull: PullRequest
    login: str
    link: str

    @property
    def is_author(self) -> bool:
        """Whether the pull request's author asked."""
        return self.pull.user is not None and self.pull.user.login == self.login

    @property
    def is_open(self) -> bool:
        """Whether there is still something to decide."""
        return self.pull.state == "open"

    def opening(self) -> Comment | None:
        """The comment of ours that opened the thread in which the command stands."""
        if self.request.thread is None:
            return None
        found = comment(self.connection, "review", self.request.thread)
        return found if found is not None and is_own(self.connection, found) else None

    def look(self) -> tuple[Snapshot, Compared]:
        """The pull request's head as the next review will see it."""
        snapshot = fetch(self.connection, self.services, self.pull)
        said = decisions(self.connection, self.pull.number)
        return snapshot, compare(snapshot, self.services.facts, said)

    def named(self, finding: str | None, findings: tuple[Finding, ...]) -> tuple[Finding, ...] | Declined:
        """The findings of the head that are meant: by their digits, or by the thread."""
        by_fingerprint = {each.fingerprint: each for each in findings}
        if finding is not None:
            found = matching(finding, by_fingerprint)
            if len(found) > 1:
                longer = ", ".join(f"`{each[: len(finding) + 4]}`" for each in found[:5])
                return Declined(f"More than one finding begins with `{finding}`: {longer}.")
            if not found:
                return Declined(f"There is no finding `{finding}` on this head: {self.pull.head.sha[:12]}.")
            return (by_fingerprint[found[0]],)
        opening = self.opening()
        if opening is None or not findings_of(opening):
            return Declined("Name the finding by its first 8 digits, or answer in its thread.")
        here = tuple(by_fingerprint[each] for each in findings_of(opening) if each in by_fingerprint)
        return here or Declined(f"This thread's finding is not on this head: {self.pull.head.sha[:12]}.")

    def review(self, *, full: bool = False) -> ReviewRequest:
        """The review that follows; the same command always names the same attempt."""
        request = self.request
        source = "button" if request.comment_kind == "button" else "comment"
        return ReviewRequest(
            key=request.key,
            owner=request.owner,
            name=request.name,
            head=self.pull.head.sha,
            reason=f"{source}.{'pressed' if source == 'button' else 'created'}",
            attempt=f"{source}-{request.comment_id}",
            fresh=True,
            full=full,
        )
