"""A change to files as a patch that `git apply` takes, and a comment that holds it. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from bot.render.comment import LONGEST_COMMENT
from bot.render.markdown import clean, fenced

_NO_NEWLINE = "\\ No newline at end of file\n"
LONGEST_PATCH = LONGEST_COMMENT - 2_000


class CannotShow(Exception):
    """The change cannot be shown so that applying it gives exactly what was reviewed; the text says why."""


def patch(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> str:
    """The files of `after` against `before`, as git writes it. Raises `CannotShow`."""
    try:
        return "".join(
            "".join(_file(path, before[path].decode() if path in before else None, content.decode()))
            for path, content in sorted(after.items())
        )
    except UnicodeDecodeError:
        raise CannotShow("a file is not UTF-8") from None


def patch_block(text: str, room: int = LONGEST_PATCH) -> str:
    """The patch folded, with how to apply it; at most `room` bytes of patch. Raises `CannotShow`."""
    if "\r" in text or clean(text) != text:
        raise CannotShow("it holds characters that a comment does not keep")
    block = fenced(text, "diff")
    if len(block.encode()) > room:
        raise CannotShow("it is longer than a comment may be")
    how = "Copy it and run `git apply`, then commit."
    return f"<details><summary>the patch</summary>\n\n{block}\n\n</details>\n\n{how}"


def _file(path: str, before: str | None, after: str) -> Iterator[str]:
    yield f"diff --git a/{path} b/{path}\n"
    if before is None:
        yield "new file mode 100644\n"
    origin = "/dev/null" if before is None else f"a/{path}"
    for line in difflib.unified_diff(_lines(before or ""), _lines(after), origin, f"b/{path}", lineterm="\n"):
        yield line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}"


def _lines(text: str) -> list[str]:
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
