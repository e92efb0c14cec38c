from __future__ import annotations

import argparse
import ast
import asyncio.base_events
import dataclasses
import json.decoder
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from rules.ir import nodes as ir
from rules.ir.module import Module

FILES = [Path(str(module.__file__)) for module in (argparse, asyncio.base_events, dataclasses, json.decoder)]
GRAMMAR = '''
import a.b as c, d
from ..e import (f as g, h)
x: int = 1; y: "T"
x += y @ z ** -1 // ~2
async def k(a, /, b: int = 1, *c, d=2, **e) -> "R":
    """Says."""
    async with f() as (g, h), i: pass
    async for j in k: break
    else: await l
    return [m async for m in n if m if not m], {o: p for o in q}, {r for s in t}, (u for v in w)
def gen():
    z = yield
    yield from (yield 1)
    global A
    def inner():
        nonlocal z
@dec(1)
class C(B, metaclass=M):
    a, *b = c
    d[1:2, ::3] = e[...]
    del f.g, h[0]
    def m(self): return lambda x, *y, z=1, **w: (x if y else z)
try: raise E from F
except (G, H) as e: assert e, "m"
except* I if 0 else J: continue_ = 1
'''.replace("except* I if 0 else J: continue_ = 1\n", "else: n\nfinally: o\n")
MATCHES = """
match a.b:
    case 1 | "x" | None | c.D: e
    case F(g, h=i) if j: k
    case [l, *m]: n
    case {"o": p, **q}: r
    case _: s
while (t := u()) and not v or w < x <= y is not z not in A: break
else: f"{B!r:>{C}} {D=}"; b"\\xff"; 10**100; 99999999999999999999; 1j; "é"
"""


def _nodes(module: Module) -> Iterator[ir.Node]:
    pending: list[object] = list(module.statements)
    while pending:
        value = pending.pop()
        if isinstance(value, ir.Node):
            yield value
            pending.extend(getattr(value, name) for name in value.__struct_fields__)
        elif isinstance(value, tuple):
            pending.extend(value)
        if isinstance(value, ir.Function):
            pending.extend(module.body(value))


@pytest.mark.parametrize("text", [*(f.read_text(encoding="utf-8") for f in FILES), GRAMMAR, MATCHES])
def test_nothing_that_a_name_says_is_lost(text: str) -> None:
    tree = ast.parse(text)
    module = Module.from_tree(tree, lambda: None)
    named = Counter((n.id, n.lineno, n.col_offset) for n in ast.walk(tree) if isinstance(n, ast.Name))
    found = Counter((n.id, n.line, n.column) for n in _nodes(module) if isinstance(n, ir.Name))
    assert found == named
    called = {
        (n.lineno, n.col_offset, n.end_lineno, n.end_col_offset)
        for n in ast.walk(tree)
        if isinstance(n, ast.Call)
    }
    assert {
        (n.line, n.column, n.end_line, n.end_column) for n in _nodes(module) if isinstance(n, ir.Call)
    } == called


@pytest.mark.parametrize("text", [FILES[0].read_text(encoding="utf-8"), GRAMMAR, MATCHES])
def test_a_module_is_the_same_after_the_cache(text: str) -> None:
    first = Module.from_tree(ast.parse(text), lambda: None)
    nodes = [msgspec.to_builtins(node) for node in _nodes(first)]
    again = Module.decode(first.encode(), lambda: None)
    assert [msgspec.to_builtins(node) for node in _nodes(again)] == nodes
    assert not again.grown


def test_bodies_that_the_cache_lacks_are_read_from_the_file() -> None:
    text = "class C:\n    def f(self):\n        def g():\n            return 1\n        return g\n"
    stored = Module.from_tree(ast.parse(text), lambda: None).encode()
    module = Module.decode(stored, lambda: ast.parse(text))
    kinds = [type(node).__name__ for node in _nodes(module) if not isinstance(node, ir.Parameter | ir.Name)]
    assert sorted(kinds) == ["Class", "Constant", "Function", "Function", "Return", "Return"]
    assert module.grown


@pytest.mark.parametrize("data", [b"", b"\xc0", b"garbage", b"\x92\x90\x91\x01", b"\x92\x91\x92\x01\x02\x80"])
def test_what_is_no_module_is_refused(data: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        Module.decode(data, lambda: None)
