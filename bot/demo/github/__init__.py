"""A strict local GitHub, for the demo and the tests: REST, GraphQL, git, webhooks and a page to look at."""

from __future__ import annotations

from bot.demo.github.faults import Fault
from bot.demo.github.local import LocalGitHub

__all__ = ["Fault", "LocalGitHub"]
