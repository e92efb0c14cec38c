"""Pydantic's alias generators, read in 2.14: importing one there imports all of Pydantic."""

from __future__ import annotations

import re
from collections.abc import Callable


def to_pascal(name: str) -> str:
    """`first_name` as `FirstName`."""
    return re.sub("([0-9A-Za-z])_(?=[0-9A-Z])", lambda found: found.group(1), name.title())


def to_camel(name: str) -> str:
    """`first_name` as `firstName`."""
    if re.match("^[a-z]+[A-Za-z0-9]*$", name) and not re.search(r"\d[a-z]", name):
        return name
    return re.sub("(^_*[A-Z])", lambda found: found.group(1).lower(), to_pascal(name))


def to_snake(name: str) -> str:
    """`firstName` as `first_name`."""
    for pattern in ("([A-Z]+)([A-Z][a-z])", "([a-z])([A-Z])", "([0-9])([A-Z])", "([a-z])([0-9])"):
        name = re.sub(pattern, r"\1_\2", name)
    return name.replace("-", "_").lower()


GENERATORS: dict[str, Callable[[str], str]] = {
    "to_camel": to_camel,
    "to_pascal": to_pascal,
    "to_snake": to_snake,
}
