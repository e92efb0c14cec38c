"""Which exceptions and statuses the applications have handlers for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.evaluation.machine import Machine
from rules.evaluation.values import Application, ClassValue, Dictionary, Effect, External, Value, alternatives
from rules.project.routing.framework import is_application, split
from rules.project.routing.readings import status
from rules.project.routing.registrations import decorator_of, method_of

_EVERYTHING = frozenset({"Exception", "BaseException"})


@dataclass(frozen=True, slots=True)
class ExceptionHandlers:
    """The keys of all handlers; `complete` is false where one could not be found out.

    `classes` are the project's classes by identity, `libraries` the last names of classes outside it.
    """

    classes: frozenset[int]
    libraries: frozenset[str]
    statuses: frozenset[int]
    complete: bool

    def handles(self, cls: ClassValue) -> bool:
        """Whether an exception of the class, or of a base of it, has a handler, or may have."""
        if not self.complete or self.libraries & _EVERYTHING or 500 in self.statuses:
            return True
        return any(id(base) in self.classes for base in cls.linearized()) or any(
            split(name)[1] in self.libraries for name in cls.externals()
        )

    @property
    def rewrites_http_errors(self) -> bool:
        """Whether the body of HTTP errors is made by a handler of the project."""
        return not self.complete or bool(self.libraries & {"HTTPException"} or self.statuses)


def exception_handlers(machine: Machine) -> ExceptionHandlers:
    """The handlers that start-up registers, on whichever application."""
    classes: set[int] = set()
    libraries: set[str] = set()
    statuses: set[int] = set()
    complete = True
    for key in _keys(machine):
        for choice in alternatives(key):
            value = choice.value
            if isinstance(value, ClassValue):
                classes.add(id(value))
            elif isinstance(value, External):
                libraries.add(split(value.name)[1])
            elif (code := status(value)) is not None:
                statuses.add(code)
            else:
                complete = False
    return ExceptionHandlers(frozenset(classes), frozenset(libraries), frozenset(statuses), complete)


def _keys(machine: Machine) -> Iterator[Value]:
    for effect in list(machine.wiring.effects):
        if effect.kind == "call":
            yield from _of_call(effect)


def _of_call(effect: Effect) -> Iterator[Value]:
    decorated, called = decorator_of(effect), method_of(effect)
    if decorated is not None and decorated[1].name == "exception_handler":
        found = decorated[0].arguments.get(0, "exc_class_or_status_code")
    elif called is not None and called[1].name == "add_exception_handler":
        found = called[0].arguments.get(0, "exc_class_or_status_code")
    elif isinstance(effect.value, Application) and is_application(effect.value):
        given = effect.value.arguments.keywords.get("exception_handlers")
        if isinstance(given, Dictionary):
            yield from (key for key, _ in given.items)
            return
        found = given
    else:
        return
    if found is not None:
        yield found
