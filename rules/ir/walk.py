"""Every node below a node."""

from __future__ import annotations

from collections.abc import Iterator

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
            pending.extend(getattr(node, name) for name in node.__struct_fields__)
