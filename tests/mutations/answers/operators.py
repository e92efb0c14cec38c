"""Faults of methods, statuses, parameters, order, None checks, errors and response models.

Fixed before any rule was run on their mutants. An operator changes one function of the syntax tree; the
module is then written anew, so comments and layout go, which no rule reads.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.mutations.answers.shapes import (
    WRITING,
    Function,
    bodies,
    exchange_status,
    functions,
    is_lookup,
    is_no_data,
    keyword,
    own_path,
    reaches,
    registration,
    suites,
    without_keyword,
)

Change = Callable[[Function], bool]
"""Changes a function in place; False where the operator does not apply to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """A tree with one fault in `function` of `path`, which `rule` must find."""

    rule: str
    operator: str
    path: str
    function: str
    tree: dict[str, str]

    @property
    def title(self) -> str:
        return f"{self.rule} {self.operator} at {self.path} {self.function}"


def mutations(tree: Mapping[str, str]) -> Iterator[Mutation]:
    """Every mutation of a tree that an operator allows."""
    texts = bodies(tree)
    for path, text in tree.items():
        for position, function in enumerate(functions(ast.parse(text))):
            writes = reaches(texts, function, WRITING)
            for rule, name, change, only_writing in OPERATORS:
                if only_writing and not writes:
                    continue
                for number in range(9):
                    changed = ast.parse(text)
                    mutant = list(functions(changed))[position]
                    if not _apply(change, mutant, number):
                        break
                    tree_now = {**tree, path: ast.unparse(changed)}
                    yield Mutation(rule=rule, operator=name, path=path, function=function.name, tree=tree_now)
        yield from _reordered(tree, path, text)


def _apply(change: Callable[..., bool], function: Function, number: int) -> bool:
    if change in _REPEATED:
        return change(function, number)
    return number == 0 and change(function)


def _reordered(tree: Mapping[str, str], path: str, text: str) -> Iterator[Mutation]:
    """A route with a fixed path moved behind the one whose parameter matches it."""
    body = ast.parse(text).body
    functions_at = [(n, s, own_path(s)) for n, s in enumerate(body) if isinstance(s, Function)]
    routes = [(n, function, own) for n, function, own in functions_at if own is not None]
    for first, fixed, (router, method, own) in routes:
        for second, _, (other_router, other_method, other) in routes:
            same = (router, method) == (other_router, other_method)
            if same and second > first and _matches(other, own):
                module = ast.parse(text)
                module.body.insert(second, module.body.pop(first))
                changed = {**tree, path: ast.unparse(module)}
                yield Mutation(
                    rule="BA204", operator="moved behind", path=path, function=fixed.name, tree=changed
                )


def _matches(template: str, path: str) -> bool:
    """Whether a template with parameters takes a path without any."""
    left, right = template.strip("/").split("/"), path.strip("/").split("/")
    if "{" in path or "{" not in template or len(left) != len(right) or not all(right):
        return False
    return all(a == b or a.startswith("{") for a, b in zip(left, right, strict=True))


def _method_becomes_get(function: Function) -> bool:
    found = registration(function)
    if found is None or found.method == "get":
        return False
    found.attribute.attr = "get"
    return True


def _status_removed(function: Function) -> bool:
    found = registration(function)
    return (
        found is not None and found.method == "post" and without_keyword(found.call, "status_code", ("201",))
    )


def _status_becomes_ok(function: Function) -> bool:
    found = registration(function)
    if found is None or found.method != "post" or not without_keyword(found.call, "status_code", ("201",)):
        return False
    found.call.keywords.append(ast.keyword("status_code", ast.Constant(200)))
    return True


def _get_says_created(function: Function) -> bool:
    found = registration(function)
    if found is None or found.method != "get" or keyword(found.call, "status_code") is not None:
        return False
    found.call.keywords.append(ast.keyword("status_code", ast.Constant(201)))
    return True


def _empty_says_ok(function: Function) -> bool:
    found = registration(function)
    return (
        found is not None
        and found.method == "delete"
        and without_keyword(found.call, "status_code", ("204",))
    )


def _body_without_content(function: Function) -> bool:
    found = registration(function)
    given = keyword(found.call, "status_code") if found is not None else None
    if given is None or "204" not in ast.unparse(given):
        return False
    function.body = [s for s in function.body if not isinstance(s, ast.Return)]
    function.body.append(ast.parse("return {'done': True}").body[0])
    return True


def _parameter_renamed(function: Function) -> bool:
    found = registration(function)
    if found is None or not isinstance(found.call.args[0], ast.Constant):
        return False
    path = str(found.call.args[0].value)
    start, end = path.rfind("{"), path.rfind("}")
    if start < 0:
        return False
    found.call.args[0] = ast.Constant(f"{path[:start]}{{chosen}}{path[end + 1 :]}")
    return True


def _model_removed(function: Function) -> bool:
    found = registration(function)
    model = keyword(found.call, "response_model") if found is not None else None
    returns = function.returns
    if found is None or not any(isinstance(n, ast.Return) and n.value for n in ast.walk(function)):
        return False
    if model is None and (returns is None or is_no_data(returns)):
        return False
    without_keyword(found.call, "response_model")
    function.returns = None
    return True


def _check_removed(function: Function, number: int) -> bool:
    """`if row is None: raise` taken away where the row was looked up in the same function."""
    found = [
        (suite, statement)
        for suite in suites(function)
        for statement in suite
        if isinstance(statement, ast.If) and _refuses_absence(function, statement)
    ]
    if number >= len(found):
        return False
    suite, statement = found[number]
    if isinstance(statement.test, ast.BoolOp):
        rest = statement.test.values[1:]
        statement.test = rest[0] if len(rest) == 1 else ast.BoolOp(statement.test.op, rest)
    else:
        suite.remove(statement)
    return True


def _refuses_absence(function: Function, statement: ast.If) -> bool:
    test = statement.test
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        test = test.values[0]
    if statement.orelse or len(statement.body) != 1 or not isinstance(statement.body[0], ast.Raise):
        return False
    text = ast.unparse(test)
    return any(
        text in (f"{name} is None", f"not {name}")
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and is_lookup(node.value) and isinstance(node.targets[0], ast.Name)
        for name in (node.targets[0].id,)
    )


def _error_returned(function: Function, number: int) -> bool:
    return _instead_of_raise(function, number, lambda error: error)


def _error_as_tuple(function: Function, number: int) -> bool:
    return _instead_of_raise(
        function, number, lambda _: ast.parse("({'error': 'this failed'}, 404)", mode="eval").body
    )


def _instead_of_raise(function: Function, number: int, made: Callable[[ast.expr], ast.expr]) -> bool:
    if registration(function) is None:
        return False
    found = [
        (suite, position, statement.exc)
        for suite in suites(function)
        for position, statement in enumerate(suite)
        if isinstance(statement, ast.Raise) and _is_http(statement.exc)
    ]
    if number >= len(found):
        return False
    suite, position, error = found[number]
    assert error is not None
    suite[position] = ast.Return(made(error))
    return True


def _is_http(error: ast.expr | None) -> bool:
    return isinstance(error, ast.Call) and ast.unparse(error.func) == "HTTPException"


def _forbidden_for_token(function: Function, number: int) -> bool:
    """403 where a token could not be decoded."""
    if registration(function) is not None or "decode(" not in ast.unparse(function):
        return False
    handlers = [n for n in ast.walk(function) if isinstance(n, ast.ExceptHandler)]
    return number < len(handlers) and exchange_status(handlers[number].body[-1], "401", 403)


def _unauthorized_for_right(function: Function, number: int) -> bool:
    """401 where the caller lacks a role, or the row is somebody else's."""
    found = [
        node.body[-1]
        for node in ast.walk(function)
        if isinstance(node, ast.If)
        and any(word in ast.unparse(node.test) for word in ("super", "admin", "role", "owner_id"))
    ]
    return number < len(found) and exchange_status(found[number], "403", 401)


_REPEATED = (
    _check_removed,
    _error_returned,
    _error_as_tuple,
    _forbidden_for_token,
    _unauthorized_for_right,
)
OPERATORS: tuple[tuple[str, str, Callable[..., bool], bool], ...] = (
    ("BA201", "method becomes GET", _method_becomes_get, True),
    ("BA203", "parameter renamed in the path", _parameter_renamed, False),
    ("BA207", "response model removed", _model_removed, False),
    ("BA209", "201 removed", _status_removed, True),
    ("BA209", "201 becomes 200", _status_becomes_ok, True),
    ("BA209", "201 on a GET", _get_says_created, False),
    ("BA209", "204 removed", _empty_says_ok, False),
    ("BA209", "403 for an invalid token", _forbidden_for_token, False),
    ("BA209", "401 for a missing right", _unauthorized_for_right, False),
    ("BA210", "body under 204", _body_without_content, False),
    ("BA211", "error returned", _error_returned, False),
    ("BA211", "error as a tuple", _error_as_tuple, False),
    ("BA212", "None check removed", _check_removed, False),
)
"""Rule, name, change, and whether it applies only to functions that add, change or delete rows."""

RULES = frozenset({"BA204", *(rule for rule, *_ in OPERATORS)})
