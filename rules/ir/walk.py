"""Every node below a node."""

from __future__ import annotations

import functools
from collections.abc import Iterator
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
            for name in _fields(type(node)):
                child = getattr(node, name)
                if child:
                    pending.append(child)


@functools.cache
def _fields(node: type[ir.Node]) -> tuple[str, ...]:
    """The fields of a kind of node that hold nodes; most fields are names and positions."""
    return tuple(field.name for field in msgspec.structs.fields(node) if _holds_nodes(field.type))


def _holds_nodes(kind: object) -> bool:
    if isinstance(kind, type) and issubclass(kind, ir.Node):
        return True
    return any(_holds_nodes(part) for part in get_args(kind))
