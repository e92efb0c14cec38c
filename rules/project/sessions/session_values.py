"""Which values are database sessions, whether they block, and what is called on them."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from rules.evaluation.values import (
    Application,
    Choice,
    ClassValue,
    Effect,
    External,
    Instance,
    Item,
    Member,
    Parametrized,
    Symbol,
    Value,
)
from rules.project.isolation.terms import called_name

_LIBRARIES = frozenset({"sqlalchemy", "sqlmodel"})
_SESSIONS = {"Session": "sync", "AsyncSession": "async"}
_MAKERS = {"sessionmaker": "sync", "scoped_session": "sync", "async_sessionmaker": "async"}
_REGISTRIES = {"scoped_session": "sync", "async_scoped_session": "async"}
_ENGINES = {"create_engine": "sync", "create_async_engine": "async"}
_SHARED = {"fastapi_sqlalchemy.db.session": "sync"}
_CHAIN = 40


class Mode(enum.StrEnum):
    """Whether a session blocks the thread that uses it."""

    SYNC = "sync"
    ASYNC = "async"


@dataclass(frozen=True, slots=True, eq=False)
class SessionValue:
    """A session: the term that it is, and its mode. `registry` where many sessions stand behind it."""

    value: Value
    mode: Mode
    registry: bool = False


def session_of(value: Value) -> SessionValue | None:
    """The session that a value is, on whichever branch; None where it is none, or nothing is known of it."""
    if not isinstance(value, Choice):
        return _session(value)
    for alternative in value.alternatives:
        found = _session(alternative.value)
        if found is not None:
            return found
    return None


def _session(value: Value) -> SessionValue | None:
    match value:
        case Application(function=Member() as method):
            return _of_method(value, method)
        case Application(function=function):
            mode = _made_by(function)
            if mode is not None:
                return SessionValue(value, mode)
            registry = _REGISTRIES.get(_library_name(function))
            return None if registry is None else SessionValue(value, Mode(registry), registry=True)
        case Member():
            return None
        case Instance(cls=cls):
            mode = _mode_of_class(cls)
            return None if mode is None else SessionValue(value, mode)
        case Symbol(annotation=annotation) if annotation is not None:
            mode = _mode_of_class(annotation)
            return None if mode is None else SessionValue(value, mode)
        case External(name=name) if name in _SHARED:
            return SessionValue(value, Mode(_SHARED[name]), registry=True)
        case _:
            return None


def _of_method(value: Value, method: Member) -> SessionValue | None:
    if method.name == "begin":
        inner = _made_by(method.of)
        return SessionValue(value, inner) if inner is not None else session_of(method.of)
    return session_of(method.of) if method.name == "execution_options" else None


def _made_by(function: Value) -> Mode | None:
    """The mode of the session that calling `function` makes: a session class, or a configured maker."""
    inner = _unsubscripted(function)
    if isinstance(inner, Application):
        maker = _MAKERS.get(_library_name(inner.function))
        if maker is None:
            return None
        if _library_name(inner.function) == "scoped_session" and inner.arguments.positional:
            return _made_by(inner.arguments.positional[0]) or Mode.SYNC
        given = inner.arguments.get(1, "class_")
        return (_mode_of_class(given) if given is not None else None) or _of_type(inner) or Mode(maker)
    return _mode_of_class(inner)


def _of_type(maker: Application) -> Mode | None:
    """`sessionmaker[AsyncSession](…)`."""
    match maker.function:
        case Parametrized(arguments=[first, *_]):
            return _mode_of_class(first)
        case Item(key=Value() as key):
            return _mode_of_class(key)
        case _:
            return None


def _mode_of_class(value: Value) -> Mode | None:
    inner = value.base if isinstance(value, Parametrized) else value
    names = list(inner.externals()) if isinstance(inner, ClassValue) else []
    names += [inner.name] if isinstance(inner, External) else []
    for name in names:
        mode = _SESSIONS.get(name.rpartition(".")[2])
        if mode is not None and name.partition(".")[0] in _LIBRARIES:
            return Mode(mode)
    return None


def _library_name(function: Value) -> str:
    inner = _unsubscripted(function)
    if isinstance(inner, External) and inner.name.partition(".")[0] in _LIBRARIES:
        return inner.name.rpartition(".")[2]
    return ""


def _unsubscripted(function: Value) -> Value:
    """`sessionmaker` of `sessionmaker[Session]`."""
    if isinstance(function, Item):
        return function.of
    return function.base if isinstance(function, Parametrized) else function


def engine_mode(value: Value) -> Mode | None:
    """The mode of the engine that a value is: `create_engine(…)` or `create_async_engine(…)`."""
    if not isinstance(value, Application):
        return None
    mode = _ENGINES.get(_library_name(value.function))
    return None if mode is None else Mode(mode)


def is_made(effect: Effect) -> bool:
    """Whether the effect opens a session or makes an engine."""
    value = effect.value
    if effect.kind != "call" or not isinstance(value, Application | Instance):
        return False
    if isinstance(value, Application) and isinstance(value.function, Member):
        return value.function.name == "begin" and _made_by(value.function.of) is not None
    found = session_of(value)
    return (found is not None and not found.registry) or engine_mode(value) is not None


@dataclass(frozen=True, slots=True, eq=False)
class SessionCall:
    """A method called on a session, directly or on what its `query(…)` gave."""

    session: SessionValue
    method: str
    direct: bool


def session_call(effect: Effect) -> SessionCall | None:
    """The session behind a call such as `session.exec(…)` or `session.query(T).filter(…).all()`."""
    call = effect.value
    if effect.kind != "call" or not isinstance(call, Application) or not isinstance(call.function, Member):
        return None
    value, direct = call.function.of, True
    for _ in range(_CHAIN):
        found = session_of(value)
        if found is not None:
            return SessionCall(found, called_name(call), direct)
        if not isinstance(value, Application) or not isinstance(value.function, Member):
            return None
        value, direct = value.function.of, False
    return None
