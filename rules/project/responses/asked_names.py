"""Whether the functions that a value passes through ask if it is there, by the names that it has in them."""

from __future__ import annotations

from collections.abc import Iterator

from rules.evaluation.values import Effect
from rules.ir import nodes as ir
from rules.project.call_frames import Frame, Frames, covers


def is_asked(frames: Frames, effect: Effect) -> bool:
    """Whether some function on the way to an effect tests the name that it gives the effect's result."""
    return any(_names(frame) & _tested(frame) for frame in frames.of(effect))


def _names(frame: Frame) -> set[str]:
    """The names to which the function binds what the call on the way gives."""
    return {
        target.id
        for node in frame.nodes()
        for target, value in _bindings(node)
        if isinstance(target, ir.Name) and value is not None and covers(value, frame.site.node)
    }


def _bindings(node: ir.Node) -> Iterator[tuple[ir.Node, ir.Expr | None]]:
    match node:
        case ir.Assign(targets=targets, value=value):
            yield from ((target, value) for target in targets)
        case ir.AnnotatedAssign(target=target, value=value) | ir.Walrus(target=target, value=value):
            yield target, value
        case _:
            return


def _tested(frame: Frame) -> set[str]:
    asked = (part for node in frame.nodes() for part in _tests(node))
    named = (part.target if isinstance(part, ir.Walrus) else part for part in asked)
    return {part.id for part in named if isinstance(part, ir.Name)}


def _tests(node: ir.Node) -> tuple[ir.Expr, ...]:
    """The expressions of whose truth or identity the path depends."""
    match node:
        case ir.If(test=test) | ir.While(test=test) | ir.Conditional(test=test) | ir.Assert(test=test):
            return (test,)
        case ir.Boolean(values=values):
            return values
        case ir.Unary(operator="not", operand=operand):
            return (operand,)
        case ir.Comparison(left=left, rights=rights):
            return (left, *rights) if any(_is_none(part) for part in (left, *rights)) else ()
        case ir.Call(function=ir.Name(id="isinstance"), arguments=(first, *_)):
            return (first,)
        case ir.Match(subject=subject):
            return (subject,)
        case _:
            return ()


def _is_none(node: ir.Expr) -> bool:
    return isinstance(node, ir.Constant) and node.value is None and not node.kind
