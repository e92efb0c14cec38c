"""Write docs/screenshot.png: the demo's reviewed pull request, as a real browser shows it."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from bot.demo.narration import Narrator
from bot.demo.stage import github_with_app, service
from bot.demo.story import Story
from tests.browser.chromium import browser_page

TARGET = Path(__file__).parents[1] / "docs" / "screenshot.png"


def main() -> None:
    """Play the first part of the demo and photograph its page."""
    logging.disable(logging.WARNING)
    narrator = Narrator()
    with tempfile.TemporaryDirectory(prefix="architect-") as name:
        folder = Path(name)
        with github_with_app(folder, narrator) as stage, service(stage, folder, narrator):
            pull = Story(stage, narrator).review()
            with browser_page(height=1970) as page:
                page.goto(stage.page(pull))
                page.screenshot(path=TARGET)


if __name__ == "__main__":
    main()
