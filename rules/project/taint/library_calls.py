"""Which library function a call calls, by its dotted name: also methods of a library's objects."""

from __future__ import annotations

from dataclasses import dataclass

from rules.evaluation.values import (
    Application,
    Arguments,
    Const,
    External,
    Instance,
    Member,
    Operation,
    Parametrized,
    Symbol,
    Value,
    alternatives,
)
from rules.project.annotations import shape

_STEPS = 12
HANDS_OVER = {
    "to_thread": 0, "run_in_threadpool": 0, "run_sync": 0, "run_in_executor": 1, "submit": 0, "add_task": 0,
    "partial": 0, "wrap_future": 0, "sync_to_async": 0,
}  # fmt: skip
"""Calls that call what they are given, and where they are given it."""


@dataclass(frozen=True, slots=True)
class LibraryCall:
    """A call of something outside the project.

    `name` is dotted: `httpx.get`, or `httpx.AsyncClient.get` for a method of an object of that class;
    empty where the callable is not known. `method` is the last segment in any case.
    """

    name: str
    method: str
    arguments: Arguments
    receiver: Value | None

    @property
    def library(self) -> str:
        """The top package."""
        return self.name.partition(".")[0]

    def argument(self, position: int, *names: str) -> Value | None:
        """The argument by position or by one of its names."""
        for name in names:
            if name in self.arguments.keywords:
                return self.arguments.keywords[name]
        return self.arguments.get(position, "")

    def is_constant(self, name: str, *, value: object) -> bool:
        """Whether a keyword argument is written as this constant."""
        given = self.arguments.keywords.get(name)
        return isinstance(given, Const) and given.value is value


def library_call(value: Value) -> LibraryCall | None:
    """The call that a term or an effect's value is; None for what is no call of something outside."""
    if isinstance(value, Instance):
        names = list(value.cls.externals())
        return LibraryCall(names[0], names[0].rpartition(".")[2], value.arguments, None) if names else None
    if not isinstance(value, Application):
        return None
    called = _called(value.function, value.arguments)
    position = HANDS_OVER.get(called.method)
    if position is None or len(value.arguments.positional) <= position:
        return called
    inner = value.arguments.positional[position]
    if not isinstance(inner, External | Member):
        return called
    rest = Arguments(value.arguments.positional[position + 1 :], value.arguments.keywords)
    return _called(inner, rest)


def _called(function: Value, arguments: Arguments) -> LibraryCall:
    name = dotted_name(function)
    receiver = function.of if isinstance(function, Member) else None
    method = function.name if isinstance(function, Member) else name.rpartition(".")[2]
    return LibraryCall(name, method, arguments, receiver)


def dotted_name(function: Value) -> str:
    """`subprocess.run`, `httpx.AsyncClient.get`; empty where it leads to nothing that is known."""
    parts: list[str] = []
    current = function
    for _ in range(_STEPS):
        match current:
            case External(name=name):
                return ".".join([name, *parts[::-1]])
            case Member(of=of, name=name):
                parts.append(name)
                current = of
            case Application(function=inner):
                current = inner
            case Parametrized(base=base):
                current = base
            case Operation(operator="/" | "or", operands=[first, *_]):
                current = first
            case Instance(cls=cls):
                return ".".join([next(iter(cls.externals()), ""), *parts[::-1]]).lstrip(".")
            case Symbol(annotation=annotation) if annotation is not None:
                current = shape(annotation).base
                if isinstance(current, Symbol | Member | Application):
                    return ""
            case _:
                inner = alternatives(current)[0].value
                if inner is current:
                    return ""
                current = inner
    return ""
