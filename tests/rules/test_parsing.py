from __future__ import annotations

import ast
import time
from typing import Any

import pytest

from rules.parsing.decoding import MAXIMUM_BYTES, decode, split_lines
from rules.parsing.depth import check_depth
from rules.parsing.guard import parse
from rules.parsing.problem import NotAnalysed

EQUIVALENTS = {
    "PEP 695 alias": ("type Rows = list[int]\n", "Rows: __type_alias__ = list[int]\n"),
    "PEP 695 alias with parameters": (
        "type Pair[\n    A,\n\n    B: int = str,  # both\n] = tuple[A, B]\nx = 1\n",
        "Pair: __type_alias__[A, B] = tuple[A, B]\nx = 1\n",
    ),
    "PEP 695 function": ("def f[T: int, *Ts, **P](x: T) -> T: ...\n", "def f(x: T) -> T: ...\n"),
    "PEP 695 method": (
        "class C:\n    async def f[\n        T\n    ](self, x: T): ...\n",
        "class C:\n    async def f(self, x: T): ...\n",
    ),
    "PEP 695 class": (
        "class Page[T](Base[T]):\n    items: list[T]\n",
        "class Page(Base[T]):\n    items: list[T]\n",
    ),
    "PEP 695 class without bases": ("class Page[\n    T,\n]:\n    x = 1\n", "class Page():\n    x = 1\n"),
    "PEP 696": ("class Page[T = int]:\n    x = 1\n", "class Page():\n    x = 1\n"),
    "PEP 701 same quotes": ('q = f"{row["id"]} and {b!r}"\n', "q = f\"{row['id']} and {b}\"\n"),
    "PEP 701 backslash": ("q = f'{'\\n'.join(rows)}'\n", "q = f'{sep.join(rows)}'\n"),
    "PEP 701 lines and comments": ("q = f'{\n  a  # why\n}'\nz\n", "q = f'{a}'\nz\n"),
    "PEP 701 nested": ("q = f'{f'{f'{a}'}'}'\n", "q = f'''{f\"{f'{a}'}\"}'''\n"),
    "PEP 701 beside a tuple": ('q = f"{a["b"]}", c\n', "q = f\"{a['b']}\", c\n"),
    "PEP 701 joined": (
        "q = ('SELECT ' # one\n  f'{t['x']:>{w['y']}} FROM {a, b} '\n  'WHERE {}')\n",
        "q = f\"SELECT {t['x']}{w['y']} FROM {(a, b)} WHERE {{}}\"\n",
    ),
    "PEP 701 spaces that libcst drops": ("q = f'{a!s  }{d['k']}'\n\fz\n", """q = f'{a}{d["k"]}'\nz\n"""),
    "PEP 750": ("q = t'SELECT {x!r}'\n", "q = __template__(f'SELECT {x}')\n"),
    "PEP 758": ("try:\n    x\nexcept A, B:\n    y\n", "try:\n    x\nexcept (A, B):\n    y\n"),
    "PEP 758 groups": ("try:\n    x\nexcept* A, B:\n    y\n", "try:\n    x\nexcept* (A, B):\n    y\n"),
    "PEP 810": ("lazy import json\nlazy from a import b\n", "...\nimport json\n...\nfrom a import b\n"),
}


class _Plain(ast.NodeTransformer):
    """Trees without what the two spellings may differ in, on this host or a newer one."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        vars(node)["type_params"] = []
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        self.generic_visit(node)
        vars(node)["type_params"] = []
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self.generic_visit(node)
        vars(node)["type_params"] = []
        return node

    def visit_TypeAlias(self, node: Any) -> ast.AST:
        """Newer hosts read PEP 695 aliases themselves."""
        names: list[ast.expr] = [ast.Name(p.name, ast.Load()) for p in node.type_params]
        annotation: ast.expr = ast.Name("__type_alias__", ast.Load())
        if names:
            index = names[0] if len(names) == 1 else ast.Tuple(names, ast.Load())
            annotation = ast.Subscript(annotation, index, ast.Load())
        return ast.AnnAssign(node.name, annotation, node.value, simple=1)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        self.generic_visit(node)
        texts = "".join(str(v.value) for v in node.values if isinstance(v, ast.Constant))
        fields: list[ast.expr] = []
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                fields.append(value.value)
                # By now a call itself: what is formatted in the specification.
                fields.extend(value.format_spec.args[1:] if isinstance(value.format_spec, ast.Call) else ())
        return ast.Call(ast.Name("fstring"), [ast.Constant(texts.replace(">", "")), *fields], [])


def _plain(tree: ast.AST) -> str:
    text = ast.dump(_Plain().visit(tree))
    return text.replace("Attribute(value=Constant(value='\\n')", "Attribute(value=Name(id='sep', ctx=Load())")


@pytest.mark.parametrize("syntax", EQUIVALENTS)
def test_newer_syntax_reads_as_its_older_equivalent(syntax: str) -> None:
    newer, older = EQUIVALENTS[syntax]
    assert _plain(parse(newer)) == _plain(ast.parse(older))


def test_newer_syntax_keeps_lines_and_columns() -> None:
    text = (
        "type Id = int\n"
        "def first[T](rows: list[T]) -> T:\n"
        '    name = f"é{rows["é"]} {w}" + here\n'
        "    return after\n"
    )
    names = {
        node.id: (node.lineno, node.col_offset)
        for node in ast.walk(parse(text))
        if isinstance(node, ast.Name)
    }
    lines = [line.encode() for line in text.splitlines()]
    for name, (line, column) in names.items():
        if name != "__type_alias__":
            found = lines[line - 1][column : column + len(name.encode())]
            assert found == name.encode() or name == "Id", (name, found)
    assert names["here"] == (3, lines[2].index(b"here"))
    assert names["after"] == (4, 11)


def test_type_parameters_are_told() -> None:
    tree = parse("def f[T, **P](x: T): ...\nclass C[K]: ...\n")
    told = [[p.name for p in vars(node)["type_params"]] for node in tree.body]
    assert told == [["T", "P"], ["K"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def f(:\n", "does not parse: line 1"),
        ("x = 1\nf'{d['k']}' +\n", "does not parse: line 2"),
        ("print 'x'\ntry: pass\nexcept A, e: pass\n", "does not parse: line 1"),
        ("x = f'{d['k']}'\n\n\n\nx = = 1\n", "does not parse: line 5: invalid syntax"),
        ("x = '\0'\n", "does not parse"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, said: str) -> None:
    with pytest.raises(NotAnalysed, match=said):
        parse(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("match a:\n  case " + "(" * 9 + "b" + ")" * 9 + ":\n    pass\n", "brackets nested more than 8"),
        ("x = " + "(" * 61 + "1" + ")" * 61 + "\n", "brackets nested more than 60"),
        ("x = " + "f'{" * 40 + "1" + "}'" * 40 + "\n", "brackets nested more than 60"),
        ("x = 1" + " + 1" * 301 + "\n", "an expression of more than 300"),
        ("x = " + "lambda: " * 301 + "1\n", "an expression of more than 300"),
        ("x = a" + "\\\n    .b()" * 160 + "\n", "an expression of more than 300"),
        ("if a: pass\n" + "elif b: pass\n" * 301, "`elif` in a row"),
        ('x = """\n' + "(" * 90 + '"""\ny = ' + "[" * 61 + "]" * 61, "brackets nested more than 60"),
    ],
)
def test_shapes_that_kill_the_second_parser_are_refused_before_it(text: str, said: str) -> None:
    began = time.monotonic()
    with pytest.raises(NotAnalysed, match=said):
        check_depth(text)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "text",
    [
        "match a:\n  case " + "(" * 8 + "b" + ")" * 8 + ":\n    x = " + "(" * 50 + ")" * 50 + "\n",
        "x = " + "(" * 60 + "1" + ")" * 60 + "\n",
        "x = '" + "(" * 100 + "'  # " + "(" * 100 + "\n",
        "x = f'" + "{{" * 100 + "{a}'\n",
        "x = [" + "-1, " * 1000 + "]\n",
        "".join(f"{' ' * (n % 2)}if a: pass\nelif b: pass\n" for n in range(400)),
    ],
)
def test_shapes_that_people_write_are_not_refused(text: str) -> None:
    check_depth(text)
    assert text


def test_wide_files_of_newer_syntax_are_not_taken_for_deep_ones() -> None:
    text = "f'{d['k']}'\nx = [\n" + "    'a', -1, a.b(c),\n" * 600 + "]\n" + "y = a + b\n" * 400
    assert len(parse(text).body) == 402


@pytest.mark.parametrize("codec", ["utf-8", "latin-1", "ascii", "iso-8859-1"])
def test_encodings_that_are_read(codec: str) -> None:
    data = f"# -*- coding: {codec} -*-\nx = 'é'\n".encode("ascii" if codec == "ascii" else codec, "ignore")
    assert decode(data).startswith("# -*-")


@pytest.mark.parametrize("codec", ["rot13", "zlib", "utf-7", "idna", "no-such-codec", "utf-16"])
def test_encodings_that_are_refused(codec: str) -> None:
    with pytest.raises(NotAnalysed, match="encoding"):
        decode(f"# coding: {codec}\nx = 1\n".encode())


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode(b"\xef\xbb\xbfx = 1\n") == "x = 1\n"


def test_undecodable_bytes_are_named_with_their_line() -> None:
    with pytest.raises(NotAnalysed, match="line 2 is not utf-8"):
        decode(b"x = 1\ny = '\xff'\n")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"#" * (MAXIMUM_BYTES + 1), "too large: 512 KiB"),
        (b"x\n" * 10_001, "too long: 10002 lines"),
        (b"\n" * 3000 + b"x = '" + b"a" * 5000 + b"'\n", "line 3001 has 5006 characters"),
    ],
)
def test_limits_are_named(data: bytes, said: str) -> None:
    with pytest.raises(NotAnalysed, match=said):
        decode(data)


def test_lines_end_as_python_ends_them() -> None:
    text = "a\r\nb\rc\nd\x0ce\u2028f"
    tree = parse("a\r\nb\rc\nd\x0c\n'e\u2028f'")
    assert split_lines(text) == ["a", "b", "c", "d\x0ce\u2028f"]
    assert [statement.lineno for statement in tree.body] == [1, 2, 3, 4, 5]
