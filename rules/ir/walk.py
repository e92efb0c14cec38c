"""Every node below a node."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterator
from typing import get_args

import msgspec

from rules.ir import nodes as ir


def walk(root: ir.Node | tuple[ir.Node, ...]) -> Iterator[ir.Node]:
    """The nodes in and below `root`, without the bodies of functions, which modules keep apart."""
    pending: list[object] = list(root) if isinstance(root, tuple) else [root]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending.extend(node)
        elif isinstance(node, ir.Node):
            yield node
            pending.extend(child for child in _read(type(node))(node) if child)


@functools.cache
def _read(node: type[ir.Node]) -> Callable[[ir.Node], tuple[object, ...]]:
    """What gives the values of those fields."""
    match _fields(node):
        case ():
            return lambda _: ()
        case (name,):
            read = operator.attrgetter(name)
            return lambda node: (read(node),)
        case names:
            return operator.attrgetter(*names)


@functools.cache
def _fields(node: type[ir.Node]) -> tuple[str, ...]:
    """The fields of a kind of node that hold nodes; most fields are names and positions."""
    return tuple(field.name for field in msgspec.structs.fields(node) if _holds_nodes(field.type))


def _holds_nodes(kind: object) -> bool:
    if isinstance(kind, type) and issubclass(kind, ir.Node):
        return True
    return any(_holds_nodes(part) for part in get_args(kind))
