"""Data against the types of `Options`: every mistake at once, each with its remedy."""

from __future__ import annotations

import difflib
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

import pathspec
from msgspec import inspect

from rules.configuration.document import Document, Pointer
from rules.configuration.options import Options
from rules.configuration.problem import Problem

_OPTIONS = cast("inspect.StructType", inspect.type_info(Options))


def problems(document: Document, known: Mapping[str, str]) -> Iterator[Problem]:
    """Yield each mistake of shape, then each selector that names none of the rules `known` (code to name)."""
    for pointer, message in _check(_OPTIONS, document.data, ()):
        yield document.problem(pointer, message)
    if not isinstance(document.data, Mapping):
        return
    yield from (document.problem(*fault) for fault in _unusable_patterns(document.data))
    if known:
        for pointer, selector in _selectors(document.data):
            if fault := unknown_selector(selector, known):
                yield document.problem(pointer, fault)


def unknown_selector(selector: str, known: Mapping[str, str]) -> str | None:
    """Return what is wrong with a selector, None where it names at least one rule of `known`."""
    if selector in known.values() or any(code.startswith(selector) for code in known):
        return None
    guess = _closest(selector, [*known, *known.values()])
    return f"`{selector}` names no rule{guess}; `backend-architect explain --list` shows them all"


def _unusable_patterns(data: Mapping[str, object]) -> Iterator[tuple[Pointer, str]]:
    for key in ("include", "exclude"):
        given = data.get(key)
        for place, pattern in enumerate(given if isinstance(given, list) else ()):
            try:
                pathspec.GitIgnoreSpec.from_lines([pattern] if isinstance(pattern, str) else [])
            except ValueError:
                yield (key, place), f"{_shown(pattern)} is not a pattern as .gitignore has them"


def _selectors(data: Mapping[str, object]) -> Iterator[tuple[Pointer, str]]:
    for key in ("select", "ignore", "severity"):
        given = data.get(key)
        if isinstance(given, list):
            yield from (((key, place), item) for place, item in enumerate(given) if isinstance(item, str))
        elif isinstance(given, Mapping):
            yield from (((key, item), item) for item in given)


def _check(kind: inspect.Type, value: object, at: Pointer) -> Iterator[tuple[Pointer, str]]:
    match kind:
        case inspect.Metadata(type=inner):
            yield from _check(inner, value, at)
        case inspect.StructType():
            yield from _check_table(kind, value, at)
        case inspect.VarTupleType(item_type=item):
            yield from _check_list(kind, item, value, at)
        case inspect.DictType(value_type=item):
            yield from _check_mapping(item, value, at)
        case inspect.UnionType(types=types) if value is not None:
            yield from _check(next(t for t in types if not isinstance(t, inspect.NoneType)), value, at)
        case inspect.UnionType():
            return
        case _:
            if message := _fault(kind, value):
                yield at, f"{_name(at)} {message}"


def _check_table(kind: inspect.StructType, value: object, at: Pointer) -> Iterator[tuple[Pointer, str]]:
    if not isinstance(value, Mapping):
        yield at, f"{_name(at)} must be a table of keys, not {_shown(value)}"
        return
    fields = {field.encode_name: field for field in kind.fields}
    for key, item in value.items():
        if key in fields:
            yield from _check(fields[key].type, item, (*at, key))
        else:
            yield (
                (*at, key),
                f"`{key}` is not a key{_closest(key, fields) or f'; the keys are {_listed(fields)}'}",
            )
    for key, field in fields.items():
        if field.required and key not in value:
            yield at, f"{_name(at)} lacks `{key}`; add it"


def _check_list(
    kind: inspect.VarTupleType, item: inspect.Type, value: object, at: Pointer
) -> Iterator[tuple[Pointer, str]]:
    if not isinstance(value, list):
        remedy = f"; write `[{value}]`" if isinstance(value, str) else ""
        yield at, f"{_name(at)} must be a list, not {_shown(value)}{remedy}"
        return
    if len(value) < (kind.min_length or 0):
        yield at, f"{_name(at)} must not be empty"
    for place, element in enumerate(value):
        yield from _check(item, element, (*at, place))


def _check_mapping(item: inspect.Type, value: object, at: Pointer) -> Iterator[tuple[Pointer, str]]:
    if not isinstance(value, Mapping):
        yield at, f"{_name(at)} must be a table of keys, not {_shown(value)}"
        return
    for key, element in value.items():
        yield from _check(item, element, (*at, str(key)))


def _fault(kind: inspect.Type, value: object) -> str | None:
    match kind:
        case inspect.EnumType(cls=enumeration):
            allowed = [str(member.value) for member in enumeration]
            if value in allowed:
                return None
            return f"must be one of {_listed(allowed)}, not {_shown(value)}{_closest(str(value), allowed)}"
        case inspect.IntType(ge=lowest, le=highest):
            return _fault_of_number(lowest or 0, highest or sys.maxsize, value)
        case inspect.StrType():
            return _fault_of_text(kind, value)
    raise AssertionError(kind)


def _fault_of_number(lowest: int, highest: int, value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest:
        return None
    return f"must be a whole number from {lowest} to {highest}, not {_shown(value)}"


def _fault_of_text(kind: inspect.StrType, value: object) -> str | None:
    if not isinstance(value, str):
        return f"must be a string, not {_shown(value)}; put it in quotes"
    if len(value) < (kind.min_length or 0):
        return "must not be empty"
    if kind.pattern and not re.search(kind.pattern, value):
        return f"cannot be {_shown(value)}; see docs/configuration.md for how to write it"
    return None


def _name(at: Pointer) -> str:
    if not at:
        return "the configuration"
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in at)
    return f"`{steps.removeprefix('.')}`"


def _shown(value: object) -> str:
    words = repr(value)
    return words if len(words) <= 60 else f"{words[:57]}..."


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _closest(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean `{near[0]}`?)" if near else ""
