"""The demo's story: a pull request is reviewed, repaired, and reviewed again on request."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from bot.demo import sample
from bot.demo.github.checks import CheckRun
from bot.demo.github.conversation import IssueComment, ReviewComment, Thread
from bot.demo.github.pull_request import PullRequest
from bot.demo.narration import Narrator
from bot.demo.stage import Stage

PATIENCE = 60.0
"""Seconds that the demo waits for anything before it says that it failed."""
_POLL = 0.02
_Found = TypeVar("_Found")


class DemoFailed(Exception):
    """Something that the demo shows did not happen; the message says what."""


class Story:
    """The story on a stage; each part checks that what it tells really happened."""

    def __init__(self, stage: Stage, narrator: Narrator) -> None:
        self._stage = stage
        self._github = stage.github
        self._narrator = narrator

    def play(self) -> PullRequest:
        """Play every part. Raises DemoFailed where GitHub does not show what it should."""
        pull = self.review()
        self.repair(pull)
        self.command(pull)
        return pull

    def review(self) -> PullRequest:
        """A pull request that breaks things is opened, and reviewed."""
        self._narrator.chapter("A pull request is opened")
        with self._narrator.step("pushed, opened, and its delivery signed and accepted with 202"):
            pull = sample.open_pull_request(self._github, self._stage.repository)
            self._github.wait_for_deliveries()
        run = self._completed(pull, seen=frozenset())
        with self._narrator.step("inline comments posted in one review"):
            comments = self._wait_for("a review", lambda: self._comments(pull))
        self._narrator.check_run(run)
        self._narrator.chapter(f"The review: {len(comments)} inline comments")
        for comment in comments:
            self._narrator.comment(comment)
        self._expect(run, "failure")
        return pull

    def repair(self, pull: PullRequest) -> None:
        """The author pushes what the review asks for; the check turns green."""
        self._narrator.chapter("The author follows the review and pushes")
        with self._narrator.step("pushed; its delivery accepted"):
            sample.push_fix(self._github, self._stage.repository)
            self._github.wait_for_deliveries()
        run = self._completed(pull, seen=frozenset())
        self._narrator.headline(run)
        self._expect(run, "success")
        with self._narrator.step("the threads say in which commit each was fixed, and are resolved"):
            threads = self._wait_for("resolved threads", lambda: self._resolved(pull))
        for thread in threads:
            self._narrator.resolved(thread)

    def command(self, pull: PullRequest) -> None:
        """A maintainer asks for one more review by comment."""
        self._narrator.chapter("A maintainer comments: /architect review")
        before = frozenset(run.id for run in self._github.check_runs(pull))
        with self._narrator.step("commented; its delivery accepted"):
            comment = self._github.person("mira").comment(pull, "/architect review")
            self._github.wait_for_deliveries()
        run = self._completed(pull, seen=before)
        self._narrator.headline(run)
        with self._narrator.step("the comment is answered with a rocket"):
            self._wait_for("a reaction", lambda: _reactions(comment, "rocket"))
        self._expect(run, "success")

    def _comments(self, pull: PullRequest) -> list[ReviewComment]:
        return self._github.review_comments(pull)

    def _resolved(self, pull: PullRequest) -> list[Thread]:
        """The pull request's threads, once each is resolved and says why."""
        threads = self._github.threads(pull)
        done = [each for each in threads if each.resolved_by and each.comments[0].body.count("Fixed in")]
        return threads if len(done) == len(threads) else []

    def _completed(self, pull: PullRequest, seen: frozenset[int]) -> CheckRun:
        """The newest check run on the pull request's head, each of its states told with its time."""

        def newest() -> list[CheckRun]:
            return [run for run in self._github.check_runs(pull) if run.id not in seen][-1:]

        with self._narrator.step("queued in Redis, taken by the worker, check run in progress"):
            self._wait_for("a check run", newest)
        with self._narrator.step("commits fetched, both sides reviewed, check run completed"):
            found = self._wait_for(
                "a completed check run", lambda: [run for run in newest() if run.status == "completed"]
            )
        return found[-1]

    def _wait_for(self, what: str, look: Callable[[], list[_Found]]) -> list[_Found]:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = look()
            if found:
                return found
            time.sleep(_POLL)
        raise DemoFailed(f"{what} did not appear within {PATIENCE:.0f} s")

    def _expect(self, run: CheckRun, conclusion: str) -> None:
        if run.conclusion != conclusion:
            raise DemoFailed(f"the check run concluded {run.conclusion} instead of {conclusion}: {run.title}")


def _reactions(comment: IssueComment, content: str) -> list[str]:
    return [reaction.content for reaction in comment.reactions if reaction.content == content]
