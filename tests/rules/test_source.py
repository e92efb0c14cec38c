from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.finding import Place
from rules.ir import nodes as ir
from rules.source import SourceFile


def _first_call(source: SourceFile) -> ir.Call:
    statement = source.module.statements[0]
    assert isinstance(statement, ir.Evaluate)
    assert isinstance(statement.value, ir.Call)
    return statement.value


def test_places_are_characters_and_not_bytes() -> None:
    source = SourceFile("app/a.py", "größe('é', ñ)\n".encode())
    call = _first_call(source)
    assert source.place(call.arguments[1]) == Place("app/a.py", 1, 12, 1, 13)
    assert source.segment(call.arguments[1]) == "ñ"
    assert source.segment(call) == "größe('é', ñ)"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_segments_over_several_lines(end: str) -> None:
    source = SourceFile("a.py", end.join(["f(", "  1,", ")", ""]).encode())
    assert source.segment(_first_call(source)) == "f(\n  1,\n)"
    assert source.place(_first_call(source)) == Place("a.py", 1, 1, 3, 2)


def test_latin_1_and_byte_order_marks() -> None:
    latin = SourceFile("a.py", "# coding: latin-1\né(x)\n".encode("latin-1"))
    assert latin.problem is None
    assert latin.place(_first_call(latin)) == Place("a.py", 2, 1, 2, 5)
    marked = SourceFile("a.py", b"\xef\xbb\xbff(x)\n")
    assert marked.place(_first_call(marked)).column == 1


def test_a_file_that_cannot_be_read_is_empty_and_says_why() -> None:
    source = SourceFile("a.py", b"def broken(:\n")
    assert source.module.statements == ()
    assert source.problem == "does not parse: line 1: invalid syntax"


def test_files_that_are_not_python_have_no_module_and_no_problem() -> None:
    source = SourceFile("schema.sql", b"CREATE TABLE (")
    assert (source.module.statements, source.problem, source.text) == ((), None, "CREATE TABLE (")


def test_what_is_stored_is_read_back() -> None:
    data = b"def f():\n    return g(1)\n"
    first = SourceFile("a.py", data)
    (function,) = first.module.statements
    assert isinstance(function, ir.Function)
    first.module.body(function)
    stored = first.to_store()
    again = SourceFile("b.py", data, stored=stored)
    (same,) = again.module.statements
    assert isinstance(same, ir.Function)
    assert isinstance(again.module.body(same)[0], ir.Return)
    assert again.to_store() is None


def test_a_problem_is_stored_too() -> None:
    stored = SourceFile("a.py", b"def (").to_store()
    again = SourceFile("a.py", b"def (", stored=stored)
    assert again.problem == "does not parse: line 1: invalid syntax"
    assert again.to_store() is None


@pytest.mark.parametrize(
    "poison", [b"", b"=", b"=garbage", b"?", b"!\xff", b"=\x92\xc0\xc0", b"=\x92\x90\x80extra"]
)
def test_a_poisoned_entry_is_a_miss(poison: bytes) -> None:
    source = SourceFile("a.py", b"f(1)\n", stored=poison)
    assert source.problem is None
    assert _first_call(source).line == 1


def test_a_poisoned_body_is_read_from_the_file() -> None:
    data = b"def f():\n    return g(1)\n"
    first = SourceFile("a.py", data)
    empty = msgspec.msgpack.decode((first.to_store() or b"")[1:])
    stored = b"=" + msgspec.msgpack.encode([empty[0], {"1:0": "poison"}])
    again = SourceFile("a.py", data, stored=stored)
    (function,) = again.module.statements
    assert isinstance(function, ir.Function)
    assert isinstance(again.module.body(function)[0], ir.Return)


def test_functions_nested_too_deeply_are_named() -> None:
    data = b"def f():\n    return " + b" + ".join([b"1"] * 900) + b"\n\ndef g():\n    return 1\n"
    source = SourceFile("a.py", data)
    deep, plain = source.module.statements
    assert isinstance(deep, ir.Function)
    assert isinstance(plain, ir.Function)
    assert source.module.body(deep) == ()
    assert len(source.module.body(plain)) == 1
    assert source.problem == "a function is left out, line 1: nested too deeply"
    assert source.to_store() is None


WORDS = "f'{|t'|type X|=|def f[T]|class C[T]:|except A, B:|try: x|case|match a:|é|lazy import x|x|!r"
PIECES = st.sampled_from([*WORDS.split("|"), *" ,:#'\"{}()[]\\\n\r\f\0", "    "])


@given(st.binary(max_size=60) | st.lists(PIECES, max_size=12).map(lambda pieces: "".join(pieces).encode()))
@settings(deadline=None, max_examples=150)
def test_no_content_raises(data: bytes) -> None:
    source = SourceFile("a.py", data)
    stored = source.to_store()
    assert stored is not None
    assert SourceFile("a.py", data, stored=stored).problem == source.problem
    assert all(source.place(node).line <= len(source.lines) for node in source.module.statements)


def test_what_a_file_is_read_under_is_told() -> None:
    seen: list[str] = []

    class _Watch:
        def __init__(self, path: str) -> None:
            seen.append(path)

        def __enter__(self) -> None: ...

        def __exit__(self, *_: object) -> None: ...

    SourceFile("app/a.py", b"x = 1\n", watch=_Watch).read()
    assert seen == ["app/a.py"]
