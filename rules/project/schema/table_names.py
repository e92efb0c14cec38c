"""Which classes are mapped to tables, and the tables' names, where they are written or computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from rules.evaluation.values import (
    Application,
    Arguments,
    ClassValue,
    Const,
    External,
    FunctionValue,
    Member,
    Origin,
    Value,
)
from rules.project.annotations import called
from rules.project.schema.column_calls import SQL_LIBRARIES, column_call
from rules.project.schema.library_columns import library_table
from rules.project.schema.mapped_types import linear_bases
from rules.project.schema.relationships import relationship_call
from rules.project.schema.schemas import is_model, is_sqlmodel

if TYPE_CHECKING:
    from rules.evaluation.machine import Machine

_BASE_CLASSES = {"DeclarativeBase", "DeclarativeBaseNoMeta", "MappedBase"}
_BASE_CALLS = {"declarative_base", "generate_base", "automap_base"}
_MAPPING_DECORATORS = {"mapped", "mapped_as_dataclass", "as_declarative", "as_declarative_base"}


def is_base(cls: ClassValue) -> bool:
    """Whether the class is itself a declarative base: a root of mapped classes, not one of them."""
    for base in cls.bases:
        if isinstance(base, External) and base.name.rpartition(".")[2] in _BASE_CLASSES:
            return True
    return any(_decorator_name(d.decorator) == "as_declarative" for d in cls.decorations)


def is_declarative(cls: ClassValue) -> bool:
    """Whether SQLAlchemy maps subclasses like this one: by its bases, a decorator, or by what it declares."""
    if is_sqlmodel(cls) or is_model(cls):
        return False
    for base in linear_bases(cls)[1:]:
        if isinstance(base, ClassValue) and is_base(base):
            return True
        if isinstance(base, Application) and _made_base(base):
            return True
        if isinstance(base, External) and base.name.rpartition(".")[2] in _BASE_CLASSES:
            return not is_base(cls)
    if any(_decorator_name(d.decorator) in _MAPPING_DECORATORS for d in cls.decorations):
        return not is_base(cls)
    return _looks_mapped(cls)


def _made_base(base: Application) -> bool:
    if called(base, *SQL_LIBRARIES) in _BASE_CALLS:
        return True
    return isinstance(base.function, Member) and base.function.name == "generate_base"


def _decorator_name(decorator: Value) -> str:
    inner = decorator.function if isinstance(decorator, Application) else decorator
    if isinstance(inner, Member):
        return inner.name
    return inner.name.rpartition(".")[2] if isinstance(inner, External) else ""


def _looks_mapped(cls: ClassValue) -> bool:
    """A class with a table name and columns under a base that could not be resolved."""
    outside = [b for b in linear_bases(cls)[1:] if not isinstance(b, ClassValue)]
    if not outside or not ({"__tablename__", "__table__"} & cls.attributes.keys()):
        return False
    return any(
        column_call(v) is not None or relationship_call(v) is not None for v in cls.attributes.values()
    )


def is_abstract(cls: ClassValue) -> bool:
    """Whether the class's own body says `__abstract__ = True`."""
    value = cls.attributes.get("__abstract__")
    return isinstance(value, Const) and value.value is True


def table_name(machine: Machine, cls: ClassValue, mapped: set[str]) -> Value | None:
    """What `cls.__tablename__` is; None where neither it nor an unmapped base has one."""
    for base in linear_bases(cls):
        if isinstance(base, ClassValue):
            if base is not cls and base.qualified in mapped:
                continue
            value = base.attributes.get("__tablename__")
            if value is not None:
                return _computed(machine, cls, value)
        elif isinstance(base, External):
            known = library_table(base.name)
            if known is not None and known.tablename is not None:
                return Const(known.tablename)
    return None


def _computed(machine: Machine, cls: ClassValue, value: Value) -> Value:
    if isinstance(value, FunctionValue):
        bound = structs.replace(value, bound=None if value.kind == "staticmethod" else cls, kind="function")
        result = machine.trace(bound, Arguments(), Origin(value.module, value.node)).value
        return result if result is not None else value
    return value
