"""The named schemas of a document, and the names that Pydantic gives them.

Every type is first defined under a name of its own (`pkg__module__Item-Input__1`) and then takes the shortest
one that no different schema wants: `Item`, `Item-Input`, `pkg__module__Item`, … (read in
`pydantic.json_schema._DefinitionsRemapping` of Pydantic 2.14).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import msgspec

from rules.project.openapi.json_values import Json, Schema

Mode: TypeAlias = Literal["validation", "serialization"]
PREFIX = "#/components/schemas/"
_MODES: dict[Mode, str] = {"validation": "Input", "serialization": "Output"}
_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type as Pydantic names it: its module, and its qualified name with its arguments."""

    module: str
    name: str

    @property
    def short(self) -> str:
        """The name without what stands before the last dot of each of its parts."""
        parts = re.split(r"([\][,])", f"{self.module}.{self.name}")
        return _normalized("".join(re.sub(r"(?:[^.[\]]+\.)+((?:[^.[\]]+))", r"\1", part) for part in parts))

    @property
    def long(self) -> str:
        """The name with its module."""
        return _normalized(f"{self.module}.{self.name}")


class Components:
    """Collects definitions while a document is made, and names them at its end."""

    def __init__(self) -> None:
        self._definitions: dict[str, Schema] = {}
        self._choices: dict[str, tuple[str, ...]] = {}
        self._keys: dict[tuple[object, Mode], str] = {}
        self._occurrences: dict[object, int] = {}
        self._counter: Counter[str] = Counter()

    def reference(self, identity: object, name: TypeName, mode: Mode, build: Callable[[], Schema]) -> Schema:
        """A reference to a type's definition, which is built when it is first asked for."""
        key = self._keys.get((identity, mode))
        if key is None:
            key = self._keys[identity, mode] = self._define(identity, name, mode)
            self._definitions[key] = build()
        return {"$ref": PREFIX + key}

    def definition(self, reference: Schema) -> Schema:
        """What a reference leads to; empty while it is being built."""
        return self._definitions.get(str(reference.get("$ref", "")).removeprefix(PREFIX), {})

    def _define(self, identity: object, name: TypeName, mode: Mode) -> str:
        if identity not in self._occurrences:
            self._counter[name.long] += 1
            self._occurrences[identity] = self._counter[name.long]
        occurrence, title = self._occurrences[identity], _MODES[mode]
        choices = (
            name.short,
            f"{name.short}-{title}",
            name.long,
            f"{name.long}-{title}",
            f"{name.long}__{occurrence}",
            f"{name.long}-{title}__{occurrence}",
        )
        self._choices[choices[-1]] = choices
        return choices[-1]

    def named(self) -> tuple[dict[str, Schema], dict[str, str]]:
        """The definitions by their final names, and the final reference for each that was given out."""
        schemas, renames = self._definitions, {key: key for key in self._definitions}
        for _ in range(_ROUNDS):
            found = self._shortest(schemas)
            references = {
                PREFIX + choice: PREFIX + name
                for key, name in found.items()
                for choice in self._choices[key][self._choices[key].index(name) :]
            }
            remapped = {key: remap(schema, references) for key, schema in schemas.items()}
            changed = remapped != schemas
            schemas, renames = remapped, found
            if not changed:
                break
        by_name = {renames[key]: schema for key, schema in schemas.items()}
        final = {PREFIX + key: PREFIX + name for key, name in renames.items()}
        return {name: by_name[name] for name in sorted(by_name)}, final

    def _shortest(self, schemas: dict[str, Schema]) -> dict[str, str]:
        wanted: dict[str, set[bytes]] = {}
        for key, schema in schemas.items():
            spelled = msgspec.json.encode(schema, order="deterministic")
            for choice in self._choices[key]:
                wanted.setdefault(choice, set()).add(spelled)
        return {key: next(c for c in self._choices[key] if len(wanted[c]) == 1) for key in schemas}


def remap(value: Json, references: dict[str, str]) -> Json:
    """A part of a document with its references replaced."""
    if isinstance(value, dict):
        return {key: remap(part, references) for key, part in value.items()}
    if isinstance(value, list):
        return [remap(part, references) for part in value]
    return references.get(value, value) if isinstance(value, str) else value


def _normalized(name: str) -> str:
    return re.sub(r"[^a-zA-Z0-9.\-_]", "_", name).replace(".", "__")
