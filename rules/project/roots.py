"""Which modules to execute so that every application and router of the project comes into being."""

from __future__ import annotations

from collections.abc import Iterable

from rules.evaluation.machine import Machine
from rules.evaluation.modules import ModuleInfo
from rules.ir import nodes as ir

_MARKS = (b"FastAPI", b"APIRouter", b"Starlette", b"Router")
_CREATING = (b"FastAPI(", b"Starlette(", b"FastAPI)")
_MAX_ROUNDS = 30


def creates_applications(module: ModuleInfo) -> bool:
    """Whether a module's text could call an application's class, or derive from it."""
    return any(mark in module.source.data for mark in _CREATING)


def root_modules(machine: Machine, modules: Iterable[ModuleInfo]) -> list[ModuleInfo]:
    """Modules that name FastAPI's classes, and those that import a module that makes applications."""
    candidates = list(modules)
    roots = {m.path: m for m in candidates if any(mark in m.source.data for mark in _MARKS)}
    reached = {path for path, m in roots.items() if creates_applications(m)}
    imports = {m.path: _imported_paths(machine, m) for m in candidates}
    for _ in range(_MAX_ROUNDS):
        new = {path for path, targets in imports.items() if path not in reached and targets & reached}
        if not new:
            break
        reached |= new
    for module in candidates:
        if module.path in reached:
            roots[module.path] = module
    return sorted(roots.values(), key=lambda m: (not creates_applications(m), m.path.count("/"), m.path))


def _imported_paths(machine: Machine, module: ModuleInfo) -> set[str]:
    found: set[str] = set()
    for statement in module.source.module.statements:
        if isinstance(statement, ir.ImportFrom):
            found |= _from(machine, module, statement)
        elif isinstance(statement, ir.Import):
            for alias in statement.names:
                resolved = machine.index.absolute(module.path, alias.name)
                if resolved is not None and isinstance(resolved.target, ModuleInfo):
                    found.add(resolved.target.path)
    return found


def _from(machine: Machine, module: ModuleInfo, statement: ir.ImportFrom) -> set[str]:
    index = machine.index
    if statement.level:
        target = index.relative(module, statement.level, statement.module)
    else:
        resolved = index.absolute(module.path, statement.module)
        target = resolved.target if resolved is not None else None
    if target is None:
        return set()
    found = {target.path} if isinstance(target, ModuleInfo) else set()
    for alias in statement.names:
        child = index.submodule(target, alias.name) if alias.name != "*" else None
        if isinstance(child, ModuleInfo):
            found.add(child.path)
    return found
