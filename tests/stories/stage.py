"""What stories look at: what stands on a pull request in the end, counted."""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.github.checks import CheckRun
from bot.demo.github.conversation import Thread
from tests.service.subject import Files, Subject

RESOLVING = {"contents": "write", "pull_requests": "write"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Counts of what people see: threads, those still open, the App's reviews and its own comments."""

    threads: int
    open: int
    reviews: int
    said: int


def standing(subject: Subject) -> Standing:
    """What the App has left on the pull request."""
    bot = subject.service.app.bot
    own = [thread for thread in threads(subject) if thread.comments[0].author is bot]
    posted = subject.service.github.reviews(subject.pull)
    return Standing(
        threads=len(own),
        open=sum(thread.resolved_by is None for thread in own),
        reviews=sum(review.author is bot for review in posted),
        said=len(subject.answers()),
    )


def threads(subject: Subject) -> list[Thread]:
    return subject.service.github.threads(subject.pull)


def own_thread(subject: Subject) -> Thread:
    """The one thread that the App opened."""
    bot = subject.service.app.bot
    (only,) = [thread for thread in threads(subject) if thread.comments[0].author is bot]
    return only


def next_review(subject: Subject, files: Files) -> CheckRun:
    """Push and wait for the review of that push."""
    subject.push(files)
    return subject.reviewed()[-1]


def told(run: CheckRun) -> str:
    """Title and summary, without the backslashes that Markdown needs."""
    return f"{run.title}\n{run.summary}".replace("\\", "")
