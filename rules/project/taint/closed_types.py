"""Types whose values cannot hold an attack once FastAPI or Pydantic validated them."""

from __future__ import annotations

import re

from rules.evaluation.values import Application, ClassValue, Const, Parametrized, Value
from rules.project.annotations import class_of, external_name, generic_name, shape
from rules.project.schema.schemas import is_model

_CLOSED = frozenset(
    {
        "int", "float", "bool", "complex", "UUID", "UUID1", "UUID3", "UUID4", "UUID5", "UUID6", "UUID7",
        "date",
        "datetime", "time", "timedelta", "Decimal", "PositiveInt", "NegativeInt", "NonNegativeInt",
        "NonPositiveInt", "PositiveFloat", "NonNegativeFloat", "NegativeFloat", "StrictInt", "StrictFloat",
        "StrictBool", "conint", "confloat", "condecimal", "IPvAnyAddress", "IPvAnyNetwork", "IPv4Address",
        "IPv6Address", "IPv4Network", "IPv6Network", "ObjectId", "PydanticObjectId", "ULID", "FutureDate",
        "PastDate", "FutureDatetime", "PastDatetime", "AwareDatetime", "NaiveDatetime", "NoneType",
        "ByteSize",
        "Color", "PhoneNumber", "CountryAlpha2", "PaymentCardNumber",
    }
)  # fmt: skip
_ENUMS = ("Enum", "Flag")
_OPEN_PATTERN = re.compile(r"(?<!\\)\.|\[\^|\\[SWD]|<|>|'|\"|;|/|\\s")
_MAX_DEPTH = 6


def is_closed(annotation: Value | None, depth: int = 0) -> bool:
    """Whether every value of a type is a number, a date, an identifier or one of a fixed set."""
    if annotation is None or depth > _MAX_DEPTH:
        return False
    found = shape(annotation)
    base = found.base
    if any(is_closed_pattern(_pattern(item)) for item in (*found.metadata, base)):
        return True
    if isinstance(base, Const):
        return base.value is None
    name = generic_name(base)
    if name == "Literal":
        return True
    if name and isinstance(base, Parametrized):
        return bool(base.arguments) and all(is_closed(a, depth + 1) for a in base.arguments)
    cls = class_of(base)
    if cls is not None:
        return any(n.rpartition(".")[2].endswith(_ENUMS) for n in cls.externals())
    called = base.function if isinstance(base, Application) else base
    return external_name(called) in _CLOSED


def model_of(annotation: Value | None) -> ClassValue | None:
    """The project's model that an annotation names, alone or as the only member of a union with None."""
    cls = class_of(shape(annotation).base) if annotation is not None else None
    return cls if cls is not None and is_model(cls) else None


def element_of(annotation: Value | None) -> Value | None:
    """What the elements of a list, set or tuple are; the values of a dict."""
    base = shape(annotation).base if annotation is not None else None
    return base.arguments[-1] if isinstance(base, Parametrized) and base.arguments else None


def is_closed_pattern(pattern: str) -> bool:
    """Whether a regular expression lets nothing through but words: anchored, with no wildcard or quote."""
    anchored = pattern.startswith(("^", r"\A")) and pattern.endswith(("$", r"\Z", r"\z"))
    return anchored and _OPEN_PATTERN.search(pattern.replace(r"\.", "")) is None


def _pattern(value: Value) -> str:
    if not isinstance(value, Application):
        return ""
    for name in ("pattern", "regex"):
        given = value.arguments.keywords.get(name)
        if isinstance(given, Const) and isinstance(given.value, str):
            return given.value
    return ""
