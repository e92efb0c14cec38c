"""All nodes of a module, functions' bodies included."""

from __future__ import annotations

from collections.abc import Iterator

from rules.evaluation.modules import ModuleInfo
from rules.ir import nodes as ir
from rules.ir.walk import walk


def everything(module: ModuleInfo) -> Iterator[ir.Node]:
    """All nodes of a module, those of functions' bodies too."""
    pending: list[tuple[ir.Stmt, ...]] = [module.source.module.statements]
    while pending:
        for node in walk(pending.pop()):
            yield node
            if isinstance(node, ir.Function):
                pending.append(module.source.module.body(node))
