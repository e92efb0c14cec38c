"""What the demo prints: each step with its time, and the check run and review as GitHub holds them."""

from __future__ import annotations

import contextlib
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bot.demo.github.checks import CheckRun
from bot.demo.github.conversation import ReviewComment, Thread

_HIDDEN = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_LINK = re.compile(r"\[((?:[^\[\]]|\\.)*)\]\(<[^>]*>\)")
_BREAK = re.compile(r"\\$", re.MULTILINE)
_ESCAPE = re.compile(r"\\([^\w\s])")
_FOLDED = re.compile(r"<details><summary>((?:(?!</summary>).)*)</summary>.*?</details>", re.DOTALL)
_TAGS = re.compile(r"</?(?:br|sub|sup)[^>]*>")


class Narrator:
    """Prints steps and remembers how long each took, in seconds."""

    def __init__(self) -> None:
        self.times: dict[str, float] = {}

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Print the step with its duration when it is done."""
        started = time.monotonic()
        yield
        self.times[title] = time.monotonic() - started
        print(f"  {self.times[title]:6.2f} s  {title}", flush=True)

    def chapter(self, title: str) -> None:
        print(f"\n{title}", flush=True)

    def line(self, text: str) -> None:
        print(text, flush=True)

    def wait(self, text: str) -> None:
        """Print a line and wait for Ctrl-C."""
        self.line(text)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()

    def headline(self, run: CheckRun) -> None:
        """The check run in one line."""
        print(f"  [{run.conclusion or run.status}] {run.name}: {run.title}", flush=True)

    def check_run(self, run: CheckRun) -> None:
        """The check run as its page shows it."""
        print()
        self.headline(run)
        print(_indented(_plain(run.summary or ""), "  | "), flush=True)

    def comment(self, comment: ReviewComment) -> None:
        """One inline comment with the line it stands on."""
        anchor = comment.thread.original
        place = anchor.path if anchor.line is None else f"{anchor.path}:{anchor.line}"
        print(f"\n  {place}")
        print(_indented(_plain(comment.body), "  > "), flush=True)

    def resolved(self, thread: Thread) -> None:
        """One thread that is done with: where it stood, and what its first line says now."""
        anchor = thread.original
        place = anchor.path if anchor.line is None else f"{anchor.path}:{anchor.line}"
        said = _plain(thread.comments[0].body).partition("\n")[0].replace("*", "")
        print(f"  ✓ {place}: {said}", flush=True)


def _plain(markdown: str) -> str:
    """Markdown for a terminal: no hidden marks or tags, folds and links by their text, nothing escaped."""
    text = _TAGS.sub("", _FOLDED.sub(r"▸ \1", _HIDDEN.sub("", markdown)))
    text = _ESCAPE.sub(r"\1", _LINK.sub(r"\1", _BREAK.sub("", text)))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _indented(text: str, mark: str) -> str:
    return "\n".join((mark + line).rstrip() for line in text.splitlines())
