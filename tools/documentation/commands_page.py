"""`docs/commands.md`, from the console script's own help."""

from __future__ import annotations

import os
import subprocess
import sys

from tools.documentation.page import ROOT, Page, written

INTRODUCTION = (
    "Exit codes: 0 the gate passes, 1 the gate fails, 2 the command cannot run (a line on standard error\n"
    "says why, and how to mend it)."
)


def commands_page() -> Page:
    """Return the page: the help of the program and of each command."""
    overview = _help()
    names = [line.split()[0] for line in overview.partition("Commands:\n")[2].splitlines() if line.strip()]
    parts = [_block(overview), *(f"## {name}\n\n{_block(_help(name))}" for name in names)]
    return Page("commands.md", written("Commands", "`bot/__main__.py`", INTRODUCTION, *parts))


def _help(*command: str) -> str:
    answer = subprocess.run(
        [sys.executable, "-P", "-m", "bot", *command, "--help"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "100", "TERMINAL_WIDTH": "100", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout


def _block(text: str) -> str:
    return f"```text\n{text.strip()}\n```"
