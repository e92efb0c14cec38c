"""Text from a pull request as Markdown that stays text: no mention, link, HTML, fence or hidden character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

_ZERO_WIDTH = "\u200b"
_PUNCTUATION = re.compile(r"([\\`*_{}\[\]#|~$])")
# What makes a list, a heading's line or a rule where it stands first.
_LEADING = re.compile(r"^(?:\d+(?=[.)])|(?=[-+=:]))")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# GitHub looks for these in the rendered text, where a backslash no longer shows.
_REFERENCES = re.compile(r"(?i)(@|#|://|\bwww(?=\.)|\bgh(?=-)|(?:mailto|xmpp)(?=:))")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BAR = re.compile(r"(?<!\\)\|")
_TICKS = re.compile(r"`+")


def clean(text: str) -> str:
    """The text with invisible characters, bidirectional ones too, made visible; tab and newline stay."""
    return "".join(
        character if character in "\n\t" or unicodedata.category(character) not in _HIDDEN else "\ufffd"
        for character in text.replace("\r\n", "\n")
    )


def clip(text: str, length: int) -> str:
    """At most `length` characters."""
    return text if len(text) <= length else text[: length - 1] + "…"


def plain(text: str) -> str:
    """One line of prose without any markup."""
    line = " ".join(clean(text).split())
    broken = _REFERENCES.sub(lambda found: _broken(found.group()), line)
    escaped = _LEADING.sub(r"\g<0>\\", _PUNCTUATION.sub(r"\\\1", broken))
    return "".join(_ENTITIES.get(character, character) for character in escaped)


def code(text: str) -> str:
    """One line in a code span, whatever backticks it holds."""
    line = " ".join(clean(text).split()) or " "
    ticks = "`" * (max((len(run) for run in _TICKS.findall(line)), default=0) + 1)
    padding = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{padding}{line}{padding}{ticks}"


def row(*cells: str) -> str:
    """A table's row of cells that are Markdown already."""
    # A table splits its rows before code spans are looked for, and takes \| as a bar in both.
    escaped = [_BAR.sub(r"\\|", cell) for cell in cells]
    return f"| {' | '.join(escaped)} |"


def prose(text: str, length: int = 600) -> str:
    """A sentence in which single backticks mark code, as rules write their messages."""
    clipped = clip(text, length)
    parts = clipped.split("`")
    if len(parts) % 2 == 0:
        return plain(clipped)
    return "".join(
        code(part) if index % 2 else _spaced(part) for index, part in enumerate(parts) if part
    ).strip()


def fenced(text: str, language: str = "") -> str:
    """A block of code, whatever fences it holds."""
    body = clean(text)
    ticks = "`" * max(3, max((len(run) for run in _TICKS.findall(body)), default=0) + 1)
    closing = "" if body.endswith("\n") or not body else "\n"
    return f"{ticks}{language}\n{body}{closing}{ticks}"


def folded(title: str, body: str) -> str:
    """Text behind a title, which is HTML already."""
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"


def bullets(lines: Iterable[str], total: int) -> str:
    """A list of lines that are Markdown already, of `total` in truth."""
    shown = [f"- {line}" for line in lines]
    if total > len(shown):
        shown.append(f"- … and {total - len(shown)} more")
    return "\n".join(shown)


def link(label: str, url: str) -> str:
    """A link; `label` is Markdown already, `url` is made of parts that were quoted."""
    return f"[{label}](<{url}>)"


def blob_url(repository_url: str, sha: str, path: str, first: int, last: int | None = None) -> str:
    """The page of a file's lines at a commit."""
    lines = f"#L{first}" if last is None or last <= first else f"#L{first}-L{last}"
    return f"{repository_url}/blob/{sha}/{quote(path, safe='/', errors='replace')}{lines}"


def _spaced(part: str) -> str:
    if not part.strip():
        return " " if part else ""
    before = " " if part[0].isspace() else ""
    after = " " if part[-1].isspace() else ""
    return f"{before}{plain(part)}{after}"


def _broken(reference: str) -> str:
    if reference == "://":
        return f":{_ZERO_WIDTH}//"
    return f"{reference}{_ZERO_WIDTH}"
