"""Which kind of class a type is to Pydantic."""

from __future__ import annotations

from rules.evaluation.attributes import find_in_class
from rules.evaluation.values import Application, ClassValue, Value
from rules.project.routing.framework import base_classes, dotted, split
from rules.project.schema.schemas import is_model

_KNOWN_BASES = frozenset(
    {"pydantic", "sqlmodel", "typing", "typing_extensions", "builtins", "abc", "pydantic_settings", "enum"}
)
_HOOKS = ("__get_pydantic_json_schema__", "__get_pydantic_core_schema__")


def is_root_model(value: Value) -> bool:
    """Whether a class is `RootModel` or derives from it."""
    return any(split(name)[1] == "RootModel" for name in base_classes(value))


def is_typed_dict(cls: ClassValue) -> bool:
    """Whether a class is a typed dict."""
    return any(split(name)[1] == "TypedDict" for name in cls.externals())


def is_named_tuple(cls: ClassValue) -> bool:
    """Whether a class is a named tuple."""
    return any(split(name)[1] == "NamedTuple" for name in cls.externals())


def is_dataclass(cls: ClassValue) -> bool:
    """Whether a class, or one it derives from, is a dataclass."""
    bases = [base for base in cls.linearized() if isinstance(base, ClassValue)]
    found = [d.decorator for base in bases for d in base.decorations]
    made = [d.function if isinstance(d, Application) else d for d in found]
    return any(split(dotted(decorator))[1] == "dataclass" for decorator in made)


def is_described_class(cls: ClassValue) -> bool:
    """Whether Pydantic describes a class by its fields; so it is for one that derives from a library's."""
    own = is_model(cls) or is_typed_dict(cls) or is_dataclass(cls) or is_named_tuple(cls)
    return own or cls.has_unknown_base() or any(split(n)[0] not in _KNOWN_BASES for n in cls.externals())


def is_wholly_known(cls: ClassValue) -> bool:
    """Whether nothing but the fields that can be read decides on the schema of a class."""
    libraries = {split(name)[0] for name in cls.externals()}
    hooked = any(find_in_class(cls, hook) is not None for hook in _HOOKS)
    return libraries <= _KNOWN_BASES and not hooked and not cls.has_unknown_base()
