"""Markdown for a job's summary or a comment: the check run's summary, with links within GitHub Actions."""

from __future__ import annotations

import os

from bot.console.local_page import LocalPage
from bot.console.verdict_document import Shown
from bot.patch import Patch
from bot.render.markdown import prose
from bot.render.place import CodePage
from bot.render.summary import summary
from bot.report import build


def to_markdown(shown: Shown) -> str:
    """Return the title, which a check run shows by itself, and the summary."""
    report = build(shown.comparison, shown.document.gate, Patch())
    return f"**{prose(report.title, 300)}**\n\n{summary(report, _page(shown.prefix))}\n"


def _page(prefix: str) -> CodePage:
    # https://docs.github.com/actions/reference/workflows-and-actions/variables
    server, repository = os.environ.get("GITHUB_SERVER_URL"), os.environ.get("GITHUB_REPOSITORY")
    sha = os.environ.get("GITHUB_SHA")
    if server and repository and sha and not prefix:
        return CodePage(f"{server}/{repository}", sha)
    return LocalPage("", "")
