"""A review as alerts of code scanning: beside the check run, and never in its way."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata

import structlog

import rules
from bot.errors import Postponed
from bot.github.code_scanning import TooLarge, upload_sarif
from bot.github.connection import Connection
from bot.github.pulls import PullRequest
from bot.github.refusal import GitHubRefused, GitHubUnavailable
from bot.sarif.document import NAME, sarif
from bot.sarif.results import Places

log = structlog.get_logger(__name__)


def raise_alerts(
    connection: Connection, pull: PullRequest, comparison: rules.Comparison, sources: Mapping[str, bytes]
) -> bool:
    """Upload the review of a pull request's head; False where GitHub does not take it, which is logged."""
    written = sarif(
        comparison.head,
        Places(prefix="", sources=sources),
        version=metadata.version(NAME),
        compared=comparison.base_surface is not None,
    )
    try:
        upload_sarif(connection, sha=pull.head.sha, ref=f"refs/pull/{pull.number}/head", sarif=written)
    except (GitHubRefused, GitHubUnavailable, Postponed, TooLarge) as problem:
        log.warning("no alerts raised", repository=connection.full_name, reason=str(problem) or "too large")
        return False
    return True
