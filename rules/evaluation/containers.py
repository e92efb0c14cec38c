"""Methods of known strings, lists and dicts."""

from __future__ import annotations

from rules.evaluation.run import Run
from rules.evaluation.values import (
    Alternative,
    Application,
    Arguments,
    Choice,
    Const,
    Dictionary,
    Member,
    Origin,
    Sequence,
    Symbol,
    Unknown,
    Value,
    alternatives,
)

_TEXT_METHODS = frozenset(
    (
        "capitalize",
        "casefold",
        "endswith",
        "lower",
        "lstrip",
        "removeprefix",
        "removesuffix",
        "replace",
        "rstrip",
        "startswith",
        "strip",
        "title",
        "upper",
        "split",
        "rsplit",
        "partition",
        "rpartition",
        "isdigit",
        "isupper",
        "islower",
        "swapcase",
        "zfill",
    )
)
_MAX_TEXT = 10_000


def method(
    run: Run, owner: Const | Sequence | Dictionary, name: str, arguments: Arguments, origin: Origin
) -> Value:
    """`owner.name(arguments)`; a term where it cannot be computed."""
    found: Value | None
    if isinstance(owner, Const):
        found = _of_text(owner, name, arguments)
    elif isinstance(owner, Sequence):
        found = _of_sequence(run, owner, name, arguments)
    else:
        found = _of_dictionary(run, owner, name, arguments)
    if found is not None:
        return found
    result = Application(Member(owner, name, origin), arguments, origin)
    run.own(result)
    run.log("call", result, origin)
    return result


def _of_text(owner: Const, name: str, arguments: Arguments) -> Value | None:
    text = owner.value
    if not isinstance(text, str):
        return None
    if name == "join" and arguments.positional and isinstance(arguments.positional[0], Sequence):
        parts = arguments.positional[0]
        if not parts.is_open and all(isinstance(p, Const) and isinstance(p.value, str) for p in parts.items):
            return Const(
                text.join(str(p.value) for p in parts.items if isinstance(p, Const)), owner.configurable
            )
        return None
    values = [*arguments.positional, *arguments.keywords.values()]
    if arguments.is_open or not all(isinstance(v, Const) for v in values) or len(text) > _MAX_TEXT:
        return None
    positional = [v.value for v in arguments.positional if isinstance(v, Const)]
    keywords = {k: v.value for k, v in arguments.keywords.items() if isinstance(v, Const)}
    try:
        if name == "format" and "{" in text and not any(c in text for c in "[.:"):
            return Const(text.format(*positional, **keywords), owner.configurable)
        if name in _TEXT_METHODS:
            return _wrapped(getattr(text, name)(*positional, **keywords), owner)
    except (TypeError, ValueError, LookupError, AttributeError):
        return Unknown(f"str.{name}")
    return None


def _wrapped(result: object, owner: Const) -> Value | None:
    if isinstance(result, str | bool | int):
        return Const(result, owner.configurable)
    if isinstance(result, list | tuple):
        items: list[Value] = [Const(str(part), owner.configurable) for part in result]
        return Sequence("list" if isinstance(result, list) else "tuple", items)
    return None


def _conditional(run: Run, value: Value) -> Value:
    """In a symbolic run what is added on one path alone is in the list only under that path's conditions."""
    if run.owned is None or isinstance(value, Sequence):
        return value
    assumed = tuple(c for c in run.conditions if not (isinstance(c.test, Symbol) and c.test.role == "each"))
    if not assumed:
        return value
    return Choice(tuple(Alternative(a.value, assumed + a.conditions) for a in alternatives(value)))


def _of_sequence(run: Run, owner: Sequence, name: str, arguments: Arguments) -> Value | None:
    if name in ("append", "add", "insert", "extend", "update") and arguments.positional:
        if not run.may_change(owner):
            return Const(None)
        last = _conditional(run, arguments.positional[-1])
        if name in ("append", "add"):
            owner.items.append(last)
        elif name == "insert":
            owner.items.insert(0, last)
        elif isinstance(last, Sequence):
            owner.items.extend(last.items)
            owner.is_open = owner.is_open or last.is_open
        else:
            owner.is_open = True
        return Const(None)
    if name == "copy":
        copied = Sequence(owner.kind, list(owner.items), owner.is_open)
        run.own(copied)
        return copied
    return None


def _of_dictionary(run: Run, owner: Dictionary, name: str, arguments: Arguments) -> Value | None:
    if name in ("items", "keys", "values"):
        items: list[Value] = [
            Sequence("tuple", [k, v]) if name == "items" else (k if name == "keys" else v)
            for k, v in owner.items
        ]
        return Sequence("list", items, owner.is_open)
    if name in ("get", "pop", "setdefault") and arguments.positional:
        key = arguments.positional[0]
        found = owner.get(key.value) if isinstance(key, Const) else None
        if found is None and not owner.is_open and isinstance(key, Const):
            return arguments.positional[1] if len(arguments.positional) > 1 else Const(None)
        return found
    if name == "update" and run.may_change(owner):
        for value in arguments.positional:
            if isinstance(value, Dictionary):
                owner.items.extend(value.items)
            owner.is_open = owner.is_open or not isinstance(value, Dictionary) or value.is_open
        owner.items.extend((Const(k), v) for k, v in arguments.keywords.items())
        return Const(None)
    if name == "copy":
        copied = Dictionary(list(owner.items), owner.is_open)
        run.own(copied)
        return copied
    return None
