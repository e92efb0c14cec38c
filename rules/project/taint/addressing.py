"""How much of an address or path the client decides: all of it, or a part behind what the server wrote."""

from __future__ import annotations

import enum
import itertools
import re
from collections.abc import Iterator

from rules.evaluation.values import Application, Const, Member, Operation, Symbol, Value
from rules.project.isolation.roles import Input
from rules.project.isolation.terms import called_name
from rules.project.taint.dangers import Danger, Flow

_DYNAMIC = "\0"
_HOST_ENDED = re.compile(r"^[a-z+]+://[^/\0]+/|^\0|^/[^/\\]|^[a-z+]+://[^/]*\0", re.IGNORECASE)
_MODULE_PREFIX = re.compile(r"[\w\0]+\.")


class Reach(enum.Enum):
    """What the client decides of the text that is interpreted."""

    WHOLE = "whole"
    PART = "part"
    NOTHING = "nothing"


def reach(danger: Danger, flow: Flow, path_template: str) -> Reach:
    """How far the client's data goes in a sink of one danger, for a route of this path."""
    before = "".join(_before(flow.through))
    if danger is Danger.URL:
        return _of_url(before)
    if danger is Danger.REDIRECT:
        return Reach.NOTHING if _HOST_ENDED.match(before) else Reach.WHOLE
    if danger is Danger.PATH:
        return Reach.PART if before and not _may_hold_slash(flow, path_template) else Reach.WHOLE
    if danger is Danger.CODE and _MODULE_PREFIX.match(before) and "(" not in before:
        return Reach.PART
    return Reach.WHOLE


def _of_url(before: str) -> Reach:
    if not _HOST_ENDED.match(before):
        return Reach.WHOLE
    return Reach.NOTHING if "?" in before or "#" in before else Reach.PART


def _may_hold_slash(flow: Flow, path_template: str) -> bool:
    """Whether a value may hold a `/`: a path parameter without the `path` convertor never does."""
    source = flow.source
    is_segment = source.kind is Input.PATH and isinstance(source.value, Symbol)
    return not is_segment or f"{{{source.name}:path}}" in path_template


def _before(through: tuple[Value, ...]) -> Iterator[str]:
    """What stands before the client's data, outermost first; a dynamic part as one placeholder."""
    for outer, inner in itertools.pairwise(through):
        match outer:
            case Operation(operator="f" | "+", operands=operands):
                yield from (_text(part) for part in _until(operands, inner))
            case Operation(operator="/", operands=[folder, *_]) if inner is not folder:
                yield _text(folder) + "/"
            case Operation(operator="%", operands=[Const(value=str(text)), *_]):
                yield text.partition("%")[0]
            case Application(function=Member(of=Const(value=str(text)), name="format")):
                yield text.partition("{")[0] or (_DYNAMIC if text.find("{") else "")
            case Application(function=function) if called_name(outer) in {"join", "joinpath", "Path"}:
                given = [function.of] if isinstance(function, Member) else outer.arguments.positional[:1]
                yield from (_text(folder) + "/" for folder in given if folder is not inner)
            case _:
                pass


def _until(operands: list[Value], inner: Value) -> Iterator[Value]:
    for operand in operands:
        if operand is inner:
            return
        yield operand


def _text(value: Value) -> str:
    match value:
        case Const(value=str(text), configurable=False):
            return text
        case Operation(operator="f" | "+", operands=operands):
            return "".join(_text(part) for part in operands)
        case _:
            return _DYNAMIC
