"""What is being done and for how long, on a terminal alone."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from typing import TextIO

_EVERY_SECONDS = 0.2
_SHOWN_AFTER_SECONDS = 1.0


@contextlib.contextmanager
def progress(words: str) -> Iterator[None]:
    """Show on a terminal's standard error what is being done, until it is done; in a pipe, nothing."""
    stream = sys.stderr
    if not stream.isatty():
        yield
        return
    done = threading.Event()
    ticking = threading.Thread(target=_tick, args=(stream, words, done), daemon=True)
    ticking.start()
    try:
        yield
    finally:
        done.set()
        ticking.join()
        stream.write("\r\x1b[K")
        stream.flush()


def _tick(stream: TextIO, words: str, done: threading.Event) -> None:
    began = time.monotonic()
    while True:
        elapsed = time.monotonic() - began
        seconds = f" {elapsed:.0f} s" if elapsed >= _SHOWN_AFTER_SECONDS else ""
        stream.write(f"\r\x1b[K{words} …{seconds}")
        stream.flush()
        if done.wait(_EVERY_SECONDS):
            return
