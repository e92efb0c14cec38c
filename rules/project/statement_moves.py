"""Edits that move a whole statement before or after another one of the same suite."""

from __future__ import annotations

from collections.abc import Iterator

from rules.evaluation.modules import ModuleInfo
from rules.finding import Edit
from rules.ir import nodes as ir
from rules.ir.walk import walk

Suite = tuple[ir.Stmt, ...]


def suite_with(module: ModuleInfo, first: ir.Node, second: ir.Node) -> tuple[Suite, int, int] | None:
    """The suite in which both nodes stand in different statements, and where; None where there is none."""
    for suite in _suites(module):
        one, other = _index(suite, first), _index(suite, second)
        if one is not None and other is not None and one != other:
            return suite, one, other
    return None


def _suites(module: ModuleInfo) -> Iterator[Suite]:
    pending: list[Suite] = [module.source.module.statements]
    while pending:
        suite = pending.pop()
        yield suite
        for statement in suite:
            if isinstance(statement, ir.Function):
                pending.append(module.source.module.body(statement))
            elif isinstance(statement, ir.Class | ir.With):
                pending.append(statement.body)
            elif isinstance(statement, ir.If):
                pending.extend((statement.body, statement.otherwise))


def _index(suite: Suite, node: ir.Node) -> int | None:
    for position, statement in enumerate(suite):
        if first_line(statement) <= node.line and node.end_line <= statement.end_line:
            return position
    return None


def first_line(statement: ir.Stmt) -> int:
    """Where a statement begins, its decorators included."""
    decorators = statement.decorators if isinstance(statement, ir.Function | ir.Class) else ()
    return min([statement.line, *(d.line for d in decorators)])


def can_pass(moved: ir.Stmt, passed: Suite) -> bool:
    """Whether a statement may change places with others: none binds a name that it uses when executed."""
    names = _read(moved)
    return not any(names & set(bound_names(statement)) for statement in passed)


def _read(statement: ir.Stmt) -> set[str]:
    return {node.id for node in walk(statement) if isinstance(node, ir.Name)}


def bound_names(statement: ir.Stmt) -> Iterator[str]:
    """The names that a statement binds, those inside it too."""
    for node in walk(statement):
        match node:
            case ir.Function(name=name) | ir.Class(name=name):
                yield name
            case ir.Assign(targets=targets):
                for target in targets:
                    yield from (n.id for n in walk(target) if isinstance(n, ir.Name))
            case ir.AnnotatedAssign(target=ir.Name(id=name)) | ir.AugmentedAssign(target=ir.Name(id=name)):
                yield name
            case ir.Alias(name=name, bound=bound):
                yield bound or name.partition(".")[0]
            case _:
                pass


def move(module: ModuleInfo, suite: Suite, source: int, target: int) -> tuple[Edit, ...]:
    """Edits that put the statement at `source` before (or, moving down, after) the one at `target`."""
    moved, other = suite[source], suite[target]
    lines = module.source.lines
    start, end = first_line(moved), moved.end_line
    if _shares_line(suite, source) or _shares_line(suite, target):
        return ()
    text = "".join(line + "\n" for line in lines[start - 1 : end])
    removed = Edit(module.path, start, end, "")
    if source > target:
        gap = "\n\n" if isinstance(moved, ir.Function | ir.Class) else ""
        before = lines[first_line(other) - 1] + "\n"
        return Edit(module.path, first_line(other), first_line(other), text + gap + before), removed
    after = lines[other.end_line - 1] + "\n"
    gap = "\n\n" if isinstance(other, ir.Function | ir.Class) else ""
    return removed, Edit(module.path, other.end_line, other.end_line, after + gap + text)


def _shares_line(suite: Suite, position: int) -> bool:
    statement = suite[position]
    neighbours = suite[max(position - 1, 0) : position] + suite[position + 1 : position + 2]
    return any(
        n.end_line >= first_line(statement) and first_line(n) <= statement.end_line for n in neighbours
    )
