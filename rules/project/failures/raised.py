"""The exceptions that leave requests: of which class, with which status and detail, from where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.values import (
    Application,
    Arguments,
    ClassValue,
    Effect,
    External,
    Instance,
    Value,
    alternatives,
)
from rules.project.failures.catching import Catching
from rules.project.isolation.inspection import Inspection
from rules.project.routing.framework import FRAMEWORK, split
from rules.project.routing.readings import status

_HTTP_ERRORS = frozenset({"HTTPException", "WebSocketException"})


@dataclass(frozen=True, slots=True, eq=False)
class Raised:
    """An exception that leaves a request: `arguments` reached the constructor of `cls`'s library."""

    inspection: Inspection
    effect: Effect
    cls: Value
    arguments: Arguments

    @property
    def is_http_error(self) -> bool:
        """Whether FastAPI itself answers it with the status that it carries."""
        return is_http_error(self.cls)

    @property
    def status(self) -> int | None:
        """The status of an HTTP error; None where it is not known."""
        return status(self.arguments.get(0, "status_code")) if self.is_http_error else None

    @property
    def detail(self) -> Value | None:
        """What an HTTP error says; None where it says nothing of its own."""
        return self.arguments.get(1, "detail")


def is_http_error(cls: Value) -> bool:
    """Whether a class is FastAPI's or Starlette's HTTP error, or derives from it."""
    names = cls.externals() if isinstance(cls, ClassValue) else [getattr(cls, "name", "")]
    return any(split(name)[0] in FRAMEWORK and split(name)[1] in _HTTP_ERRORS for name in names)


def leaving(inspection: Inspection, catching: Catching) -> Iterator[Raised]:
    """What the request raises and nothing on the way catches, in order."""
    for effect in inspection.run.log.effects:
        if effect.kind != "raise":
            continue
        for choice in alternatives(effect.value):
            found = _made(choice.value)
            if found is not None and not catching.is_caught(effect, found[0]):
                yield Raised(inspection, effect, *found)


def _made(value: Value) -> tuple[Value, Arguments] | None:
    match value:
        case Instance(cls=cls, arguments=arguments):
            return cls, arguments
        case Application(function=External() as cls, arguments=arguments):
            return cls, arguments
        case ClassValue() | External():
            return value, Arguments()
        case _:
            return None
