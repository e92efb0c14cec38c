"""One file of the reviewed tree: its text, its module in IR, its positions; why it was not analysed."""

from __future__ import annotations

import ast
import contextlib
import hashlib
from collections.abc import Callable
from functools import cached_property

import msgspec

from rules.finding import Place
from rules.ir import nodes as ir
from rules.ir.module import Module
from rules.parsing.decoding import decode, split_lines
from rules.parsing.guard import parse
from rules.parsing.problem import NotAnalysed
from rules.recursion import READING, BoundedModule, frames_allowed

Watch = Callable[[str], contextlib.AbstractContextManager[object]]
"""Entered with a path while that file is read, so that a reader that never returns can be blamed on it."""

_PROBLEM, _MODULE = b"!", b"="


def unwatched(_path: str) -> contextlib.AbstractContextManager[object]:
    """The watch of a process that nobody watches."""
    return contextlib.nullcontext()


def content_hash(data: bytes) -> str:
    """What the fact cache and duplicate detection know a file by."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


class SourceFile:
    """A file. It is read when its module is first asked for; a file that cannot be has an empty module."""

    def __init__(
        self, path: str, data: bytes, *, stored: bytes | None = None, watch: Watch = unwatched
    ) -> None:
        """Make a file; `stored` is what `to_store` gave for the same bytes in an earlier review."""
        self.path = path
        self.data = data
        self._stored = stored
        self._watch = watch

    @classmethod
    def unread(cls, path: str, data: bytes, problem: str) -> SourceFile:
        """A file that must not be read, and why."""
        return cls(path, data, stored=_PROBLEM + problem.encode())

    @property
    def is_python(self) -> bool:
        return self.path.endswith(".py")

    @cached_property
    def blob(self) -> str:
        """The hash of the content."""
        return content_hash(self.data)

    @property
    def module(self) -> Module:
        """The module in IR; an empty one where the file is not Python or was not analysed."""
        return self._reading[0]

    @property
    def problem(self) -> str | None:
        """Why the file was not analysed, or not all of it; None if it was."""
        module, problem = self._reading
        if problem is None and module.unread:
            line = min(module.unread)
            return f"a function is left out, line {line}: {module.unread[line]}"
        return problem

    @cached_property
    def text(self) -> str:
        """The decoded text; what cannot be decoded is replaced."""
        try:
            return decode(self.data)
        except NotAnalysed:
            return self.data.decode("utf-8", "replace").removeprefix("\ufeff")

    @cached_property
    def lines(self) -> list[str]:
        """The lines as Python counts them, without their ends."""
        return split_lines(self.text)

    def place(self, node: ir.Node) -> Place:
        """The node's span in 1-based characters; the end is the first character after it."""
        start = self._characters(node.line, node.column)
        end = self._characters(node.end_line, node.end_column)
        return Place(self.path, node.line, start + 1, node.end_line, end + 1)

    def byte_column(self, line: int, column: int) -> int:
        """The 0-based UTF-8 column, as IR nodes have it, of a finding's 1-based character."""
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return len(text[: column - 1].encode("utf-8", "replace"))

    def segment(self, node: ir.Node) -> str:
        """The source text of a node, lines joined by LF."""
        lines = self.lines[node.line - 1 : node.end_line]
        if not lines:
            return ""
        lines[-1] = lines[-1][: self._characters(node.end_line, node.end_column)]
        lines[0] = lines[0][self._characters(node.line, node.column) :]
        return "\n".join(lines)

    def read(self) -> None:
        """Read the file now, so that later questions cost no parse."""
        self._reading  # noqa: B018 - computed once, here

    def to_store(self) -> bytes | None:
        """What the cache should keep of this file, or None where it has that already."""
        module, problem = self._reading
        if module.unread:
            return None
        if problem is not None:
            return None if self._stored else _PROBLEM + problem.encode()
        try:
            return _MODULE + module.encode() if module.grown else None
        except (RecursionError, ValueError):
            return None

    @cached_property
    def _reading(self) -> tuple[BoundedModule, str | None]:
        if not self.is_python:
            return _empty(), None
        with self._watch(self.path):
            return self._from_store() or self._read()

    def _from_store(self) -> tuple[BoundedModule, str | None] | None:
        problem: str | None
        stored, self._stored = self._stored, None
        if not stored:
            return None
        try:
            if stored[:1] == _PROBLEM:
                module, problem = _empty(), stored[1:].decode()
            else:
                decoded, problem = BoundedModule.decode(stored[1:], self._tree), None
                assert isinstance(decoded, BoundedModule)
                module = decoded
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return None
        self._stored = stored
        return module, problem

    def _read(self) -> tuple[BoundedModule, str | None]:
        try:
            return self._bounded(), None
        except NotAnalysed as problem:
            return _empty(), str(problem)
        except (RecursionError, MemoryError):
            return _empty(), "nested too deeply"
        except KeyError as unknown:
            return _empty(), f"syntax that is not known here: {unknown}"

    def _bounded(self) -> BoundedModule:
        tree = parse(decode(self.data))
        with frames_allowed(READING):
            module = BoundedModule.from_tree(tree, self._tree)
        assert isinstance(module, BoundedModule)
        return module

    def _tree(self) -> ast.Module | None:
        with self._watch(self.path):
            try:
                return parse(decode(self.data))
            except NotAnalysed:
                return None

    def _characters(self, line: int, column: int) -> int:
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return column if text.isascii() else len(text.encode("utf-8")[:column].decode("utf-8", "ignore"))


def _empty() -> BoundedModule:
    return BoundedModule((), lambda: None)
