"""How the client's data goes through terms: texts built of it, containers, library calls that keep it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import (
    Application,
    Choice,
    Const,
    Dictionary,
    External,
    Instance,
    Item,
    Member,
    Operation,
    Sequence,
    Value,
)
from rules.project.isolation.paths import Tests
from rules.project.isolation.provenance import root_of
from rules.project.isolation.terms import argument_values
from rules.project.taint.closed_types import is_closed
from rules.project.taint.dangers import Danger, Flow
from rules.project.taint.handed_over import handed_over
from rules.project.taint.library_calls import LibraryCall, library_call
from rules.project.taint.page_templates import escapes_itself, is_markup
from rules.project.taint.sanitisers import FILE_PARTS, cleans
from rules.project.taint.sources import Sources

_MAX_NODES = 1500
_KEEPING = frozenset({"f", "+", "%", "or", "and", "|", "*", "/"})
_TEXT_BUILDERS = frozenset(
    {
        "str", "repr", "bytes", "bytearray", "format", "list", "tuple", "set", "frozenset", "dict", "sorted",
        "reversed", "next", "iter", "zip", "enumerate", "map", "filter", "max", "min", "ascii",
    }
)  # fmt: skip
_CARRIERS = frozenset(
    {
        "json", "pathlib", "posixpath", "ntpath", "urllib", "re", "string", "textwrap", "base64",
        "binascii", "codecs",
        "copy", "html", "itertools", "functools", "io", "yarl", "furl", "markdown", "markdown2", "mistune",
        "jinja2",
        "markupsafe", "mako", "psycopg", "psycopg2", "pydantic", "pydantic_core", "shlex", "collections",
        "unicodedata", "orjson", "ujson", "operator", "dataclasses", "asyncio", "anyio", "inspect", "yaml",
        "toml",
        "tomllib", "simplejson", "chevron", "pystache", "commonmark",
    }
)  # fmt: skip
_NO_CARRIER = frozenset({"urllib.request", "yaml.safe_dump"})
_CARRYING_NAMES = frozenset(
    {"fastapi.encoders.jsonable_encoder", "os.fspath", "os.fsdecode", "sqlalchemy.text", "sqlmodel.text"}
)


@dataclass(slots=True)
class Flows:
    """Finds the sources inside values."""

    sources: Sources

    def into(self, value: Value, danger: Danger) -> Iterator[Flow]:
        """Every source that reaches a value without being made harmless, each once."""
        pending: list[tuple[Value, Tests, tuple[Value, ...]]] = [(value, (), ())]
        seen: set[int] = set()
        while pending and len(seen) < _MAX_NODES:
            node, conditions, through = pending.pop()
            if id(node) in seen or isinstance(node, Const | External) or _is_content(node, danger):
                continue
            seen.add(id(node))
            source = self.sources.of(node)
            if source is not None:
                yield Flow(source, conditions, (*through, node))
                continue
            pending.extend(
                (part, conditions + further, (*through, node)) for part, further in self._parts(node, danger)
            )

    def _parts(self, node: Value, danger: Danger) -> list[tuple[Value, Tests]]:
        if isinstance(node, Choice):
            return [(a.value, a.conditions) for a in node.alternatives]
        return [(part, ()) for part in self._plain_parts(node, danger)]

    def _plain_parts(self, node: Value, danger: Danger) -> list[Value]:
        match node:
            case Operation(operator="%", operands=[mark, *_]) if danger is Danger.HTML and is_markup(mark):
                return [mark]
            case Operation(operator=operator, operands=operands):
                return operands if operator in _KEEPING else []
            case Sequence(kind=kind, items=items):
                return [] if kind == "slice" else items
            case Dictionary(items=pairs):
                return [part for pair in pairs for part in pair]
            case Member() | Item():
                return self._of_part(node, danger)
            case Instance():
                return [*argument_values(node.arguments), *node.attributes.values()]
            case Application():
                return self._of_call(node, danger)
            case _:
                return []

    def _of_part(self, node: Member | Item, danger: Danger) -> list[Value]:
        if self.sources.is_closed_part(node):
            return []
        if isinstance(node, Member):
            if (
                danger is Danger.PATH
                and node.name in FILE_PARTS
                and isinstance(node.of, Application | Operation)
            ):
                return []
            if isinstance(node.of, Instance):
                return self._of_instance(node.of, node.name)
        return [node.of]

    def _of_instance(self, made: Instance, name: str) -> list[Value]:
        """A field that `Model(**data)` may have set: what is not among the arguments comes from elsewhere."""
        if not made.arguments.is_open or is_closed(self.sources.fields(made.cls).get(name)):
            return []
        return argument_values(made.arguments)

    def _of_call(self, node: Application, danger: Danger) -> list[Value]:
        call = library_call(node)
        if call is None or cleans(call, danger) or handed_over(node) is not None:
            return []
        if danger is Danger.HTML and escapes_itself(call):
            return [] if call.receiver is None else [call.receiver]
        arguments = argument_values(call.arguments)
        if call.receiver is None:
            return _of_function(call, arguments)
        if isinstance(call.receiver, Const):
            return arguments
        if isinstance(call.receiver, Dictionary | Sequence):
            return (
                [call.receiver, *arguments[1:]]
                if call.method in {"get", "pop"}
                else [call.receiver, *arguments]
            )
        if _carries(call):
            return [call.receiver, *arguments]
        return [call.receiver] if self._is_text(call.receiver) else []

    def _is_text(self, receiver: Value) -> bool:
        """Whether a receiver is data, whose methods give data, rather than a service."""
        if self.sources.of(receiver) is not None or isinstance(receiver, Operation | Item):
            return True
        if isinstance(receiver, Member):
            return self.sources.of(root_of(receiver)) is not None
        return isinstance(receiver, Application | Choice)


def _is_content(node: Value, danger: Danger) -> bool:
    """Whether a value is the open file of an upload where a path is asked for."""
    return danger is Danger.PATH and isinstance(node, Member) and node.name == "file"


def _of_function(call: LibraryCall, arguments: list[Value]) -> list[Value]:
    if call.library == "builtins":
        if call.method == "getattr":
            return [*arguments[:1], *arguments[2:]]
        return arguments if call.method in _TEXT_BUILDERS else []
    return arguments if _carries(call) else []


def _carries(call: LibraryCall) -> bool:
    """Whether what a library's call gives is made of what it got."""
    name = call.name
    if name in _CARRYING_NAMES or name.startswith(("os.path.", "sqlalchemy.sql.expression.text")):
        return True
    if any(name.startswith(prefix) for prefix in _NO_CARRIER):
        return False
    return call.library in _CARRIERS
