"""Who does what the ledger wants: the one object that the jobs know of GitHub, git and the engine."""

from __future__ import annotations

from dataclasses import dataclass

from redis import Redis

import rules
from bot.commands.run import run_command, say_failed
from bot.github.app import GitHubApp
from bot.ledger.budget import Limits
from bot.ledger.fence import Fence
from bot.ledger.sealed import Sealed, key_from
from bot.merge_group import conclude_failed_group, groups_of, review_group
from bot.repository.snapshot import Repositories
from bot.review import Outcome, Services, conclude_failed, requests_of, review_pull_request
from bot.settings import Settings
from bot.triggers import CommandRequest, GroupRequest, LookupBySha, ReviewRequest, Wanted


@dataclass(frozen=True, slots=True)
class GitHubReviewer:
    """Reviews pull requests of one App on one GitHub."""

    services: Services

    def review(self, request: ReviewRequest, fence: Fence) -> Outcome:
        """Review a pull request and show the result."""
        return review_pull_request(request, self.services, fence)

    def command(self, request: CommandRequest, fence: Fence) -> ReviewRequest | None:
        """Obey a slash command; gives the review that it asks for, if it does."""
        return run_command(request, self.services, fence)

    def group(self, request: GroupRequest, fence: Fence) -> Outcome:
        """Review a merge group and show the result."""
        return review_group(request, self.services, fence)

    def lookup(self, request: LookupBySha) -> tuple[ReviewRequest | GroupRequest, ...]:
        """The reviews that a re-run of a commit means."""
        return requests_of(request, self.services) or groups_of(request, self.services)

    def give_up(self, wanted: Wanted, fence: Fence, reason: str) -> None:
        """Say on the pull request that this was tried often and failed, and leave nothing in progress."""
        if isinstance(wanted, ReviewRequest):
            conclude_failed(wanted, self.services, fence, reason)
        elif isinstance(wanted, GroupRequest):
            conclude_failed_group(wanted, self.services, fence, reason)
        elif isinstance(wanted, CommandRequest):
            say_failed(wanted, self.services, fence)


def reviewer(settings: Settings) -> GitHubReviewer:
    """The reviewer that the settings describe. Raises `SettingsError` where the key cannot be read."""
    services = Services(
        app=app_of(settings),
        web_url=settings.github_web_url,
        repositories=mirrors_of(settings),
        facts=facts_of(settings),
        redis=Redis.from_url(settings.redis_url, decode_responses=True),
        limits=limits_of(settings),
        rules_url=settings.rules_url,
        code_scanning=settings.code_scanning,
    )
    return GitHubReviewer(services)


def app_of(settings: Settings) -> GitHubApp:
    """The App, with the key as it is now. Raises `SettingsError` where the key cannot be read."""
    private_key = settings.private_key()
    shared = Redis.from_url(settings.redis_url, decode_responses=True)
    return GitHubApp(
        api_url=settings.github_api_url,
        app_id=settings.github_app_id,
        private_key=private_key,
        shared=Sealed(redis=shared, key=key_from(private_key)),
        seconds=settings.github_seconds,
    )


def limits_of(settings: Settings) -> Limits:
    """The most that is sent for one installation."""
    return Limits(
        comments_per_second=settings.comments_per_second,
        comments_per_minute=settings.comments_per_minute,
        comments_per_hour=settings.comments_per_hour,
        checks_per_second=settings.checks_per_second,
        points_per_minute=settings.points_per_minute,
    )


def mirrors_of(settings: Settings) -> Repositories:
    """The mirrors on this host."""
    return Repositories(settings.data_folder / "mirrors" / settings.github_host.replace(":", "_"))


def facts_of(settings: Settings) -> rules.FactCache:
    """What is remembered of files on this host."""
    return rules.FactCache(
        settings.data_folder / "facts", maximum_bytes=settings.facts_megabytes * 1024 * 1024
    )
