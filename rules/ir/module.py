"""A module in IR: its top level eagerly, each function's body when it is first asked for."""

from __future__ import annotations

import ast
from collections.abc import Callable

import msgspec

from rules.ir import nodes as ir
from rules.ir.statements import StatementLowering
from rules.ir.walk import walk

BodyKey = tuple[int, int]
Statements = tuple[ir.Stmt, ...]
_ENCODER = msgspec.msgpack.Encoder()
_DECODE_SUITE: msgspec.msgpack.Decoder[Statements] = msgspec.msgpack.Decoder(tuple[ir.Stmt, ...])


class EncodedModule(msgspec.Struct, frozen=True, array_like=True):
    """What the fact cache keeps of a module: its top level and the bodies that were read so far."""

    statements: msgspec.Raw
    bodies: dict[str, msgspec.Raw]


class Module:
    """A module's statements. Bodies come from the tree, from the cache, or from reading the file again."""

    def __init__(self, statements: Statements, reparse: Callable[[], ast.Module | None]) -> None:
        self.statements = statements
        self._reparse = reparse
        self._bodies: dict[BodyKey, Statements] = {}
        self._nodes: dict[BodyKey, tuple[ir.Node, ...]] = {}
        self._encoded: dict[str, msgspec.Raw] = {}
        self._trees: dict[BodyKey, list[ast.stmt]] = {}
        self._lowering = StatementLowering(self._remember)
        self.grown = False

    @classmethod
    def from_tree(cls, tree: ast.Module, reparse: Callable[[], ast.Module | None]) -> Module:
        """Lower the top level of `tree`; bodies stay with the tree until they are asked for."""
        module = cls((), reparse)
        module.statements = module._lowering.suite(tree.body)
        module.grown = True
        return module

    @classmethod
    def decode(cls, data: bytes, reparse: Callable[[], ast.Module | None]) -> Module:
        """A module from `encode`. Raises msgspec.ValidationError or DecodeError on anything else."""
        encoded = msgspec.msgpack.decode(data, type=EncodedModule)
        module = cls(_DECODE_SUITE.decode(encoded.statements), reparse)
        module._encoded = encoded.bodies
        return module

    def encode(self) -> bytes:
        """The module for the cache, with each body that was read."""
        bodies = dict(self._encoded)
        for (line, column), body in self._bodies.items():
            bodies[f"{line}:{column}"] = msgspec.Raw(_ENCODER.encode(body))
        return _ENCODER.encode(EncodedModule(msgspec.Raw(_ENCODER.encode(self.statements)), bodies))

    def body(self, function: ir.Function) -> Statements:
        """The statements of `function`, which is a node of this module."""
        key = (function.line, function.column)
        found = self._bodies.get(key)
        if found is None:
            found = self._bodies[key] = self._read(key)
        return found

    def nodes(self, function: ir.Function) -> tuple[ir.Node, ...]:
        """Every node of the body of `function`, as `walk` gives them."""
        key = (function.line, function.column)
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = tuple(walk(self.body(function)))
        return found

    def _read(self, key: BodyKey) -> Statements:
        encoded = self._encoded.get(f"{key[0]}:{key[1]}")
        if encoded is not None:
            return _DECODE_SUITE.decode(encoded)
        self.grown = True
        if key not in self._trees:
            self._read_again()
        tree = self._trees.pop(key, None)
        return () if tree is None else self._lowering.suite(tree)

    def _read_again(self) -> None:
        tree = self._reparse()
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self._remember(node)

    def _remember(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._trees[(node.lineno, node.col_offset)] = node.body
