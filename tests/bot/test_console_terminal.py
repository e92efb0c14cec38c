"""What a person sees on a real terminal."""

from __future__ import annotations

import os
import pty
import re
import struct
import subprocess
import sys
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

import pytest

from tests.bot.test_console_check import APPLICATION, SHADOWED
from tests.bot.test_console_trees import commit, git, write

pytestmark = pytest.mark.thorough
_CODES = re.compile(r"\x1b\[[\d;]*[mK]")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path, {"app/__init__.py": b"", "app/main.py": APPLICATION})
    write(tmp_path, {"app/main.py": APPLICATION + SHADOWED})
    return tmp_path


def on_a_terminal(folder: Path, *arguments: str, columns: int = 72, **environment: str) -> str:
    """Everything that a terminal of that width is sent, standard error too."""
    ours, theirs = pty.openpty()
    ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    given = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "COLUMNS"}}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "bot", *arguments],
        cwd=folder,
        env={**given, "TERM": "xterm", **environment},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:  # the other side is closed
            break
        if not piece:
            break
        seen += piece
    os.close(ours)
    process.wait(120)
    return seen.decode().replace("\r\n", "\n")


def test_a_terminal_gets_colours_progress_and_its_width(project: Path) -> None:
    seen = on_a_terminal(project, "check", "--base", "main", "--select", "BA204")
    assert "reviewing the base (main): 2 files …" in seen
    assert "\x1b[31m[high]\x1b[0m" in seen
    text = _CODES.sub("", seen.rpartition("\r\x1b[K")[2])
    assert text.startswith("app/main.py:11:2: BA204 route-shadowed [high]")
    assert max(map(len, text.splitlines())) <= 72


def test_no_color_means_none_and_the_progress_leaves_nothing(project: Path) -> None:
    seen = on_a_terminal(project, "check", "--select", "BA204", NO_COLOR="1")
    assert re.search(r"\x1b\[[\d;]*m", seen) is None
    assert "\r\x1b[Kapp/main.py:11:2: BA204" in seen
