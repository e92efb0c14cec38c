"""`backend-architect demo`: the whole path on this machine, told step by step."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from bot.demo.narration import Narrator
from bot.demo.stage import Stage, github_with_app, service
from bot.demo.story import DemoFailed, Story


def run(*, keep: bool) -> int:
    """Play the story; with `keep` leave everything running until Ctrl-C. 0 if all of it came true."""
    logging.disable(logging.WARNING)
    narrator = Narrator()
    narrator.chapter("A local GitHub with a repository and its history; the App is installed on it")
    with tempfile.TemporaryDirectory(prefix="architect-") as name:
        folder = Path(name)
        with github_with_app(folder, narrator) as stage, service(stage, folder, narrator):
            return _play(stage, narrator, keep=keep)


def _play(stage: Stage, narrator: Narrator, *, keep: bool) -> int:
    try:
        pull = Story(stage, narrator).play()
    except DemoFailed as failure:
        narrator.chapter(f"The demo failed: {failure}")
        return 1
    if keep:
        narrator.chapter(f"The pull request as people see it: {stage.page(pull)}")
        narrator.wait("Everything goes on running; stop it with Ctrl-C.")
    else:
        narrator.chapter("make demo DEMO=--keep leaves it running, with a page that shows the pull request.")
    return 0
