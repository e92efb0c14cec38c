"""Files that kill or stall parsers: the shapes of the reliability notes, small enough for our limits."""

from __future__ import annotations

NEWER = "try: a\nexcept B, C: d\n"
"""Makes a host's parser (before Python 3.14) refuse a file, and libcst have a look at it."""


def hostile_files() -> dict[str, bytes]:
    """Each shape by name, for `ast` and once more for libcst."""
    shapes = {**_nested(), **_chained()}
    files = {f"ast/{name}.py": text.encode() for name, text in shapes.items()}
    files |= {f"libcst/{name}.py": (NEWER + text).encode() for name, text in shapes.items()}
    return files | _bytes()


def _nested() -> dict[str, str]:
    case = "match a:\n    case {}:\n        pass\n"
    return {
        "case_parentheses": case.format("(" * 30 + "b" + ")" * 30),
        "case_lists": case.format("[" * 30 + "b" + "]" * 30),
        "parentheses": "x = " + "(" * 2_000 + "1" + ")" * 2_000 + "\n",
        "unclosed": "x = " + "(" * 4_000 + "\n",
        "del": "del " + "(" * 1_000 + "x" + ")" * 1_000 + "\n",
        "for": "for " + "(" * 1_000 + "x" + ")" * 1_000 + " in y: pass\n",
        "with": "with " + "(" * 1_000 + "x" + ")" * 1_000 + ": pass\n",
        "lists": "x = " + "[" * 2_000 + "]" * 2_000 + "\n",
        "dicts": "x = " + "{1:" * 1_000 + "1" + "}" * 1_000 + "\n",
        "calls": "x = " + "f(" * 1_500 + ")" * 1_500 + "\n",
        "starred": "x = " + "[*" * 1_500 + "a" + "]" * 1_500 + "\n",
        "fstrings": "x = " + "f'{" * 300 + "1" + "}'" * 300 + "\n",
        "format_specs": "x = f'{a" + ":{b" * 1_000 + "}" * 1_000 + "}'\n",
        "indentation": "".join(" " * depth + "if a:\n" for depth in range(150)) + " " * 150 + "pass\n",
        "lambdas": "x = " + "lambda: " * 600 + "1\n",
        "comprehension": "x = [a " + "for a in b " * 400 + "]\n",
        "blocks": "".join(" " * depth + "def f():\n" for depth in range(90)) + " " * 90 + "pass\n",
    }


def _chained() -> dict[str, str]:
    return {
        "plus": "x = 1" + "+1" * 2_400 + "\n",
        "and": "x = a" + " and a" * 800 + "\n",
        "minus": "x = " + "-" * 4_000 + "1\n",
        "not": "x = " + "not " * 1_200 + "1\n",
        "power": "x = 1" + "**1" * 1_600 + "\n",
        "ternary": "x = " + "1 if a else " * 400 + "1\n",
        "attributes": "x = a" + ".a" * 2_400 + "\n",
        "suffixes": "x = a" + "()" * 2_400 + "\n",
        "subscripts": "x = a" + "[0]" * 1_600 + "\n",
        "elif": "if a: pass\n" + "elif b: pass\n" * 9_000,
        "strings": "x = ''" + " ''" * 1_600 + "\n",
        "compare": "x = a" + " < a" * 1_200 + "\n",
        "wide": "x = a + b\n" * 4_000,
        "decorators": "@a\n" * 4_000 + "def f(): pass\n",
    }


def _bytes() -> dict[str, bytes]:
    return {
        "bytes/nul.py": b"x = 1\0\n",
        "bytes/rot13.py": b"# coding: rot13\nvzcbeg bf\n",
        "bytes/unknown.py": b"# coding: klingon\nx = 1\n",
        "bytes/utf16.py": "x = 1\n".encode("utf-16"),
        "bytes/invalid.py": b"x = '\xff\xfe'\n",
        "bytes/binary.py": bytes(range(256)) * 40,
        "bytes/large.py": b"x = 1\n" * 100_000,
        "bytes/line.py": b"x = '" + b"a" * 100_000 + b"'\n",
        "bytes/surrogate.py": b"x = '\\ud800'\nbad()\n",
        "bytes/integer.py": b"x = 1" + b"0" * 4_900 + b"\n",
        "bytes/formfeed.py": b"\x0cx = 1\r\n\x0c\r\nbad()\n",
        "bytes/empty.py": b"",
    }
