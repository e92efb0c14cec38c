"""What a module imports when it is imported itself."""

from __future__ import annotations

from collections.abc import Iterator

from rules.evaluation.modules import ModuleIndex, ModuleInfo
from rules.ir import nodes as ir

_DEPTH = 6


def imports_at_run_time(module: ModuleInfo) -> Iterator[ir.Import | ir.ImportFrom]:
    """The imports that importing the module executes: not those of functions, type checkers and scripts."""
    yield from _at_run_time(module.source.module.statements, 0)


def _at_run_time(suite: tuple[ir.Stmt, ...], depth: int) -> Iterator[ir.Import | ir.ImportFrom]:
    for statement in suite if depth < _DEPTH else ():
        match statement:
            case ir.Import() | ir.ImportFrom():
                yield statement
            case ir.If(test=test, body=body, otherwise=otherwise):
                yield from () if _never_holds(test) else _at_run_time(body, depth + 1)
                yield from _at_run_time(otherwise, depth + 1)
            case ir.Try(body=body, otherwise=otherwise, handlers=handlers):
                for inner in (body, otherwise, *(handler.body for handler in handlers)):
                    yield from _at_run_time(inner, depth + 1)
            case ir.With(body=body):
                yield from _at_run_time(body, depth + 1)
            case _:
                pass


def _never_holds(test: ir.Expr) -> bool:
    """`TYPE_CHECKING` and `__name__ == "__main__"` are false when the module is imported."""
    if isinstance(test, ir.Comparison):
        return isinstance(test.left, ir.Name) and test.left.id == "__name__"
    name = test.name if isinstance(test, ir.Attribute) else test.id if isinstance(test, ir.Name) else ""
    return name == "TYPE_CHECKING"


def imported_modules(
    index: ModuleIndex, module: ModuleInfo, node: ir.Import | ir.ImportFrom
) -> Iterator[ModuleInfo]:
    """The files that a statement names: the module, and submodules among the names."""
    if isinstance(node, ir.Import):
        found = [index.absolute(module.path, alias.name) for alias in node.names]
        yield from (r.target for r in found if r is not None and isinstance(r.target, ModuleInfo))
        return
    if node.level:
        parent = index.relative(module, node.level, node.module)
    else:
        resolved = index.absolute(module.path, node.module)
        parent = None if resolved is None else resolved.target
    if parent is None:
        return
    below = [index.submodule(parent, alias.name) for alias in node.names if alias.name != "*"]
    yield from (child for child in below if isinstance(child, ModuleInfo))
    if isinstance(parent, ModuleInfo) and any(child is None for child in below):
        yield parent
