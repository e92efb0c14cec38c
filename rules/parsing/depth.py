"""A look at the tokens before libcst reads a file: shapes that would kill its parser are refused.

libcst is exponential in the depth of `case` patterns, overflows the C stack on thousands of brackets
and is cubic in chains; the limits here stay far from all of them and far above what people write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rules.parsing.problem import NotAnalysed

MAXIMUM_BRACKETS = 60
MAXIMUM_CASE = 8
MAXIMUM_CHAIN = 300
"""Operators, suffixes and joined strings of one expression, with those of the expressions around it."""
MAXIMUM_ELIF = 300
MAXIMUM_INDENTATION = 100
"""CPython refuses deeper suites too."""

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\r\n]*)
    | (?P<string>(?:[rRbBuUfFtT]{0,2})(?P<quote>'''|\"\"\"|'|"))
    | (?P<newline>(?:\\)?(?:\r\n|\r|\n)[ \t]*)
    | (?P<word>[^\W\d]\w*)
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<reset>[,;])
    | (?P<operator>\*\*|//|<<|>>|<=|>=|==|!=|->|:=|[-+*/%@&|^~<>=.!])
    | (?P<other>[ \t\f]+|\d[\w.]*|.)
    """,
    re.VERBOSE,
)
_OPERATOR_WORDS = frozenset({"and", "or", "not", "in", "is", "if", "else", "for", "lambda", "await"})


@dataclass(slots=True)
class _Level:
    """An open bracket or f-string; `quote` is set for the latter, while its text is read."""

    quote: str = ""
    chain: int = 0


@dataclass(slots=True)
class _Scan:
    """What is open at one point of the text."""

    levels: list[_Level] = field(default_factory=lambda: [_Level()])
    chain: int = 0
    in_case: bool = False
    elifs: dict[int, int] = field(default_factory=dict)
    indentation: int = 0
    line_start: bool = True

    def link(self) -> None:
        self.levels[-1].chain += 1
        self.chain += 1
        if self.chain > MAXIMUM_CHAIN:
            raise NotAnalysed(f"an expression of more than {MAXIMUM_CHAIN} parts")

    def reset(self) -> None:
        self.chain -= self.levels[-1].chain
        self.levels[-1].chain = 0

    def open(self, quote: str) -> None:
        self.link()
        self.levels.append(_Level(quote))
        limit = MAXIMUM_CASE if self.in_case else MAXIMUM_BRACKETS
        if len(self.levels) - 1 > limit:
            raise NotAnalysed(f"brackets nested more than {limit} deep")

    def close(self) -> None:
        if len(self.levels) > 1:
            self.reset()
            self.levels.pop()

    def begin_line(self, indentation: int) -> None:
        self.line_start, self.in_case, self.indentation = True, False, indentation
        self.reset()

    def word(self, word: str) -> None:
        if self.line_start:
            self.in_case = word == "case"
            self._count_elif(word)
        elif word in _OPERATOR_WORDS:
            self.link()

    def _count_elif(self, word: str) -> None:
        count = self.elifs.get(self.indentation, 0) + 1 if word == "elif" else 0
        if word in {"if", "elif"}:
            self.elifs[self.indentation] = count
        if count > MAXIMUM_ELIF:
            raise NotAnalysed(f"more than {MAXIMUM_ELIF} `elif` in a row")


def check_depth(text: str) -> None:
    """Raise `NotAnalysed` where libcst might not come back from `text`."""
    scan = _Scan()
    position = 0
    while position < len(text):
        level = scan.levels[-1]
        position = _string_text(text, position, scan) if level.quote else _token(text, position, scan)


def _token(text: str, position: int, scan: _Scan) -> int:
    match = _TOKEN.match(text, position)
    if match is None:
        return position + 1
    kind, token = match.lastgroup, match.group()
    if kind in {"quote", "string"}:
        return _string(text, match, scan)
    if kind == "newline":
        _newline(token, scan)
    elif kind == "word":
        scan.word(token)
        scan.line_start = False
    elif kind != "comment" and not token.isspace():
        _punctuation(kind or "", scan)
        scan.line_start = False
    return match.end()


def _newline(token: str, scan: _Scan) -> None:
    if not token.startswith("\\") and len(scan.levels) == 1:
        scan.begin_line(len(token.lstrip("\r\n").expandtabs()))


def _punctuation(kind: str, scan: _Scan) -> None:
    if kind == "open":
        scan.open("")
    elif kind == "close":
        scan.close()
    elif kind == "operator":
        scan.link()
    elif kind == "reset":
        scan.reset()


def _string(text: str, match: re.Match[str], scan: _Scan) -> int:
    quote, prefix = match["quote"], match["string"].rstrip("'\"").lower()
    scan.line_start = False
    if "f" in prefix or "t" in prefix:
        scan.open(quote)
        return match.end()
    scan.link()
    end = re.compile(rf"(?:\\.|(?!{quote}).)*{quote}", re.DOTALL).match(text, match.end())
    return end.end() if end else len(text)


def _string_text(text: str, position: int, scan: _Scan) -> int:
    """Past the next thing of note in an f-string's text: its end, a doubled brace, or a replacement field."""
    quote = scan.levels[-1].quote
    if text.startswith(quote, position):
        scan.close()
        return position + len(quote)
    if text[position] == "\\" or text.startswith(("{{", "}}"), position):
        return position + 2
    if text[position] == "{":
        scan.open("")
    elif len(quote) == 1 and text[position] in "\r\n":
        scan.close()
    return position + 1
