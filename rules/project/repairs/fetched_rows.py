"""A check of the owner behind the fetch of a row: in the test for its absence, or as one of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.evaluation.values import External, Member, Origin, Value, alternatives
from rules.finding import Edit
from rules.ir import nodes as ir
from rules.project.call_frames import covers
from rules.project.isolation.accesses import Access
from rules.project.isolation.inspection import Inspection
from rules.project.isolation.isolation import Isolation
from rules.project.repairs.caller_names import Handler
from rules.project.repairs.insertions import after, inserted
from rules.project.repairs.owner_clauses import model_name
from rules.source import SourceFile

Suite = tuple[ir.Stmt, ...]
_TAKEN = re.compile(r"\w+\.(scalars\(\)\.(first|one|one_or_none)|scalar_one|scalar_one_or_none|scalar)\(\)$")


def owner_check(
    isolation: Isolation, inspection: Inspection, access: Access, handler: Handler, attribute: str, key: str
) -> tuple[Edit, ...]:
    """The edits that refuse a row whose `attribute` is not `key` as if it were not there; none if unfit."""
    found = _fetch(isolation, inspection, access, handler)
    if found is None:
        return ()
    suite, position, name = found
    source = handler.value.module.source
    following = suite[position + 1] if position + 1 < len(suite) else None
    if isinstance(following, ir.If) and _tests_absence(following, name):
        clause = f" or {name}.{attribute} != {key}"
        return inserted(source, [after(source.place(following.test), clause)])
    refusal = _exception(isolation, handler)
    if not refusal or inspection.route.is_websocket:
        return ()
    test = f"{name}.{attribute} != {key}"
    test = test if access.query.certain else f"{name} is None or {test}"
    return _check_behind(source, suite[position], test, refusal, access.table.model_name)


def _fetch(
    isolation: Isolation, inspection: Inspection, access: Access, handler: Handler
) -> tuple[Suite, int, str] | None:
    """Where the handler puts the row into a variable: the suite, the statement in it, the variable."""
    site = _site(inspection, access, handler)
    if site is None or not _selects_rows(isolation, access):
        return None
    own = site is access.query.effect.origin
    for suite in _suites(handler.value.module.source.module.body(handler.function)):
        for position, statement in enumerate(suite):
            name, call = _assigned(statement)
            if call is None or not covers(statement, site.node):
                continue
            if not own or _gives_one(handler, call):
                return (suite, position, name) if own or covers(site.node, call) else None
            return _taken_from(handler, suite, position + 1, name)
    return None


def _taken_from(handler: Handler, suite: Suite, position: int, result: str) -> tuple[Suite, int, str] | None:
    """`row = result.scalar_one_or_none()` right behind `result = session.execute(…)`."""
    if position >= len(suite):
        return None
    name, call = _assigned(suite[position])
    if call is None or not _TAKEN.match(handler.value.module.source.segment(call)):
        return None
    root = handler.value.module.source.segment(call).partition(".")[0]
    return (suite, position, name) if root == result else None


def _gives_one(handler: Handler, call: ir.Call) -> bool:
    """Whether a call's result is an instance of the model, and no cursor or tuple."""
    last = call.function.name if isinstance(call.function, ir.Attribute) else ""
    text = handler.value.module.source.segment(call)
    if last in {"get", "get_one"}:
        return True
    bare = ".execute(" in text and ".scalar" not in text
    return not bare and last in {"first", "one", "one_or_none", "scalar", "scalar_one", "scalar_one_or_none"}


def _selects_rows(isolation: Isolation, access: Access) -> bool:
    """Whether whole rows of the table are selected, and no columns or tuples."""
    root = access.variant.statement.root
    if root is access.query.effect.origin or not isinstance(root.node, ir.Call):
        return True
    texts = [root.module.source.segment(argument) for argument in root.node.arguments]
    return texts == [model_name(isolation, root, access.table)]


def _site(inspection: Inspection, access: Access, handler: Handler) -> Origin | None:
    """The fetch in the handler itself, or the handler's call that gives the row."""
    query = access.query
    if query.kind != "row" or query.position < inspection.run.log.handler:
        return None
    if query.effect.origin.module is handler.value.module and covers(
        handler.function, query.effect.origin.node
    ):
        return query.effect.origin
    calls = query.effect.stack[1:]
    if not calls or calls[0].module is not handler.value.module:
        return None
    gives = any(
        effect.kind == "return"
        and len(effect.stack) == 2
        and effect.stack[1].node is calls[0].node
        and _is_row(inspection, access, effect.value)
        for effect in inspection.run.log.effects[inspection.run.log.handler :]
    )
    return calls[0] if gives else None


def _is_row(inspection: Inspection, access: Access, value: Value) -> bool:
    """Whether a value is the row itself and no attribute of it."""
    return any(
        inspection.guards.source(a.value) is access.query and not isinstance(a.value, Member)
        for a in alternatives(value)
    )


def _suites(suite: Suite) -> Iterator[Suite]:
    """Inner suites before outer ones."""
    for statement in suite:
        match statement:
            case ir.If() | ir.For() | ir.While():
                yield from (*_suites(statement.body), *_suites(statement.otherwise))
            case ir.With():
                yield from _suites(statement.body)
            case ir.Try():
                yield from (*_suites(statement.body), *_suites(statement.otherwise))
            case _:
                pass
    yield suite


def _assigned(statement: ir.Stmt) -> tuple[str, ir.Call | None]:
    """The one variable that gets the result of a call, and the call."""
    if isinstance(statement, ir.Assign) and len(statement.targets) == 1:
        target, value = statement.targets[0], statement.value
    elif isinstance(statement, ir.AnnotatedAssign) and statement.value is not None:
        target, value = statement.target, statement.value
    else:
        return "", None
    inner = value.value if isinstance(value, ir.Await) else value
    if isinstance(target, ir.Name) and isinstance(inner, ir.Call):
        return target.id, inner
    return "", None


def _tests_absence(statement: ir.If, name: str) -> bool:
    """`if not row: raise …`, alone or as the first of several reasons."""
    test = statement.test
    if isinstance(test, ir.Boolean) and test.operator == "or":
        test = test.values[0]
    ends = bool(statement.body) and isinstance(statement.body[-1], ir.Raise)
    match test:
        case ir.Unary(operator="not", operand=ir.Name(id=tested)):
            return ends and tested == name
        case ir.Comparison(
            left=ir.Name(id=tested), operators=("is",), rights=(ir.Constant(value=None, kind=""),)
        ):
            return ends and tested == name
        case _:
            return False


def _exception(isolation: Isolation, handler: Handler) -> str:
    """How the module names FastAPI's `HTTPException`; empty where it does not."""
    bindings = isolation.machine.scope(handler.value.module).bindings
    known = {"fastapi.HTTPException", "fastapi.exceptions.HTTPException"}
    return next((n for n, v in bindings.items() if isinstance(v, External) and v.name in known), "")


def _check_behind(
    source: SourceFile, statement: ir.Stmt, test: str, refusal: str, model: str
) -> tuple[Edit, ...]:
    first, last = source.lines[statement.line - 1], source.lines[statement.end_line - 1]
    indent = first[: len(first) - len(first.lstrip())]
    if source.place(statement).column - 1 != len(indent) or "\t" in indent:
        return ()
    raised = f'raise {refusal}(status_code=404, detail="{model} not found")'
    text = f"{last}\n{indent}if {test}:\n{indent}    {raised}\n"
    return (Edit(source.path, statement.end_line, statement.end_line, text),)
