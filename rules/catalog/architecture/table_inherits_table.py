"""A table model subclasses a table model and so gets no table.

## What
A SQLModel class with `table=True` has a base class that says `table=True` too.

## Why
SQLModel maps only the topmost table class of a hierarchy. The subclass gets no table and no columns: its own
fields are silently not stored, queries of it read the parent's table, and creating an instance fails.

## Bad
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class Person(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str


class Employee(Person, table=True):  # finding
    salary: int


app = FastAPI()
```

## Good
```python
# app/main.py
from fastapi import FastAPI
from sqlmodel import Field, SQLModel


class PersonBase(SQLModel):
    name: str


class Person(PersonBase, table=True):
    id: int | None = Field(default=None, primary_key=True)


class Employee(PersonBase, table=True):
    id: int | None = Field(default=None, primary_key=True)
    salary: int


app = FastAPI()
```

## Fix
Move the shared fields to a base without `table=True`, and derive both tables from it.

## References
- https://sqlmodel.tiangolo.com/tutorial/fastapi/multiple-models/
- https://github.com/fastapi/sqlmodel/blob/main/sqlmodel/main.py
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rules.evaluation.values import ClassValue
from rules.finding import Hit, TrailStep
from rules.project.schema.schemas import classes_of, is_sqlmodel, is_table_class
from rules.project.schema.table_sources import declares_tables
from rules.rule import Rule, Severity

if TYPE_CHECKING:
    from rules.project.project import Project

RULE = Rule(code="BA166", severity=Severity.HIGH)


def check(project: Project) -> Iterator[Hit]:
    """Report each table class with a table class among its bases."""
    counts = declares_tables(project.index, project.options)
    for cls in classes_of(project.machine):
        if not counts(cls.module.path) or not is_table_class(cls) or not is_sqlmodel(cls):
            continue
        parent = _table_base(cls)
        if parent is not None and not _is_polymorphic(cls):
            yield _hit(cls, parent)


def _table_base(cls: ClassValue) -> ClassValue | None:
    bases = (base for base in cls.linearized()[1:] if isinstance(base, ClassValue))
    return next((base for base in bases if is_table_class(base)), None)


def _is_polymorphic(cls: ClassValue) -> bool:
    """Whether the hierarchy is said to be mapped by a discriminator."""
    bases = [base for base in cls.linearized() if isinstance(base, ClassValue)]
    return any("__mapper_args__" in base.attributes for base in bases)


def _hit(cls: ClassValue, parent: ClassValue) -> Hit:
    place, base = cls.module.source.place(cls.node), parent.module.source.place(parent.node)
    fields = [field.name for field in cls.fields if field.annotation is not None and field.name[0] != "_"]
    lost = f", and {', '.join(f'`{name}`' for name in fields)} would never be stored" if fields else ""
    return Hit(
        place=place,
        message=(
            f"`{cls.node.name}` is a table that inherits from the table `{parent.node.name}`: SQLModel gives "
            f"it no table of its own{lost}; move the shared fields to a base without `table=True`."
        ),
        subject=cls.qualname,
        trail=(
            TrailStep(base.path, base.line, f"`{parent.node.name}` is mapped to a table"),
            TrailStep(
                place.path, place.line, f"`{cls.node.name}` inherits from it and says `table=True` again"
            ),
        ),
    )
