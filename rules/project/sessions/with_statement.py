"""The edit that puts a session's whole use into a `with`: `with Session(engine) as s: yield s`."""

from __future__ import annotations

import io
import tokenize

from rules.evaluation.modules import ModuleInfo
from rules.finding import Edit
from rules.ir import nodes as ir
from rules.ir.walk import walk
from rules.project.call_frames import covers
from rules.project.sessions.session_values import Mode
from rules.project.sessions.unclosed import Leak, Unclosed

_INDENT = "    "
_CLOSING = frozenset({"close", "aclose"})


def into_with(found: Unclosed) -> tuple[Edit, ...]:
    """The edit of the dependency's body; none where its shape is another, or `async with` cannot stand."""
    function, module = found.function, found.site.module
    if function is None or found.leak is Leak.GLOBAL:
        return ()
    if found.mode is Mode.ASYNC and not function.is_async:
        return ()
    body = module.source.module.body(function)
    return _assigned(module, body, found) or _at_once(module, body, found)


def _assigned(module: ModuleInfo, body: tuple[ir.Stmt, ...], found: Unclosed) -> tuple[Edit, ...]:
    """`s = Session(engine)`, then the rest of the body."""
    for position, statement in enumerate(body):
        if not isinstance(statement, ir.Assign | ir.AnnotatedAssign) or statement.value is None:
            continue
        targets = statement.targets if isinstance(statement, ir.Assign) else (statement.target,)
        rest = body[position + 1 :]
        target = targets[0]
        if len(targets) != 1 or not isinstance(target, ir.Name) or not _gives(found.site.node, target.id):
            continue
        if not any(covers(later, found.site.node) for later in rest) or _rebinds(rest, target.id):
            return ()
        head = f"{_with(found)} {module.source.segment(statement.value)} as {target.id}:"
        return _rewritten(module, statement, rest, head, target.id)
    return ()


def _at_once(module: ModuleInfo, body: tuple[ir.Stmt, ...], found: Unclosed) -> tuple[Edit, ...]:
    """`return Session(engine)` or `yield Session(engine)` as the last statement."""
    last, node = body[-1] if body else None, found.site.node
    if last is None or not covers(last, node) or not isinstance(node, ir.Return | ir.Yield):
        return ()
    if (
        _shares_lines(module, body)
        or not isinstance(last, ir.Return | ir.Evaluate)
        or not isinstance(node.value, ir.Call)
    ):
        return ()
    indent = _indent_of(module, last)
    head = f"{indent}{_with(found)} {module.source.segment(node.value)} as session:\n"
    return (Edit(module.path, last.line, last.end_line, f"{head}{indent}{_INDENT}yield session\n"),)


def _with(found: Unclosed) -> str:
    return "async with" if found.mode is Mode.ASYNC else "with"


def _gives(node: ir.Node, name: str) -> bool:
    value = node.value if isinstance(node, ir.Yield | ir.Return) else None
    return isinstance(value, ir.Name) and value.id == name


def _rebinds(rest: tuple[ir.Stmt, ...], name: str) -> bool:
    return any(
        isinstance(target, ir.Name) and target.id == name
        for node in walk(rest)
        if isinstance(node, ir.Assign)
        for target in node.targets
    )


def _rewritten(
    module: ModuleInfo, first: ir.Stmt, rest: tuple[ir.Stmt, ...], head: str, name: str
) -> tuple[Edit, ...]:
    if _shares_lines(module, (first, *rest)):
        return ()
    kept = [statement for statement in rest if not _closes(statement, name)]
    lines = module.source.lines[first.end_line : kept[-1].end_line]
    if "\n" in head or _spans_text(lines) or any(line and not line[0].isspace() for line in lines):
        return ()
    indent = _indent_of(module, first)
    moved = "".join(f"{_INDENT}{line}\n" if line.strip() else "\n" for line in lines)
    if len(kept) == len(rest):
        moved = moved.replace(f"return {name}\n", f"yield {name}\n")
    elif kept != list(rest[: len(kept)]):
        return ()
    moved = moved.replace(f"return {name}\n", f"yield {name}\n")
    return (Edit(module.path, first.line, rest[-1].end_line, f"{indent}{head}\n{moved}"),)


def _shares_lines(module: ModuleInfo, suite: tuple[ir.Stmt, ...]) -> bool:
    """Whether several statements, or the `def`, stand on one line."""
    starts = [statement.line for statement in suite]
    ends = [statement.end_line for statement in suite]
    alone = not module.source.lines[suite[0].line - 1][: suite[0].column].strip()
    return not alone or any(end >= start for end, start in zip(ends, starts[1:], strict=False))


def _closes(statement: ir.Stmt, name: str) -> bool:
    """`session.close()` as a statement of its own."""
    call = statement.value if isinstance(statement, ir.Evaluate) else None
    call = call.value if isinstance(call, ir.Await) else call
    return (
        isinstance(call, ir.Call)
        and isinstance(call.function, ir.Attribute)
        and call.function.name in _CLOSING
        and isinstance(call.function.value, ir.Name)
        and call.function.value.id == name
    )


def _indent_of(module: ModuleInfo, statement: ir.Stmt) -> str:
    line = module.source.lines[statement.line - 1]
    return line[: len(line) - len(line.lstrip())]


def _spans_text(lines: list[str]) -> bool:
    """Whether a string goes over several lines, which indenting would change."""
    try:
        text = "".join(f"{line.lstrip() if n == 0 else line}\n" for n, line in enumerate(lines))
        tokens = list(tokenize.generate_tokens(io.StringIO(f"if 1:\n    {text}").readline))
    except (tokenize.TokenError, IndentationError, SyntaxError):
        return True
    return any(token.type == tokenize.STRING and token.start[0] != token.end[0] for token in tokens)
