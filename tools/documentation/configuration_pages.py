"""`docs/configuration.md` and the published JSON Schema, from `rules.configuration.options`."""

from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec
import yaml
from msgspec import inspect

from rules.configuration import Options
from rules.configuration.schema import json_schema
from tools.documentation.page import Page, cell, written

SCHEMA_NAME = "backend-architect.schema.json"

INTRODUCTION = f"""\
A repository may carry `.github/backend-architect.yml`, or `[tool.backend-architect]` in its `pyproject.toml`,
with the same keys. All are optional. The gate reads the configuration from the base commit, so a pull request
cannot loosen the gate that judges it. An unknown key or a wrong value is an error that names file, line and
remedy. Editors can check the file against [{SCHEMA_NAME}]({SCHEMA_NAME})."""

INLINE = """\
## In the code

`# architect: ignore[BA305] reason` on the line of a finding accepts it. The reason is required: it is the
documentation of the exception. An ignore that matches nothing is reported."""


def configuration_pages() -> tuple[Page, Page]:
    """Return the page for people and the schema for programs."""
    schema = json.dumps(json_schema(), indent=2) + "\n"
    options = inspect.type_info(Options)
    assert isinstance(options, inspect.StructType)
    keys = "\n\n".join(_key(field) for field in options.fields)
    text = written(
        "Configuration", "`rules/configuration/options.py`", INTRODUCTION, f"## Keys\n\n{keys}", INLINE
    )
    return Page("configuration.md", text), Page(SCHEMA_NAME, schema)


def _key(field: inspect.Field) -> str:
    lines = [f"### `{field.encode_name}`", "", _described(field.type)["description"], ""]
    lines.append(f"{_allowed(field.type)}Default: {_default(field)}.")
    table = _fields_of_table(field.type)
    if table is not None:
        lines.extend(["", "| key | meaning |", "|---|---|"])
        lines.extend(
            f"| `{inner.encode_name}` | {cell(_described(inner.type)['description'])} |"
            for inner in table.fields
        )
    lines.extend(_example(field))
    return "\n".join(lines)


def _example(field: inspect.Field) -> Iterator[str]:
    for example in _described(field.type).get("examples", ()):
        written_example = yaml.safe_dump({field.encode_name: example}, default_flow_style=None, width=100)
        yield from ("", "```yaml", written_example.rstrip(), "```")


def _described(kind: inspect.Type) -> dict[str, str]:
    return dict(kind.extra_json_schema or {}) if isinstance(kind, inspect.Metadata) else {}


def _allowed(kind: inspect.Type) -> str:
    match kind:
        case inspect.Metadata(type=inner):
            return _allowed(inner)
        case inspect.UnionType(types=types):
            return "".join(map(_allowed, types))
        case inspect.EnumType(cls=enumeration):
            return f"One of {', '.join(f'`{member.value}`' for member in enumeration)}. "
    return ""


def _default(field: inspect.Field) -> str:
    value = msgspec.to_builtins(field.default) if field.default is not msgspec.NODEFAULT else None
    return f"`{value}`" if value else "none"


def _fields_of_table(kind: inspect.Type) -> inspect.StructType | None:
    match kind:
        case inspect.Metadata(type=inner):
            return _fields_of_table(inner)
        case inspect.VarTupleType(item_type=inner):
            return _fields_of_table(inner)
        case inspect.StructType():
            return kind
    return None
