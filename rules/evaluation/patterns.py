"""`re` over constants, as table names are made of class names, for patterns that cannot run away."""

from __future__ import annotations

import re

from rules.evaluation.values import Application, Arguments, Const, External, Sequence, Value

FUNCTIONS = ("sub", "split", "findall")
_MAX_TEXT = 100
_QUANTIFIED_GROUP = re.compile(r"\)\s*[*+{?]")
_QUANTIFIER = re.compile(r"(?<!\\)(?:[*+]|\{)")
_MAX_QUANTIFIERS = 3


def compute(name: str, arguments: Arguments) -> Value | None:
    """`re.sub`, `re.split` or `re.findall`; None where it cannot or must not be computed."""
    values = [_pattern(v) for v in arguments.positional]
    texts = [v.value for v in values if isinstance(v, Const) and isinstance(v.value, str)]
    wanted = 3 if name == "sub" else 2
    if arguments.keywords or len(values) != wanted or len(texts) != wanted or arguments.is_open:
        return None
    if any(len(text) > _MAX_TEXT for text in texts) or not _is_tame(texts[0]):
        return None
    try:
        if name == "sub":
            return Const(re.sub(texts[0], texts[1], texts[2]))
        found = re.split(texts[0], texts[1]) if name == "split" else re.findall(texts[0], texts[1])
    except (re.error, IndexError):
        return None
    if not all(isinstance(item, str) for item in found):
        return None
    return Sequence("list", [Const(item) for item in found])


def _is_tame(pattern: str) -> bool:
    """Whether the pattern's cost is a small power of the text's length."""
    return not _QUANTIFIED_GROUP.search(pattern) and len(_QUANTIFIER.findall(pattern)) <= _MAX_QUANTIFIERS


def _pattern(value: Value) -> Value:
    return (compiled(value) or value) if isinstance(value, Application) else value


def compiled(value: Value) -> Value | None:
    """The pattern of `re.compile(pattern)` without flags."""
    if not isinstance(value, Application) or not isinstance(value.function, External):
        return None
    if value.function.name != "re.compile" or len(value.arguments.positional) != 1:
        return None
    return value.arguments.positional[0]
