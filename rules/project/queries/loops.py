"""The loops in which an effect happens: what they go over, and the call in their body that leads there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import (
    Application,
    Arguments,
    Condition,
    Effect,
    External,
    Item,
    Origin,
    Symbol,
    Value,
)
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.call_frames import Frame, covers
from rules.project.isolation.terms import argument_values
from rules.project.isolation.terms import walk as walk_term

_AROUND = frozenset({"enumerate", "sorted", "reversed", "list", "tuple", "set", "zip", "iter", "tqdm"})


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """A loop over something that only the request knows: `iterable`, and the `site` inside its body.

    `tolerant` where each pass has a `try` of its own around the site, `once` where what follows the site
    leaves the loop.
    """

    iterable: Value
    site: Origin
    tolerant: bool = False
    once: bool = False


def loops(effect: Effect, chain: list[Frame]) -> Iterator[Loop]:
    """The loops around an effect: `for` statements by what is assumed, comprehensions by their spans."""
    for condition in effect.conditions:
        if is_each(condition) and isinstance(condition.test, Symbol):
            iterable = condition.test.annotation
            found = _site_within(condition.origin, chain)
            if iterable is not None and found is not None:
                statement, site = found
                yield Loop(iterable, site, _is_tried(statement, site), _is_left(statement.body, site))
    for frame in chain:
        generators = [id(g) for g in _around(frame)]
        if generators:
            yield from _by_item(effect, generators, frame)


def is_each(condition: Condition) -> bool:
    """Whether a condition says that a loop's body runs."""
    return isinstance(condition.test, Symbol) and condition.test.role == "each"


def _is_left(suite: tuple[ir.Stmt, ...], site: Origin) -> bool:
    """Whether a suite around the site ends by leaving the loop, so that it is reached at most once."""
    last = suite[-1] if suite else None
    if isinstance(last, ir.Return | ir.Raise) or (isinstance(last, ir.Jump) and last.kind == "break"):
        return True
    holder = next((s for s in suite if covers(s, site.node)), None)
    return any(
        any(covers(inner, site.node) for inner in below) and _is_left(below, site)
        for below in _suites(holder)
    )


def _suites(statement: ir.Stmt | None) -> tuple[tuple[ir.Stmt, ...], ...]:
    """The suites of a statement, but for those of loops, which have a way out of their own."""
    match statement:
        case ir.If(body=body, otherwise=otherwise):
            return body, otherwise
        case ir.With(body=body):
            return (body,)
        case ir.Try(body=body, otherwise=otherwise, final=final):
            return body, otherwise, final
        case _:
            return ()


def _is_tried(loop: ir.For, site: Origin) -> bool:
    return any(
        isinstance(node, ir.Try) and node.handlers and any(covers(inner, site.node) for inner in node.body)
        for node in walk(loop.body)
    )


def _site_within(iterable: Origin, chain: list[Frame]) -> tuple[ir.For, Origin] | None:
    """The loop over `iterable`, and the first call on the way that stands in its body."""
    for frame in chain:
        if frame.module is not iterable.module or not covers(frame.function, iterable.node):
            continue
        for node in frame.nodes():
            if isinstance(node, ir.For) and node.iterable is iterable.node:
                inside = any(covers(statement, frame.site.node) for statement in node.body)
                return (node, frame.site) if inside else None
    return None


def _around(frame: Frame) -> Iterator[ir.Generator]:
    """The `for` parts of the comprehensions whose element holds the frame's call."""
    site = frame.site.node
    for node in frame.nodes():
        if not isinstance(node, ir.Comprehension) or not covers(node, site):
            continue
        if covers(node.element, site) or (node.value is not None and covers(node.value, site)):
            yield from node.generators


def _by_item(effect: Effect, generators: list[int], frame: Frame) -> Iterator[Loop]:
    """What the comprehensions go over, as far as the call mentions their variables."""
    call = effect.value
    arguments = call.arguments if isinstance(call, Application) else Arguments()
    for argument in argument_values(arguments):
        for node in walk_term(argument):
            if isinstance(node, Item) and node.key is None and id(node.origin.node) in generators:
                yield Loop(node.of, frame.site)
                return


def inner_iterables(iterable: Value) -> Iterator[Value]:
    """What is gone over inside `enumerate(…)`, `sorted(…)` and the like."""
    yield iterable
    if (
        isinstance(iterable, Application)
        and isinstance(iterable.function, External)
        and iterable.function.name.rpartition(".")[2] in _AROUND
    ):
        yield from iterable.arguments.positional
