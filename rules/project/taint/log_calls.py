"""Calls that write a log: the standard library, loguru, structlog, and `print`."""

from __future__ import annotations

from rules.evaluation.values import Application, External, Instance, Member, Symbol, Value
from rules.project.taint.library_calls import LibraryCall

LEVELS = frozenset(
    {
        "debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log", "trace",
        "success",
        "adebug", "ainfo", "awarning", "aerror", "aexception", "acritical", "msg", "bind", "contextualize",
    }
)  # fmt: skip
_LIBRARIES = frozenset(
    {
        "logging",
        "loguru",
        "structlog",
        "uvicorn",
        "logbook",
        "picologging",
        "eliot",
        "rich",
        "icecream",
        "pprint",
    }
)
_PRINTS = frozenset(
    {"builtins.print", "pprint.pprint", "rich.print", "sys.stdout.write", "sys.stderr.write", "icecream.ic"}
)
_QUIET = frozenset({"debug", "trace", "adebug"})


def writes_log(call: LibraryCall) -> bool:
    """Whether a call writes its arguments to a log."""
    if call.name in _PRINTS:
        return True
    if call.method not in LEVELS:
        return False
    return call.library in _LIBRARIES or _is_logger_by_name(call.receiver)


def _is_logger_by_name(receiver: Value | None) -> bool:
    """Whether something that could not be resolved is called a logger."""
    match receiver:
        case Member(name=name) | Symbol(name=name):
            return name.lower().endswith(("logger", "log"))
        case Application(function=External(name=name)):
            return "logger" in name.lower()
        case Instance(cls=cls):
            return "logger" in cls.qualname.lower()
        case _:
            return False


def is_quiet(call: LibraryCall) -> bool:
    """Whether a log is only written where someone asks for details."""
    return call.method in _QUIET


def logged_values(call: LibraryCall) -> list[tuple[str, Value]]:
    """What a call writes, with the keyword that names it."""
    named = [
        (name, v)
        for name, v in call.arguments.keywords.items()
        if name not in {"exc_info", "stack_info", "stacklevel"}
    ]
    return [*(("", v) for v in call.arguments.positional), *named]
