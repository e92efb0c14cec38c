"""What FastAPI makes of a parameter: where its value comes from in the request."""

from __future__ import annotations

from dataclasses import dataclass

from rules.evaluation.values import (
    Application,
    ClassValue,
    Const,
    External,
    Origin,
    Parametrized,
    Value,
    alternatives,
)
from rules.project.annotations import shape
from rules.project.routing.framework import (
    FRAMEWORK,
    base_classes,
    called,
    dotted,
    is_depends,
    library_classes,
    split,
)
from rules.project.routing.readings import text
from rules.project.routing.signatures import SignatureParameter

_SPECIAL = (
    "Request", "WebSocket", "HTTPConnection", "Response", "BackgroundTasks", "SecurityScopes",
)  # fmt: skip
_MARKERS = {
    "Path": "path", "Query": "query", "Header": "header", "Cookie": "cookie", "Body": "body", "Form": "form",
    "File": "file",
}  # fmt: skip
_COMPLEX_CLASSES = frozenset(
    {"BaseModel", "SQLModel", "RootModel", "GenericModel", "TypedDict", "BaseSettings"}
)
_COMPLEX_GENERICS = frozenset(
    {
        "list", "dict", "set", "frozenset", "tuple", "deque", "List", "Dict", "Set", "FrozenSet", "Tuple",
        "Deque", "Sequence", "Mapping", "MutableMapping", "MutableSequence", "Iterable", "Collection",
        "DefaultDict", "OrderedDict",
    }
)  # fmt: skip
_SEQUENCES = frozenset(
    {
        "list", "set", "frozenset", "tuple", "deque", "List", "Set", "FrozenSet", "Tuple", "Deque",
        "Sequence",
    }
)  # fmt: skip
"""Those of files are files; without a type of their items, too (`is_uploadfile_sequence_annotation`)."""
_SCALARS = frozenset(
    {
        "str", "int", "float", "bool", "bytes", "UUID", "UUID4", "date", "datetime", "time", "timedelta",
        "Decimal", "Enum", "Any", "EmailStr", "HttpUrl", "AnyUrl", "PositiveInt", "NonNegativeInt",
        "PositiveFloat", "constr", "conint", "Literal", "Path", "object",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parameter:
    """A request parameter.

    `location` is `path`, `query`, `header`, `cookie`, `body`, `form`, `file`, or `unknown`; `alias` its name
    in the request; `required` whether the request must carry it; `pattern` the regular expression that a
    `Query(…)` or another marker asks for; `marker` that call itself.
    """

    name: str
    alias: str
    location: str
    annotation: Value | None
    default: Value | None
    required: bool
    origin: Origin | None
    pattern: str = ""
    marker: Application | None = None


def depends_of(parameter: SignatureParameter) -> tuple[Value, Value] | None:
    """The `Depends` of a parameter and the type beside it; the last one in `Annotated`, or the default."""
    found = shape(parameter.annotation) if parameter.annotation is not None else None
    annotated = [m for m in found.metadata if _any_depends(m)] if found is not None else []
    base = found.base if found is not None else External("typing.Any")
    if parameter.default is not None and _any_depends(parameter.default):
        return parameter.default, base
    return (annotated[-1], base) if annotated else None


def _any_depends(value: Value) -> bool:
    return any(is_depends(a.value) for a in alternatives(value))


def special(parameter: SignatureParameter) -> str | None:
    """`Request`, `Response`, … where FastAPI passes something of its own."""
    if parameter.annotation is None:
        return None
    for name in base_classes(shape(parameter.annotation).base):
        top, last = split(name)
        if top in FRAMEWORK and (last in _SPECIAL or last.endswith("Response")):
            return "Response" if last.endswith("Response") else last
    return None


def parameter_of(parameter: SignatureParameter, path_names: frozenset[str]) -> Parameter:
    """The request parameter, located by FastAPI's rules (fastapi.dependencies.utils.analyze_param)."""
    found = shape(parameter.annotation) if parameter.annotation is not None else None
    markers = [m for m in found.metadata if _marker(m)] if found is not None else []
    marker = parameter.default if _marker(parameter.default) else (markers[-1] if markers else None)
    in_default = marker is parameter.default
    default = _default(marker) if in_default else parameter.default
    location = _location(parameter, marker, found.base if found is not None else None, path_names)
    alias = text(marker.arguments.keywords.get("alias")) if isinstance(marker, Application) else text(None)
    name = parameter.name.replace("_", "-") if location == "header" else parameter.name
    return Parameter(
        name=parameter.name,
        alias=alias.text or name,
        location=location,
        annotation=parameter.annotation,
        default=default,
        required=location == "path" or (default is None and not parameter.variadic),
        origin=parameter.origin,
        pattern=_pattern(marker),
        marker=marker if isinstance(marker, Application) else None,
    )


def _pattern(marker: Value | None) -> str:
    keywords = marker.arguments.keywords if isinstance(marker, Application) else {}
    return text(keywords.get("pattern") or keywords.get("regex")).text


def _marker(value: Value | None) -> str:
    if not called(value, *_MARKERS):
        return ""
    last = [split(name)[1] for name in library_classes(value) if split(name)[1] in _MARKERS]
    return _MARKERS[last[0]] if last else ""


def _default(marker: Value | None) -> Value | None:
    if not isinstance(marker, Application):
        return None
    given = marker.arguments.get(0, "default") or marker.arguments.keywords.get("default_factory")
    return None if dotted(given) == "builtins.Ellipsis" else given


def _location(
    parameter: SignatureParameter, marker: Value | None, base: Value | None, path_names: frozenset[str]
) -> str:
    if parameter.name in path_names:
        return "path"
    if marker is not None:
        return _marker(marker)
    if parameter.form:
        return "form"
    complexity = "scalar" if base is None else _complexity(base, 0)
    return {"scalar": "query", "complex": "body", "file": "file"}.get(complexity, "unknown")


def _complexity(value: Value, depth: int) -> str:
    """`scalar`, `complex`, `file`, or `unknown`, as `field_annotation_is_scalar` would say."""
    if depth > 8:
        return "unknown"
    inner = value.base if isinstance(value, Parametrized) else value
    name = split(dotted(inner))[1]
    if name == "UploadFile":
        return "file"
    if isinstance(value, Parametrized) and name in {"Union", "UnionType", "Optional", "Annotated"}:
        members = value.arguments[:1] if name == "Annotated" else value.arguments
        found = [_complexity(member, depth + 1) for member in members]
        return next((kind for kind in ("file", "complex", "unknown") if kind in found), "scalar")
    if isinstance(inner, ClassValue):
        return _class_complexity(inner)
    if name in _COMPLEX_GENERICS:
        items = value.arguments if isinstance(value, Parametrized) else []
        files = name in _SEQUENCES and all(_complexity(item, depth + 1) == "file" for item in items)
        return "file" if files else "complex"
    if isinstance(value, Const) or name in _SCALARS or dotted(inner).startswith("builtins."):
        return "scalar"
    return "unknown"


def _class_complexity(cls: ClassValue) -> str:
    names = {split(name)[1] for name in cls.externals()}
    decorated = any(
        split(dotted(d.decorator.function if isinstance(d.decorator, Application) else d.decorator))[1]
        == "dataclass"
        for d in cls.decorations
    )
    if decorated or names & (_COMPLEX_CLASSES | _COMPLEX_GENERICS):
        return "complex"
    return "unknown" if cls.has_unknown_base() else "scalar"
