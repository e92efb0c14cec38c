"""How deep a file's syntax may nest: bounded while it is read, so that what walks it later never runs out."""

from __future__ import annotations

import ast
import contextlib
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from rules.ir import nodes as ir
from rules.ir.module import BodyKey, Module, Statements

READING = 1_000
"""Python frames that reading a module may use: some 450 nested expressions."""

WALKING = 20_000
"""Python frames that everything else may use; each costs some KiB of `STACK` at most."""

STACK = 256 * 1024 * 1024
"""Bytes of a stack that takes as many; only what is used of it is real memory."""

_Result = TypeVar("_Result")


def on_large_stack(work: Callable[[], _Result]) -> _Result:
    """What `work` returns or raises, called in a thread where it may recurse `WALKING` frames deep."""
    results: list[_Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised below, in the thread that asked
            errors.append(error)

    limit, stack = sys.getrecursionlimit(), threading.stack_size(STACK)
    sys.setrecursionlimit(max(limit, WALKING))
    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(stack)
        sys.setrecursionlimit(limit)
    for error in errors:
        raise error
    return results[0]


@contextlib.contextmanager
def frames_allowed(frames: int) -> Iterator[None]:
    """Allow the work inside so many frames more than there are, whatever the limit outside."""
    before, depth = sys.getrecursionlimit(), 0
    frame = sys._getframe()  # noqa: SLF001 - the documented way to see the stack
    while (outer := frame.f_back) is not None:
        frame, depth = outer, depth + 1
    sys.setrecursionlimit(depth + frames)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


class BoundedModule(Module):
    """A module that reads nothing deeper than `READING` allows; a body beyond it is told and left empty."""

    def __init__(self, statements: Statements, reparse: Callable[[], ast.Module | None]) -> None:
        """Make a module; see `Module`."""
        super().__init__(statements, reparse)
        self.unread: dict[int, str] = {}

    def body(self, function: ir.Function) -> Statements:
        """The statements of `function`; none where they cannot be read, and `unread` says why."""
        try:
            return super().body(function)
        except RecursionError:
            self.unread[function.line] = "nested too deeply"
        except KeyError as unknown:
            self.unread[function.line] = f"syntax that is not known here: {unknown}"
        self._bodies[function.line, function.column] = ()
        return ()

    def _read(self, key: BodyKey) -> Statements:
        with frames_allowed(READING):
            try:
                return super()._read(key)
            except msgspec.MsgspecError:
                # A poisoned entry of the cache: the file itself knows better.
                self._encoded.clear()
                return super()._read(key)
