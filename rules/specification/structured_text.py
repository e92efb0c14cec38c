"""JSON and YAML documents as plain values, with the lines of their outer keys; hostile ones are refused."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field

import msgspec
import yaml

from rules.specification.problem import Unreadable
from rules.specification.values import Json

MAXIMUM_BYTES = 4_000_000
_MAXIMUM_VALUES = 400_000
_MAXIMUM_DEPTH = 100
_DEPTH_WITH_LINES = 4
_SCALARS = frozenset({"null", "bool", "int", "float"})


@dataclass(slots=True)
class Structured:
    """A document's value; `lines` has the 1-based lines of the keys down to the fourth level."""

    value: Json
    lines: dict[tuple[str, ...], int]

    def line(self, *keys: str) -> int:
        """The line of the key that a path of keys leads to, else of the nearest one around it."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines.get(keys, 1)


def read_structured(path: str, data: bytes) -> Structured:
    """A JSON or YAML document. Raises Unreadable for what is too large, too deep or malformed."""
    if len(data) > MAXIMUM_BYTES:
        raise Unreadable(f"larger than {MAXIMUM_BYTES // 1_000_000} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("not UTF-8") from error
    try:
        return _json(text) if path.endswith(".json") else _yaml(text)
    except RecursionError as error:
        raise Unreadable("nested too deeply") from error


def _json(text: str) -> Structured:
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise Unreadable(f"not valid JSON: {error}") from error
    _count(value, 0, [0])
    return Structured(value, _JsonLines(text).of(value))


def _count(value: Json, depth: int, seen: list[int]) -> None:
    seen[0] += 1
    if depth > _MAXIMUM_DEPTH or seen[0] > _MAXIMUM_VALUES:
        raise Unreadable("nested too deeply" if depth > _MAXIMUM_DEPTH else "too many values")
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        _count(part, depth + 1, seen)


class _JsonLines:
    """Finds the outer keys of `paths` in a JSON text, each behind the one before it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = [found.start() for found in re.finditer("\n", text)]

    def of(self, value: Json) -> dict[tuple[str, ...], int]:
        found: dict[tuple[str, ...], int] = {(): 1}
        paths = value.get("paths") if isinstance(value, dict) else None
        start = self._after("paths", 0)
        for path, item in paths.items() if isinstance(paths, dict) else ():
            at = self._after(path, start)
            found["paths", path] = self._line(at)
            inner = at
            for method in item if isinstance(item, dict) else ():
                inner = self._after(method, inner)
                found["paths", path, method] = self._line(inner)
            start = max(start, at)
        return found

    def _after(self, key: str, start: int) -> int:
        spelled = re.escape(msgspec.json.encode(key).decode())
        found = re.compile(spelled + r"\s*:").search(self._text, start)
        return start if found is None else found.start()

    def _line(self, position: int) -> int:
        return bisect.bisect_left(self._ends, position) + 1


def _yaml(text: str) -> Structured:
    try:
        loader = yaml.CSafeLoader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unreadable(f"not valid YAML: {error.problem or error.context}", line) from error
    except yaml.YAMLError as error:
        raise Unreadable(f"not valid YAML: {str(error).splitlines()[0]}") from error
    reader = _YamlReader()
    value = None if node is None else reader.value(node, ())
    return Structured(value, reader.lines)


@dataclass(slots=True)
class _YamlReader:
    """Turns YAML nodes into values; what an alias repeats is counted each time, so that none can explode."""

    lines: dict[tuple[str, ...], int] = field(default_factory=lambda: {(): 1})
    values: int = 0
    open: set[int] = field(default_factory=set)

    def value(self, node: yaml.Node, at: tuple[str, ...]) -> Json:
        line = node.start_mark.line + 1
        self.values += 1
        if len(self.open) > _MAXIMUM_DEPTH or self.values > _MAXIMUM_VALUES or id(node) in self.open:
            raise Unreadable("nested too deeply, or too many values", line)
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        self.open.add(id(node))
        try:
            return self._collection(node, at)
        finally:
            self.open.discard(id(node))

    def _collection(self, node: yaml.Node, at: tuple[str, ...]) -> Json:
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*at, str(index))) for index, item in enumerate(node.value)]
        found: dict[str, Json] = {}
        for key, inner in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise Unreadable("a key that is no text", key.start_mark.line + 1)
            pointer = (*at, key.value)
            if len(pointer) <= _DEPTH_WITH_LINES:
                self.lines[pointer] = key.start_mark.line + 1
            part = self.value(inner, pointer)
            if key.tag == "tag:yaml.org,2002:merge" and isinstance(part, dict):
                found = {**part, **found}
            else:
                found[key.value] = part
        return found


def _scalar(node: yaml.ScalarNode) -> Json:
    """The value as JSON has it: dates and unknown tags stay texts."""
    if node.tag.rpartition(":")[2] not in _SCALARS:
        return node.value
    try:
        loader = yaml.SafeLoader("")
        return loader.construct_object(node, deep=True)
    except (ValueError, OverflowError, yaml.YAMLError):
        return node.value
