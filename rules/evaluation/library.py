"""Calls of library functions whose result can be computed; all others become terms."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import structs

from rules.evaluation.operators import truth
from rules.evaluation.patterns import compute
from rules.evaluation.run import Run
from rules.evaluation.targets import set_attribute
from rules.evaluation.values import (
    Arguments,
    Const,
    Dictionary,
    External,
    FunctionValue,
    Instance,
    Origin,
    Sequence,
    Unknown,
    Value,
)

Known = Callable[[Run, Arguments, Origin], Value | None]
_TRANSPARENT = frozenset(
    {
        "functools.lru_cache", "functools.cache", "functools.cached_property", "contextlib.contextmanager",
        "contextlib.asynccontextmanager", "typing.final", "typing.overload", "typing.no_type_check",
        "builtins.property", "builtins.staticmethod", "builtins.classmethod", "abc.abstractmethod",
        "pydantic.computed_field", "typing_extensions.override", "typing.override",
    }
)  # fmt: skip
_KINDS = {
    "builtins.property": "property",
    "functools.cached_property": "property",
    "pydantic.computed_field": "property",
    "builtins.staticmethod": "staticmethod",
    "builtins.classmethod": "classmethod",
}


def call(run: Run, function: External, arguments: Arguments, origin: Origin) -> Value:
    """`function(arguments)`."""
    known = _TABLE.get(function.name)
    if known is not None:
        result = known(run, arguments, origin)
        if result is not None:
            return result
    if function.name in _TRANSPARENT and arguments.positional:
        return decorated(function.name, arguments.positional[0])
    return run.opaque_call(function, arguments, origin)


def decorated(decorator: str, target: Value) -> Value:
    """A function under a decorator that leaves it what it was, or makes it a property or class method."""
    if isinstance(target, FunctionValue) and decorator in _KINDS:
        return structs.replace(target, kind=_KINDS[decorator])
    return target


def _first(arguments: Arguments) -> Value | None:
    return arguments.positional[0] if arguments.positional else None


def _text(run: Run, arguments: Arguments, origin: Origin) -> Value | None:
    value = _first(arguments)
    if isinstance(value, Instance) and "value" in value.attributes:
        value = value.attributes["value"]
    return Const(str(value.value), value.configurable) if isinstance(value, Const) else None


def _integer(run: Run, arguments: Arguments, origin: Origin) -> Value | None:
    value = _first(arguments)
    if isinstance(value, Const) and isinstance(value.value, int | str) and len(arguments.positional) == 1:
        try:
            return Const(int(value.value), value.configurable)
        except ValueError:
            return None
    return None


def _boolean(run: Run, arguments: Arguments, origin: Origin) -> Value | None:
    value = _first(arguments)
    known = truth(value) if value is not None else False
    return None if known is None else Const(known)


def _copy_of(kind: str) -> Known:
    def build(run: Run, arguments: Arguments, origin: Origin) -> Value | None:
        value = _first(arguments)
        if value is None or isinstance(value, Sequence):
            result = Sequence(kind, list(value.items) if value else [], value.is_open if value else False)
            run.own(result)
            return result
        return None

    return build


def _dictionary(run: Run, arguments: Arguments, origin: Origin) -> Value | None:
    value = _first(arguments)
    if value is not None and not isinstance(value, Dictionary):
        return None
    items = list(value.items) if value else []
    items += [(Const(k), v) for k, v in arguments.keywords.items()]
    result = Dictionary(items, arguments.is_open or (value.is_open if value else False))
    run.own(result)
    return result


def _length(run: Run, arguments: Arguments, origin: Origin) -> Value | None:
    value = _first(arguments)
    if isinstance(value, Const) and isinstance(value.value, str | bytes):
        return Const(len(value.value), value.configurable)
    return Const(len(value.items)) if isinstance(value, Sequence | Dictionary) and not value.is_open else None


def _range(run: Run, arguments: Arguments, origin: Origin) -> Value | None:
    bounds = [v.value for v in arguments.positional if isinstance(v, Const) and isinstance(v.value, int)]
    if not bounds or len(bounds) != len(arguments.positional) or len(range(*bounds)) > 1000:
        return None
    return Sequence("list", [Const(i) for i in range(*bounds)])


def _enumerate(run: Run, arguments: Arguments, origin: Origin) -> Value | None:
    value = _first(arguments)
    if not isinstance(value, Sequence):
        return None
    return Sequence(
        "list", [Sequence("tuple", [Const(i), v]) for i, v in enumerate(value.items)], value.is_open
    )


def _zip(run: Run, arguments: Arguments, origin: Origin) -> Value | None:
    columns = [v for v in arguments.positional if isinstance(v, Sequence)]
    if len(columns) != len(arguments.positional):
        return None
    rows = zip(*(c.items for c in columns), strict=False)
    return Sequence("list", [Sequence("tuple", list(row)) for row in rows], any(c.is_open for c in columns))


def _getattr(run: Run, arguments: Arguments, origin: Origin) -> Value | None:
    if len(arguments.positional) < 2:
        return None
    owner, name = arguments.positional[:2]
    if not isinstance(name, Const) or not isinstance(name.value, str):
        return None
    found = run.attribute(run, owner, name.value, origin)
    if isinstance(found, Unknown) and len(arguments.positional) > 2:
        return arguments.positional[2]
    return found


def _setattr(run: Run, arguments: Arguments, origin: Origin) -> Value | None:
    if len(arguments.positional) != 3:
        return None
    owner, name, value = arguments.positional
    if isinstance(name, Const) and isinstance(name.value, str):
        set_attribute(run, owner, name.value, value, origin)
    else:
        run.log("set", value, origin, owner, "*")
    return Const(None)


def _environment(run: Run, arguments: Arguments, origin: Origin) -> Value | None:
    default = arguments.get(1, "default")
    if isinstance(default, Const) and default.value is not None:
        return Const(default.value, configurable=True)
    return None


def _second(run: Run, arguments: Arguments, origin: Origin) -> Value | None:
    return arguments.get(1, "val")


def _same(run: Run, arguments: Arguments, origin: Origin) -> Value | None:
    value = _first(arguments)
    return value if isinstance(value, Sequence) else None


def _import_module(run: Run, arguments: Arguments, origin: Origin) -> Value | None:
    name = _first(arguments)
    package = arguments.get(1, "package")
    if not isinstance(name, Const) or not isinstance(name.value, str) or arguments.is_open:
        return None
    dotted = name.value
    relative = dotted.startswith(".")
    if relative and isinstance(package, Const) and isinstance(package.value, str):
        dotted = f"{package.value}{dotted}"
    return run.import_named(origin.module, dotted)


def _regular(name: str) -> Known:
    return lambda _run, arguments, _origin: compute(name, arguments)


_TABLE: dict[str, Known] = {
    "builtins.str": _text, "builtins.int": _integer, "builtins.bool": _boolean,
    "builtins.list": _copy_of("list"), "builtins.tuple": _copy_of("tuple"),
    "builtins.set": _copy_of("set"), "builtins.dict": _dictionary, "builtins.len": _length,
    "builtins.range": _range, "builtins.enumerate": _enumerate, "builtins.zip": _zip,
    "builtins.getattr": _getattr, "builtins.setattr": _setattr, "builtins.sorted": _same,
    "builtins.reversed": _same, "os.getenv": _environment, "os.environ.get": _environment,
    "decouple.config": _environment, "typing.cast": _second, "importlib.import_module": _import_module,
    "re.sub": _regular("sub"), "re.split": _regular("split"), "re.findall": _regular("findall"),
}  # fmt: skip
