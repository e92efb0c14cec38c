"""Names that a module has where a function of it stands, and imports that bring the missing ones."""

from __future__ import annotations

import ast
import builtins

from rules.evaluation.modules import ModuleInfo
from rules.finding import Edit
from rules.ir import nodes as ir
from rules.project.statement_moves import bound_names, first_line
from rules.source import SourceFile


def names_of(text: str) -> set[str]:
    """The names that an expression reads, builtins left out."""
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError):
        return set()
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} - set(dir(builtins))


def bound_before(module: ModuleInfo, node: ir.Node) -> set[str]:
    """The names that a module has bound when it comes to a definition."""
    statements = [s for s in module.source.module.statements if first_line(s) < node.line]
    return {name for statement in statements for name in bound_names(statement)}


def imports_from(module: ModuleInfo, other: ModuleInfo, names: set[str]) -> tuple[Edit, ...] | None:
    """The edits that import into `module` what `other` imports by those names; None where it does not."""
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        package = next((s.module for s in _imports(other.source) if _brings(s, name)), None)
        if package is None or package == module.dotted:
            return None
        found.setdefault(package, []).append(name)
    if len(found) > 1:
        return None
    return tuple(
        edit for package, wanted in found.items() for edit in _import(module.source, package, wanted)
    )


def _imports(source: SourceFile) -> list[ir.ImportFrom]:
    return [s for s in source.module.statements if isinstance(s, ir.ImportFrom)]


def _brings(statement: ir.ImportFrom, name: str) -> bool:
    return statement.level == 0 and any(a.name == name and a.bound in {None, name} for a in statement.names)


def _import(source: SourceFile, package: str, names: list[str]) -> tuple[Edit, ...]:
    for statement in _imports(source):
        line = source.lines[statement.line - 1]
        plain = statement.line == statement.end_line and not any(c in line for c in "(#;\\*")
        if statement.module == package and statement.level == 0 and plain:
            present = [f"{a.name} as {a.bound}" if a.bound else a.name for a in statement.names]
            together = [*present, *names]
            together = sorted(together) if present == sorted(present) else together
            text = f"from {package} import {', '.join(together)}\n"
            return (Edit(source.path, statement.line, statement.line, text),)
    later = [
        s
        for s in source.module.statements
        if isinstance(s, ir.Import) or (isinstance(s, ir.ImportFrom) and s.module != "__future__")
    ]
    if not later:
        return ()
    number = later[-1].end_line
    text = f"{source.lines[number - 1]}\nfrom {package} import {', '.join(names)}\n"
    return (Edit(source.path, number, number, text),)
