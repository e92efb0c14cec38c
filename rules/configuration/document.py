"""A configuration file as data, with the line of every value in it."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from rules.configuration.problem import ConfigurationError, Problem

MAXIMUM_BYTES = 64 * 1024
"""A larger configuration is refused: it comes from strangers and is read on every review."""

MAXIMUM_DEPTH = 16

Pointer: TypeAlias = tuple[str | int, ...]
"""The keys and positions that lead to a value; the empty one is the whole configuration."""


class Document(msgspec.Struct, frozen=True):
    """The data of one configuration, where it stands, and the 1-based lines of its values."""

    path: str
    data: object
    lines: dict[Pointer, int]

    def problem(self, pointer: Pointer, message: str) -> Problem:
        """A mistake at `pointer`, or at the nearest value around it whose line is known."""
        while pointer and pointer not in self.lines:
            pointer = pointer[:-1]
        return Problem(self.path, self.lines.get(pointer, 1), message)


def decode(path: str, content: bytes) -> str:
    """Return the file's text; raise `ConfigurationError` if it is too large or not UTF-8."""
    if len(content) > MAXIMUM_BYTES:
        raise mistake(path, 1, f"the file is larger than {MAXIMUM_BYTES // 1024} KiB; shorten it")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise mistake(path, line, "the file is not UTF-8; save it as UTF-8") from error


def mistake(path: str, line: int, message: str) -> ConfigurationError:
    """Return the error for a file whose only known mistake is this one."""
    return ConfigurationError((Problem(path, line, message),))
