"""A Python file's bytes to text, within limits that keep one hostile file from costing the review."""

from __future__ import annotations

import io
import re
import tokenize

from rules.parsing.problem import NotAnalysed

MAXIMUM_BYTES = 512 * 1024
MAXIMUM_LINES = 10_000
MAXIMUM_LINE = 5_000
"""Characters of one line."""

_ENCODINGS = frozenset({"utf-8", "utf-8-sig", "ascii", "us-ascii", "iso-8859-1", "latin-1"})
_LINE_END = re.compile(r"\r\n|\r|\n")
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=]", re.MULTILINE)


def decode(data: bytes) -> str:
    """The file's text, no byte-order mark. Raises `NotAnalysed` for other encodings and beyond a limit."""
    if len(data) > MAXIMUM_BYTES:
        raise NotAnalysed(f"too large: {len(data) // 1024} KiB, at most {MAXIMUM_BYTES // 1024} KiB are read")
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotAnalysed(f"line {line} is not {encoding}") from error
    _check_lines(text)
    return text


def split_lines(text: str) -> list[str]:
    """Lines as Python counts them (ended by LF, CR LF or CR, nothing else), without their ends."""
    return text.split("\n") if "\r" not in text else _LINE_END.split(text)


def _encoding(data: bytes) -> str:
    if not _COOKIE.search(data[:512]):
        return "utf-8-sig"
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except (SyntaxError, LookupError, ValueError) as error:
        raise NotAnalysed(f"its encoding cannot be read: {error}") from error
    if encoding not in _ENCODINGS:
        raise NotAnalysed(f"its encoding {encoding} is not read; use utf-8")
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _check_lines(text: str) -> None:
    if len(text) <= MAXIMUM_LINE:
        return
    lines = split_lines(text)
    if len(lines) > MAXIMUM_LINES:
        raise NotAnalysed(f"too long: {len(lines)} lines, at most {MAXIMUM_LINES} are read")
    longest = max(range(len(lines)), key=lambda index: len(lines[index]))
    if len(lines[longest]) > MAXIMUM_LINE:
        length = len(lines[longest])
        raise NotAnalysed(f"line {longest + 1} has {length} characters, at most {MAXIMUM_LINE} are read")
