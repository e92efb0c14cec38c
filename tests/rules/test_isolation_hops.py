"""Each hop carries an isolation finding: without what stands on its line that goes or is less sure."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from rules import NoCache, load_options, review_trusted
from rules.finding import Finding
from rules.registry import discover
from tests.rules.marked import examples

_NAME = re.compile(r"^(?:calls )?`([\w.]+)`(?: authenticates| runs| is named| is declared| does not|$)")
CODES = (*(f"BA{number}" for number in range(301, 312)), "BA328")
APPS = Path(__file__).parents[1] / "apps"
LAYERS = {path.name: path.read_bytes() for path in sorted((APPS / "isolation_layers").glob("*.py"))}


HELD = "does hold"
"""A route that does it right is shown beside the proof and is no part of it."""


def _projects() -> Iterator[tuple[str, dict[str, bytes]]]:
    for registered in discover(("rules.catalog.security",)):
        if registered.code in CODES:
            for example in examples(registered.documentation.sections["Bad"], registered.code):
                yield registered.code, example.tree
    for code in ("BA305", "BA306"):
        yield code, LAYERS


@pytest.mark.parametrize(("code", "tree"), list(_projects()))
def test_without_a_hop_the_finding_goes_or_is_less_sure(code: str, tree: dict[str, bytes]) -> None:
    found = _findings(tree, code)
    assert found
    for finding in found:
        for step in finding.trail:
            text = tree[step.path].decode()
            less = {**tree, step.path: without(text, step.line).encode()}
            stayed = [
                other
                for other in _findings(less, code)
                if (other.path, other.message) == (finding.path, finding.message)
                and other.confidence.rank >= finding.confidence.rank
            ]
            assert HELD in step.note or stayed == [], (step, _line(tree, step.path, step.line))


def test_a_hop_stands_where_its_name_does() -> None:
    named = 0
    for code, tree in _projects():
        for step in (step for finding in _findings(tree, code) for step in finding.trail):
            name = _NAME.search(step.note)
            if name is not None:
                named += 1
                assert name[1] in _line(tree, step.path, step.line), step
    assert named > 10


def _findings(tree: dict[str, bytes], code: str) -> tuple[Finding, ...]:
    options = msgspec.structs.replace(load_options(tree), select=(code,))
    return review_trusted(tree, options, cache=NoCache()).findings


def _line(tree: dict[str, bytes], path: str, line: int) -> str:
    return tree[path].decode().split("\n")[line - 1].strip()


def without(text: str, line: int) -> str:
    """The module without the fact on a line: its decorator, body, value, parameter or statement."""
    tree = _Without(line).visit(ast.parse(text))
    return ast.unparse(ast.fix_missing_locations(tree))


class _Without(ast.NodeTransformer):
    def __init__(self, line: int) -> None:
        self.line = line

    def visit(self, node: ast.AST) -> ast.AST:
        if getattr(node, "lineno", None) != self.line:
            return self.generic_visit(self._undecorated(node))
        changed = self._changed(node)
        return self.generic_visit(node) if changed is None else ast.copy_location(changed, node)

    def _undecorated(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = [d for d in node.decorator_list if d.lineno != self.line]
        return node

    def _changed(self, node: ast.AST) -> ast.AST | None:
        match node:
            case ast.FunctionDef(name=name):
                return ast.Assign([ast.Name(name, ast.Store())], ast.Constant(None))
            case ast.ClassDef(name=name):
                return ast.ClassDef(name, [], [], [ast.Pass()], [])
            case ast.Return(value=None | ast.Constant(value=None)):
                return ast.Raise(ast.Name("Exception", ast.Load()))
            case ast.Return():
                return ast.Return(ast.Constant(None))
            case ast.Assign(targets=[ast.Name()]):
                node.value = ast.Constant(None)
                return node
            case ast.For():
                node.iter = ast.Tuple([], ast.Load())
                return node
            case ast.Assign() | ast.AnnAssign() | ast.Expr() | ast.If() | ast.Raise():
                return ast.Pass()
            case ast.Call():
                return ast.Constant(None)
            case _:
                return None
