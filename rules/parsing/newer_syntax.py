"""Syntax newer than the host's Python, rewritten in place into what the host's `ast` understands.

libcst reads the file; PEP 695 and 696 (type aliases and parameters), 701 (f-strings), 750 (t-strings),
758 (`except A, B:`) and 810 (`lazy import`) are blanked or replaced line for line, columns kept wherever
the replacement fits. What the plain syntax cannot say is put back into the tree by `restoring`.
"""

from __future__ import annotations

import ast
import re

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

from rules.parsing.depth import check_depth
from rules.parsing.guard import described, host_parse
from rules.parsing.problem import NotAnalysed
from rules.parsing.restoring import restore
from rules.parsing.rewriting import Rewriting
from rules.parsing.strings import Literals

_LAZY = re.compile(r"^([ \t]*)lazy(?=[ \t]+(?:import|from)\b)", re.MULTILINE)
_MISPLACED = re.compile(r"(![rsa])([ \t]+)(?=[:}])")


def parse_newer(text: str, error: SyntaxError) -> ast.Module:
    """The tree of a file that the host refused with `error`. Raises `NotAnalysed`."""
    eager = _LAZY.sub(r"\1...;", text)
    if eager != text:
        try:
            return host_parse(eager)
        except SyntaxError as still:
            error = still
    check_depth(eager)
    text, module = _read(eager, error)
    return _host_tree(text, module, error)


def _read(text: str, error: SyntaxError) -> tuple[str, cst.Module]:
    """The module, and the text that its offsets are of: libcst drops two kinds of space, so those move."""
    for attempt in (text, _MISPLACED.sub(r"\2\1", text.replace("\f", ""))):
        try:
            module = cst.parse_module(attempt)
        except Exception as refusal:
            raise NotAnalysed(_refused(refusal, error)) from refusal
        if module.code == attempt:
            return attempt, module
    raise NotAnalysed("newer syntax that could not be rewritten: libcst does not keep this file's text")


def _host_tree(text: str, module: cst.Module, error: SyntaxError) -> ast.Module:
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    rewriting = Rewriting(text.encode("utf-8"))
    wrapper.visit(_Rewriter(rewriting))
    rewritten = rewriting.apply()
    if rewritten.data.count(b"\n") != rewriting.data.count(b"\n"):
        raise NotAnalysed(described(error))
    try:
        tree = host_parse(rewritten.data.decode("utf-8"))
    except (SyntaxError, ValueError) as still:
        raise NotAnalysed(described(error)) from still
    return restore(tree, rewritten)


def _refused(refusal: Exception, error: SyntaxError) -> str:
    """The line is from libcst, up to one late; the host's words are about it only if they name that line."""
    if isinstance(refusal, cst.ParserSyntaxError) and refusal.raw_line > (error.lineno or 1) + 1:
        return f"does not parse: line {refusal.raw_line}: invalid syntax"
    return described(error)


class _Rewriter(cst.CSTVisitor):
    """Collects the edits of one module."""

    METADATA_DEPENDENCIES = (ByteSpanPositionProvider,)

    def __init__(self, rewriting: Rewriting) -> None:
        super().__init__()
        self._rewriting = rewriting
        self._literals = Literals(rewriting, self._span)

    def _span(self, node: cst.CSTNode) -> tuple[int, int]:
        found = self.get_metadata(ByteSpanPositionProvider, node)
        return found.start, found.start + found.length

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Rewrite what `node` adds to the syntax; false where nothing below it needs a look."""
        match node:
            case cst.ExceptHandler() | cst.ExceptStarHandler():
                self._except(node.type)
            case cst.TypeAlias():
                self._alias(node)
            case cst.FunctionDef() | cst.ClassDef():
                self._parameters(node.name, node.type_parameters)
            case cst.ConcatenatedString() | cst.FormattedString() | cst.TemplatedString():
                return self._literals.rewrite(node)
        return True

    def _alias(self, node: cst.TypeAlias) -> None:
        start, name_end = self._span(node)[0], self._span(node.name)[1]
        name = node.name.value.encode("utf-8")
        rest = self._rewriting.data[start + len(name) : name_end]
        names: tuple[str, ...] = ()
        self._rewriting.replace(start, name_end, name + self._rewriting.blank(rest))
        if node.type_parameters is not None:
            begin, end = self._span(node.type_parameters)
            self._rewriting.replace(begin, end, self._rewriting.blank_continued(begin, end))
            names = _names(node.type_parameters)
        self._rewriting.mark_alias(start, names)

    def _except(self, types: cst.BaseExpression | None) -> None:
        if not isinstance(types, cst.Tuple) or types.lpar:
            return
        start, end = self._span(types)
        gap = start - 1 if self._rewriting.data[start - 1 : start] == b" " else start
        self._rewriting.replace(gap, start, b"(")
        self._rewriting.replace(end, end, b")")

    def _parameters(self, name: cst.Name, parameters: cst.TypeParameters | None) -> None:
        if parameters is None:
            return
        start, end = self._span(parameters)
        data = self._rewriting.data
        opening = re.compile(rb"[ \t\\\r\n]*\(").match(data, end)
        if opening:
            end = opening.end()
            self._rewriting.replace(start, end, b"(" + self._rewriting.blank(data[start + 1 : end]))
        else:
            inside = self._rewriting.blank(data[start + 1 : end - 1])
            self._rewriting.replace(start, end, b"(" + inside + b")")
        self._rewriting.mark_parameters(self._span(name)[0], name.value, _names(parameters))


def _names(parameters: cst.TypeParameters) -> tuple[str, ...]:
    return tuple([parameter.param.name.value for parameter in parameters.params])
